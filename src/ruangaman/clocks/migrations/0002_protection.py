"""Definitions are law and open to all; a running clock lies in the section its definition names."""

from django.db import migrations

from ruangaman.kernel.protection import Open, Protect
from ruangaman.kernel.roles import APP, COUNTER, WORKER

ENDED = """
-- What ends a clock is often done by who may not write the section it lies in (a companion answers a reporter). So the
-- end is written here, for whoever sees the file by rank or as one of its team, or as the partner it was sent to.
CREATE FUNCTION door.end_clocks(of_dossier uuid, what text, which uuid, ended timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier; t record; touched integer;
BEGIN
    SELECT * INTO t FROM door.ticket();
    SELECT * INTO d FROM access_dossier WHERE id = of_dossier;
    IF NOT FOUND OR t.purpose IS DISTINCT FROM 'staff' OR of_dossier = ANY (door.walled()) THEN RETURN 0; END IF;
    IF NOT (d.stage || ':' || d.unit_id) = ANY (door.reach('file', 'r'))
       AND NOT EXISTS (SELECT FROM access_grant g
                       WHERE g.dossier_id = of_dossier AND g.section = 'file'
                         AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
                         AND (d.stage || ':' || g.principal_id) = ANY (door.granted('file', 'r'))) THEN
        RETURN 0;
    END IF;
    UPDATE clocks_clock c SET ended_at = ended, ended_by_id = t.person, fires_at = NULL,
           ending = CASE what WHEN 'case_ended' THEN 'case_ended' ELSE 'met' END
    FROM clocks_definition def
    WHERE def.id = c.definition_id AND c.dossier_id = of_dossier AND c.ended_at IS NULL
      AND what = ANY (def.ends_on) AND (which IS NULL OR c.about IS NULL OR c.about = which);
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$;

-- What starts a clock is likewise often done by who may not write the section it lies in (a psychologist makes an
-- appointment), so it begins here, in the section that its definition names: for who files a report, and for whoever
-- sees the file. Where one of its kind runs already, nothing changes.
CREATE FUNCTION door.begin_clocks(of_dossier uuid, begun jsonb) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier; t record; touched integer;
BEGIN
    SELECT * INTO t FROM door.ticket();
    -- Locked against a move to another stage meanwhile: a row carries the stage of its dossier.
    SELECT * INTO d FROM access_dossier WHERE id = of_dossier FOR KEY SHARE;
    IF NOT FOUND OR of_dossier = ANY (door.walled()) THEN RETURN 0; END IF;
    IF NOT coalesce(t.purpose = 'filing' AND t.scope = of_dossier, false)
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
           r.started, r.given, r.due, r.fires, '{}', ''
    FROM jsonb_to_recordset(begun) AS r (id uuid, definition uuid, about uuid, holder uuid, started timestamptz,
                                         given timestamptz, due timestamptz, fires timestamptz)
    JOIN clocks_definition def ON def.id = r.definition AND def.section <> ''
    ORDER BY def.code
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$;

-- Who takes a case takes its clocks. The same right as above.
CREATE FUNCTION door.hand_clocks(of_dossier uuid, to_whom uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier; t record; touched integer;
BEGIN
    SELECT * INTO t FROM door.ticket();
    SELECT * INTO d FROM access_dossier WHERE id = of_dossier;
    IF NOT FOUND OR t.purpose IS DISTINCT FROM 'staff' OR of_dossier = ANY (door.walled())
       OR NOT ((d.stage || ':' || d.unit_id) = ANY (door.reach('team', 'w'))
               OR of_dossier = ANY (door.teams('w'))) THEN
        RETURN 0;
    END IF;
    UPDATE clocks_clock SET holder_id = to_whom WHERE dossier_id = of_dossier AND ended_at IS NULL AND about IS NULL;
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$;

-- Which clocks have something to tell now: (clock, dossier). Ids only, for the task that tells.
CREATE FUNCTION door.job_clocks_due(until timestamptz, most integer, OUT clock uuid, OUT dossier uuid)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT id, dossier_id FROM clocks_clock WHERE fires_at <= until ORDER BY fires_at LIMIT most $$;

-- Which running clocks are counted in working days, for when a day off is added: (clock, dossier).
CREATE FUNCTION door.job_clocks_of_days(OUT clock uuid, OUT dossier uuid) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT c.id, c.dossier_id FROM clocks_clock c JOIN clocks_definition d ON d.id = c.definition_id
    WHERE c.ended_at IS NULL AND d.measure = 'working_days' ORDER BY c.due_at $$;

-- Who holds one of these roles in a unit: whom a task may tell of the unit's own deadlines. Under its ticket for that unit.
CREATE FUNCTION door.job_seated(of_unit uuid, roles text[], OUT person uuid, OUT role text) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS DISTINCT FROM 'job_clocks' OR t.scope IS DISTINCT FROM of_unit THEN RETURN; END IF;
    RETURN QUERY SELECT DISTINCT m.user_id, m.role::text FROM access_membership m
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        WHERE m.organisation_id = of_unit AND m.role = ANY (roles)
          AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp());
END $$;

-- Nobody is told of deadlines of a file that was erased.
CREATE FUNCTION door.end_clocks_of_erased() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE clocks_clock SET ended_at = NEW.erased_at, ending = 'case_ended', fires_at = NULL
    WHERE dossier_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.end_clocks_of_erased() FROM PUBLIC;
CREATE TRIGGER end_clocks AFTER UPDATE OF erased_at ON access_dossier FOR EACH ROW
    WHEN (NEW.erased_at IS NOT NULL) EXECUTE FUNCTION door.end_clocks_of_erased();
"""
DRAFTERS = "'{lawyer,head}'"
WATCHERS = "'{head,supervisor,data_officer,lawyer}'"
OWNED = [
    "ALTER TABLE clocks_definition ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT ON clocks_definition TO {APP}",
    f"GRANT SELECT ON clocks_definition TO {WORKER}",
    f"CREATE POLICY law_is_open ON clocks_definition FOR SELECT TO {APP}, {WORKER}, {COUNTER} USING (true)",
    # A lawyer or the head writes for the own organisation, in the own name; the nation's come with the program.
    f"CREATE POLICY write ON clocks_definition FOR INSERT TO {APP} WITH CHECK "
    f"(owner_id = ANY ((SELECT door.seats({DRAFTERS}))::uuid[]) AND written_by_id = (SELECT door.person()))",
    "ALTER TABLE clocks_holiday ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, DELETE ON clocks_holiday TO {APP}",
    f"GRANT SELECT ON clocks_holiday TO {WORKER}",
    f"CREATE POLICY days_are_open ON clocks_holiday FOR SELECT TO {APP}, {WORKER} USING (true)",
    f"CREATE POLICY add ON clocks_holiday FOR INSERT TO {APP} WITH CHECK "
    f"(owner_id = ANY ((SELECT door.seats({DRAFTERS}))::uuid[]) AND written_by_id = (SELECT door.person()))",
    f"CREATE POLICY take_back ON clocks_holiday FOR DELETE TO {APP} USING "
    f"(owner_id = ANY ((SELECT door.seats({DRAFTERS}))::uuid[]))",
    # The task that tells reaches the clocks of one dossier, and marks what it told.
    f"CREATE POLICY job_tell ON clocks_clock FOR SELECT TO {WORKER} USING "
    "(dossier_id = (SELECT door.scope('job_clocks')))",
    f"CREATE POLICY job_told ON clocks_clock FOR UPDATE TO {WORKER} USING "
    "(dossier_id = (SELECT door.scope('job_clocks'))) WITH CHECK (dossier_id = (SELECT door.scope('job_clocks')))",
    f"CREATE POLICY job_tell ON clocks_pause FOR SELECT TO {WORKER} USING "
    "(dossier_id = (SELECT door.scope('job_clocks')))",
    f"CREATE POLICY own_name ON clocks_ruled AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK "
    "(ruled_by_id = (SELECT door.person()))",
    "ALTER TABLE clocks_unitclock ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT ON clocks_unitclock TO {APP}",
    f"GRANT UPDATE (ended_at, ending, ended_by_id, end_note, fires_at) ON clocks_unitclock TO {APP}",
    f"GRANT SELECT, INSERT, UPDATE ON clocks_unitclock TO {WORKER}",
    f"CREATE POLICY watch ON clocks_unitclock FOR SELECT TO {APP} USING "
    f"(unit_id = ANY ((SELECT door.seats({WATCHERS}))::uuid[]))",
    f"CREATE POLICY begin ON clocks_unitclock FOR INSERT TO {APP} WITH CHECK "
    f"(unit_id = ANY ((SELECT door.seats({WATCHERS}))::uuid[]))",
    f"CREATE POLICY finish ON clocks_unitclock FOR UPDATE TO {APP} USING "
    f"(unit_id = ANY ((SELECT door.seats({WATCHERS}))::uuid[]) AND ended_at IS NULL) "
    "WITH CHECK (ended_by_id = (SELECT door.person()))",
    f"CREATE POLICY job_all ON clocks_unitclock FOR ALL TO {WORKER} USING (true) WITH CHECK (true)",
]
SPINE = ("id", "dossier_id", "unit_id", "stage")
APP_DOORS = (
    "end_clocks(uuid, text, uuid, timestamptz)",
    "begin_clocks(uuid, jsonb)",
    "hand_clocks(uuid, uuid)",
)
JOB_DOORS = (
    "job_clocks_due(timestamptz, integer)",
    "job_clocks_of_days()",
    "job_seated(uuid, text[])",
)


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial"), ("notices", "0002_protection"), ("access", "0004_accounts")]
    operations = [
        Protect(
            "Clock",
            section_column="section",
            facts=(
                *SPINE,
                "code",
                "definition_id",
                "holder_id",
                "started_at",
                "due_at",
                "paused_at",
                "ended_at",
                "ending",
            ),
        ),
        Protect(
            "Pause", section_column="section", facts=(*SPINE, "clock_id", "reason", "paused_at", "resumed_at")
        ),
        Protect(
            "Ruled", section_column="section", updates=False, facts=(*SPINE, "clock_id", "ruling", "ruled_at")
        ),
        migrations.RunSQL(
            ENDED,
            "DROP FUNCTION door.end_clocks_of_erased() CASCADE; "
            + "; ".join(f"DROP FUNCTION door.{f}" for f in (*APP_DOORS, *JOB_DOORS)),
        ),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in (*APP_DOORS, *JOB_DOORS)),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {APP}" for f in APP_DOORS),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOB_DOORS),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(OWNED, migrations.RunSQL.noop),
        Open("clocks_definition", {COUNTER: "SELECT (id, code, owner_id, from_on, measure, amount, kind)"}),
    ]
