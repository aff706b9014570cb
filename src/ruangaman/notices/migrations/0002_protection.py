"""A notice is for one person alone; somebody who is walled off a file is never told of it, whoever writes the row."""

from django.db import migrations

from ruangaman.kernel.roles import APP, WORKER

TOLD = """
-- Whoever is walled off a file, or has no account any more, is told nothing of it: the row is not written.
CREATE FUNCTION door.skip_walled() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM access_user u WHERE u.id = NEW.person_id AND u.is_active)
       OR EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = NEW.dossier_id AND w.person_id = NEW.person_id
                  AND w.lifted_at IS NULL) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.skip_walled() FROM PUBLIC;
CREATE TRIGGER skip_walled BEFORE INSERT ON notices_notice FOR EACH ROW EXECUTE FUNCTION door.skip_walled();

-- Whether a notice may still go out: its person has an account, and no wall has been raised since.
CREATE FUNCTION door.job_may_tell(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM notices_notice n JOIN access_user u ON u.id = n.person_id AND u.is_active
        WHERE n.id = wanted AND n.read_at IS NULL
          AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = n.dossier_id
                          AND w.person_id = n.person_id AND w.lifted_at IS NULL)) $$;

-- Who holds one of these roles in the dossier's unit and reaches the section by rank, or holds a live grant of it, and
-- is not walled: whom a task may tell. Only under a task's ticket for that very dossier.
CREATE FUNCTION door.job_reachers(wanted uuid, in_section text, roles text[], OUT person uuid, OUT role text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS NULL OR t.purpose NOT LIKE 'job%' OR t.scope IS DISTINCT FROM wanted THEN RETURN; END IF;
    RETURN QUERY
    SELECT DISTINCT m.user_id, m.role::text
    FROM access_dossier d
    JOIN access_membership m ON m.role = ANY (roles)
         AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
    JOIN access_user u ON u.id = m.user_id AND u.is_active
    JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
    WHERE d.id = wanted AND d.erased_at IS NULL
      AND (m.organisation_id = d.unit_id AND EXISTS (
               SELECT FROM access_matrixcell c WHERE c.role = m.role AND c.reach = 'unit' AND c.stage = d.stage
               AND c.section = in_section AND c.reads)
           OR EXISTS (
               SELECT FROM access_grant g JOIN access_matrixcell c
                 ON c.role = m.role AND c.reach = 'grant' AND c.stage = d.stage AND c.section = g.section AND c.reads
               WHERE g.dossier_id = d.id AND g.section = in_section AND g.withdrawn_at IS NULL
                 AND g.until > statement_timestamp()
                 AND (g.principal_id = m.user_id
                      OR g.principal_id = m.organisation_id AND m.role = 'partner_officer')))
      AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = d.id AND w.person_id = m.user_id
                      AND w.lifted_at IS NULL);
END $$;

-- Where people work, for the hours in which they sleep and the messenger that reaches them: their longest-held seat
-- first; of messengers that of the seat's own organisation, else that of the one above it.
CREATE FUNCTION door.job_homes(people uuid[], OUT person uuid, OUT zone text, OUT messenger uuid)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT m.user_id,
           (array_agg(p.time_zone ORDER BY m.since, m.id) FILTER (WHERE p.code IS NOT NULL))[1]::text,
           (array_agg(g.organisation_id ORDER BY m.since, m.id, (g.organisation_id = o.id) DESC)
            FILTER (WHERE g.is_on))[1]
    FROM access_membership m
    JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
    LEFT JOIN places_place p ON p.code = o.place_id
    LEFT JOIN notices_messenger g ON g.organisation_id IN (o.id, o.parent_id)
    WHERE m.user_id = ANY (people)
      AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
    GROUP BY m.user_id $$;
"""
OWN = "person_id = (SELECT door.person())"
NOT_WALLED = "(dossier_id IS NULL OR dossier_id <> ALL ((SELECT door.walled())::uuid[]))"
PROTECTION = [
    "ALTER TABLE notices_notice ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT ON notices_notice TO {APP}",
    f"GRANT UPDATE (read_at) ON notices_notice TO {APP}",
    f"CREATE POLICY own ON notices_notice FOR SELECT TO {APP} USING ({OWN} AND {NOT_WALLED})",
    f"CREATE POLICY read ON notices_notice FOR UPDATE TO {APP} USING ({OWN}) WITH CHECK ({OWN})",
    # Who signed in tells others of what they see themselves. A reporter's ticket tells nobody: a task does.
    f"CREATE POLICY tell ON notices_notice FOR INSERT TO {APP} WITH CHECK ((SELECT door.person()) IS NOT NULL "
    "AND planned_at IS NULL AND read_at IS NULL "
    "AND (dossier_id IS NULL OR EXISTS (SELECT FROM access_dossier d WHERE d.id = dossier_id)))",
    # The worker plans, sends and forgets: by person, kind and time. Which file it is about it can't read.
    f"GRANT SELECT (id, person_id, kind, made_at, planned_at, read_at), INSERT, UPDATE (planned_at), DELETE "
    f"ON notices_notice TO {WORKER}",
    f"CREATE POLICY job_all ON notices_notice FOR ALL TO {WORKER} USING (true) WITH CHECK (true)",
    "ALTER TABLE notices_delivery ENABLE ROW LEVEL SECURITY",
    # That a mail could not be delivered is shown to whom it was for.
    f"GRANT SELECT (notice_id, person_id, channel, sent_at, given_up_at) ON notices_delivery TO {APP}",
    f"CREATE POLICY own ON notices_delivery FOR SELECT TO {APP} USING ({OWN})",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON notices_delivery TO {WORKER}",
    f"CREATE POLICY job_all ON notices_delivery FOR ALL TO {WORKER} USING (true) WITH CHECK (true)",
    "ALTER TABLE notices_preference ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, UPDATE ON notices_preference TO {APP}",
    f"CREATE POLICY own ON notices_preference FOR ALL TO {APP} USING ({OWN}) WITH CHECK ({OWN})",
    f"GRANT SELECT ON notices_preference TO {WORKER}",
    f"CREATE POLICY job_read ON notices_preference FOR SELECT TO {WORKER} USING (true)",
    "ALTER TABLE notices_messenger ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, UPDATE ON notices_messenger TO {APP}",
    f"CREATE POLICY look_after ON notices_messenger FOR ALL TO {APP} USING "
    "(organisation_id = ANY ((SELECT door.administered())::uuid[])) WITH CHECK "
    "(organisation_id = ANY ((SELECT door.administered())::uuid[]) AND set_by_id = (SELECT door.person()))",
    f"GRANT SELECT, UPDATE (worked_at, failed_at) ON notices_messenger TO {WORKER}",
    f"CREATE POLICY job_mark ON notices_messenger FOR UPDATE TO {WORKER} USING (true)",
    f"CREATE POLICY job_read ON notices_messenger FOR SELECT TO {WORKER} USING (true)",
]
JOBS = ("job_may_tell(uuid)", "job_reachers(uuid, text, text[])", "job_homes(uuid[])")


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("access", "0004_accounts")]
    operations = [
        migrations.RunSQL(
            TOLD,
            "DROP FUNCTION door.skip_walled() CASCADE; " + "; ".join(f"DROP FUNCTION door.{f}" for f in JOBS),
        ),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in JOBS),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOBS),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(PROTECTION, migrations.RunSQL.noop),
    ]
