"""SQL of who may be calling, over the files that ``files`` gives for ``of_dossier``, the one that holds them first."""


def calling(files: str) -> str:
    """This will give the two functions that keep it to one caller at a time."""
    return f"""
-- Who opened a number in a file within the last quarter of an hour, the newest first, and wrote nothing yet of what came
-- of it. Only of sections that the asker may read, and with a name only among those of one organisation: nobody learns
-- from it that there is a contact, or who works elsewhere. Never a history: at most an hour, whatever is asked for.
CREATE OR REPLACE FUNCTION door.numbers_opened(of_dossier uuid, since timestamptz, OUT entry uuid, OUT by_id uuid,
    OUT name text, OUT opened_at timestamptz, OUT objects uuid[], OUT here boolean) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT e.id, e.actor_id, coalesce((
            SELECT u.name FROM access_user u WHERE u.id = e.actor_id AND EXISTS (
                SELECT FROM access_membership a JOIN access_membership b USING (organisation_id)
                WHERE a.user_id = u.id AND b.user_id = door.person()
                  AND (a.until IS NULL OR a.until > statement_timestamp())
                  AND (b.until IS NULL OR b.until > statement_timestamp()))), ''),
        e.at, e.objects_named, e.dossier_id = of_dossier
    FROM ledger_entry e
    WHERE e.dossier_id = ANY ({files}) AND e.verb = 'opened' AND 'number' = ANY (e.fields_named)
      AND e.at > greatest(since, statement_timestamp() - interval '1 hour')
      AND ('reporter' = ANY (e.fields_named) AND door.may_read_section(e.dossier_id, 'reporter')
           OR 'contact' = ANY (e.fields_named) AND door.may_read_section(e.dossier_id, 'contact'))
      AND NOT EXISTS (
          SELECT FROM ledger_entry o
          WHERE o.dossier_id = ANY ({files}) AND o.actor_id = e.actor_id AND o.at >= e.at
            AND (o.verb IN ('call_tried', 'contact_set', 'outreach_ended')
                 OR o.verb = 'booking_changed' AND 'reminded_at' = ANY (o.fields_named)))
    ORDER BY e.at DESC, e.id DESC LIMIT 20 $$;

-- Of two who press at the same moment, the second waits until the first one's entry is there.
CREATE OR REPLACE FUNCTION door.one_caller(of_dossier uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('number:' || ({files})[1]::text, 0)) $$;
"""


OF_ONE = calling("ARRAY[of_dossier]")
