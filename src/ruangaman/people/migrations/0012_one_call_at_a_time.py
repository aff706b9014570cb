"""Who has just opened a number in a file: read from the ledger, so that nobody's telephone rings twice."""

from django.db import migrations

from ruangaman.kernel.roles import APP

OPENED = f"""
-- Whether the asker may read a section of a file, by rank or by a grant that runs.
CREATE FUNCTION door.may_read_section(of_dossier uuid, wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF of_dossier = ANY (door.walled()) THEN RETURN false; END IF;
    RETURN EXISTS (
        SELECT FROM access_dossier d WHERE d.id = of_dossier AND (
            (d.stage || ':' || d.unit_id) = ANY (door.reach(wanted, 'r'))
            OR EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = d.id AND g.section = wanted
                       AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
                       AND (d.stage || ':' || g.principal_id) = ANY (door.granted(wanted, 'r')))));
END $$;
REVOKE ALL ON FUNCTION door.may_read_section(uuid, text) FROM PUBLIC;

-- Who opened a number in a file within the last quarter of an hour, the newest first, and wrote nothing yet of what came
-- of it. Only of sections that the asker may read, and with a name only among those of one organisation: nobody learns
-- from it that there is a contact, or who works elsewhere. Never a history: at most an hour, whatever is asked for.
CREATE FUNCTION door.numbers_opened(of_dossier uuid, since timestamptz, OUT entry uuid, OUT by_id uuid, OUT name text,
    OUT opened_at timestamptz, OUT objects uuid[]) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT e.id, e.actor_id, coalesce((
            SELECT u.name FROM access_user u WHERE u.id = e.actor_id AND EXISTS (
                SELECT FROM access_membership a JOIN access_membership b USING (organisation_id)
                WHERE a.user_id = u.id AND b.user_id = door.person()
                  AND (a.until IS NULL OR a.until > statement_timestamp())
                  AND (b.until IS NULL OR b.until > statement_timestamp()))), ''),
        e.at, e.objects_named
    FROM ledger_entry e
    WHERE e.dossier_id = of_dossier AND e.verb = 'opened' AND 'number' = ANY (e.fields_named)
      AND e.at > greatest(since, statement_timestamp() - interval '1 hour')
      AND ('reporter' = ANY (e.fields_named) AND door.may_read_section(of_dossier, 'reporter')
           OR 'contact' = ANY (e.fields_named) AND door.may_read_section(of_dossier, 'contact'))
      AND NOT EXISTS (
          SELECT FROM ledger_entry o WHERE o.dossier_id = of_dossier AND o.actor_id = e.actor_id
            AND (o.verb IN ('call_tried', 'contact_set', 'outreach_ended')
                 OR o.verb = 'booking_changed' AND 'reminded_at' = ANY (o.fields_named)) AND o.at >= e.at)
    ORDER BY e.at DESC, e.id DESC LIMIT 20 $$;
REVOKE ALL ON FUNCTION door.numbers_opened(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.numbers_opened(uuid, timestamptz) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0011_doubted_contact"),
        ("access", "0005_sections"),
        ("ledger", "0002_order_and_roles"),
    ]
    operations = [
        migrations.RunSQL(
            OPENED,
            "DROP FUNCTION door.numbers_opened(uuid, timestamptz); DROP FUNCTION door.may_read_section(uuid, text)",
        ),
    ]
