"""What the threads of reporters and clients need of the database beyond their tables."""

from django.db import migrations

from ruangaman.kernel.roles import APP

# A client's wish begins a clock, and her ticket sees no file: where all that begins is about wishes of her own, in her
# own dossier, it may. The rest is as clocks/0002 has it.
BEGIN = """
CREATE OR REPLACE FUNCTION door.begin_clocks(of_dossier uuid, begun jsonb) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier; t record; touched integer;
BEGIN
    SELECT * INTO t FROM door.ticket();
    -- Locked against a move to another stage meanwhile: a row carries the stage of its dossier.
    SELECT * INTO d FROM access_dossier WHERE id = of_dossier FOR KEY SHARE;
    IF NOT FOUND OR of_dossier = ANY (door.walled()) THEN RETURN 0; END IF;
    IF NOT coalesce(t.purpose = 'filing' AND t.scope = of_dossier, false){more}
       AND NOT (d.stage || ':' || d.unit_id) = ANY (door.reach('file', 'r'))
       AND NOT EXISTS (SELECT FROM access_grant g
                       WHERE g.dossier_id = of_dossier AND g.section = 'file'
                         AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
                         AND (d.stage || ':' || g.principal_id) = ANY (door.granted('file', 'r'))) THEN
        RETURN 0;
    END IF;
    INSERT INTO clocks_clock (id, dossier_id, unit_id, stage, section, code, definition_id, about, holder_id,
                              started_at, given_at, due_at, fires_at, fired, ending)
    SELECT r.id, d.id, d.unit_id, d.stage, def.section, def.code, def.id, r.about, r.holder,
           r.started, r.given, r.due, r.fires, '{{}}', ''
    FROM jsonb_to_recordset(begun) AS r (id uuid, definition uuid, about uuid, holder uuid, started timestamptz,
                                         given timestamptz, due timestamptz, fires timestamptz)
    JOIN clocks_definition def ON def.id = r.definition AND def.section <> ''
    ORDER BY def.code
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$;
"""
BY_A_WISH = """
       AND NOT coalesce(t.purpose = 'client' AND EXISTS (
               SELECT FROM intake_clientthread c WHERE c.id = t.scope AND c.dossier_id = of_dossier
               AND c.revoked_at IS NULL AND c.locked_at IS NULL AND NOT EXISTS (
                   SELECT FROM jsonb_to_recordset(begun) AS r (definition uuid, about uuid)
                   WHERE NOT EXISTS (SELECT FROM clocks_definition f WHERE f.id = r.definition AND f.starts_on = 'wished')
                      OR NOT EXISTS (SELECT FROM intake_wish w WHERE w.id = r.about AND w.dossier_id = of_dossier
                                     AND w.person_id = c.person_id AND w.answered_at IS NULL))), false)"""
APPOINTMENTS = f"""
-- When a client is awaited next and for what kind of meeting, where she chose to see it: no place, no name, no words. An
-- attempt to reach her is left out: whoever looks over her shoulder must not learn when somebody comes.
CREATE FUNCTION door.client_appointments(OUT starts_at timestamptz, OUT kind text) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT DISTINCT b.starts_at, b.kind::text
    FROM intake_clientthread t
    JOIN people_person me ON me.id = t.person_id
    JOIN people_person p ON p.dossier_id = t.dossier_id AND p.one_id = me.one_id
    JOIN agenda_seat s ON s.person_id = p.id AND s.dossier_id = t.dossier_id AND s.is_live
    JOIN agenda_booking b ON b.id = s.booking_id
    WHERE t.id = door.scope('client') AND t.opens_appointments AND t.revoked_at IS NULL AND t.locked_at IS NULL
      AND b.state = 'planned' AND b.kind NOT IN ('outreach', 'home_visit') AND b.ends_at > statement_timestamp()
    ORDER BY 1 LIMIT 3 $$;
REVOKE ALL ON FUNCTION door.client_appointments() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.client_appointments() TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0009_public_form"),
        ("agenda", "0005_client_thread"),
        ("clocks", "0005_client_thread"),
    ]
    operations: list[migrations.operations.base.Operation] = [
        migrations.RunSQL(BEGIN.format(more=BY_A_WISH), BEGIN.format(more="")),
        migrations.RunSQL(APPOINTMENTS, "DROP FUNCTION door.client_appointments()"),
    ]
