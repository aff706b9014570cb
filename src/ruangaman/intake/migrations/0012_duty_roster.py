"""Who is called when a report comes, by whom a call is taken, and what of the register is not shown."""

from django.db import migrations

from ruangaman.kernel.roles import APP, WORKER

ME = "(SELECT door.person())"
ROSTER = [
    # On duty is who may answer a report: staff of the unit in one of these roles, set there in the setter's own name.
    f"CREATE POLICY of_staff ON intake_shift AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK (made_by_id = {ME} "
    "AND cancelled_at IS NULL AND EXISTS (SELECT FROM door.colleagues(unit_id, '{intake_officer,supervisor}') c "
    "WHERE c.person = person_id))",
    # A hand-over goes to a colleague, and is read by the one it was given to.
    f"CREATE POLICY to_colleague ON intake_handover AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK (read_at IS NULL "
    "AND to_id <> given_by_id AND EXISTS (SELECT FROM "
    "door.colleagues(unit_id, '{intake_officer,supervisor,head}') c WHERE c.person = to_id))",
]
RINGS = """
-- Calls the next one on duty about a report, under a task's ticket for that very dossier. What came of it:
-- rung (a call was made: ring, person, turn), waits (somebody was called just now), nobody (no one is on duty),
-- everybody (all on duty were called and none took it), flood (one of a great many, without danger), done.
-- The report's row is held, so that of several workers one calls and the others see that it was done.
CREATE FUNCTION door.job_ring(wanted uuid, called timestamptz, OUT outcome text, OUT ring uuid, OUT person uuid,
                              OUT in_danger boolean, OUT of_unit uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record; r record; d access_dossier; now_waiting intake_ring; next_one record; turns integer; wait_for interval;
BEGIN
    outcome := 'done';
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS NULL OR t.purpose NOT LIKE 'job%' OR t.scope IS DISTINCT FROM wanted THEN RETURN; END IF;
    SELECT i.unit_id, i.danger_now, i.in_flood, i.triage, i.first_answered_at INTO r
    FROM intake_report i WHERE i.dossier_id = wanted FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT * INTO d FROM access_dossier a WHERE a.id = wanted;
    in_danger := r.danger_now; of_unit := r.unit_id;
    SELECT * INTO now_waiting FROM intake_ring i WHERE i.dossier_id = wanted AND i.state = 'waits'
    ORDER BY i.turn DESC LIMIT 1;
    IF d.erased_at IS NOT NULL OR d.stage <> 'intake' OR r.triage <> 'received' OR r.first_answered_at IS NOT NULL
       OR EXISTS (SELECT FROM intake_ring i WHERE i.dossier_id = wanted AND i.state = 'taken') THEN
        UPDATE intake_ring SET state = 'done', ended_at = called WHERE dossier_id = wanted AND state = 'waits';
        RETURN;
    END IF;
    IF now_waiting.answer_by > called THEN outcome := 'waits'; RETURN; END IF;
    UPDATE intake_ring SET state = 'passed_on', ended_at = called WHERE id = now_waiting.id;
    IF r.in_flood AND NOT r.danger_now THEN outcome := 'flood'; RETURN; END IF;
    SELECT coalesce(max(i.turn), 0) INTO turns FROM intake_ring i WHERE i.dossier_id = wanted;
    -- Who is at the desk first, then by rank. Not who is walled, who has left, or who was called before.
    SELECT s.id, s.person_id INTO next_one FROM intake_shift s
    JOIN access_user u ON u.id = s.person_id AND u.is_active
    WHERE s.unit_id = r.unit_id AND s.cancelled_at IS NULL AND s.starts_at <= called AND s.ends_at > called
      AND EXISTS (SELECT FROM access_membership m JOIN access_matrixcell c ON c.role = m.role AND c.reach = 'unit'
                  AND c.stage = d.stage AND c.section = 'administration' AND c.reads
                  WHERE m.user_id = s.person_id AND m.organisation_id = r.unit_id
                  AND m.role IN ('intake_officer', 'supervisor') AND m.since <= statement_timestamp()
                  AND (m.until IS NULL OR m.until > statement_timestamp()))
      AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = wanted AND w.person_id = s.person_id
                      AND w.lifted_at IS NULL)
      AND NOT EXISTS (SELECT FROM intake_ring i WHERE i.dossier_id = wanted AND i.person_id = s.person_id)
    ORDER BY s.kind <> 'desk', s.rank, s.starts_at, s.id LIMIT 1;
    IF NOT FOUND THEN
        outcome := CASE WHEN turns = 0 THEN 'nobody' ELSE 'everybody' END;
        RETURN;
    END IF;
    SELECT make_interval(mins => CASE WHEN r.danger_now THEN coalesce(max(q.danger_minutes), 5)
                                      ELSE coalesce(max(q.minutes), 30) END)
    INTO wait_for FROM intake_dutyrule q WHERE q.unit_id = r.unit_id;
    INSERT INTO intake_ring (id, dossier_id, unit_id, stage, person_id, shift_id, turn, rung_at, answer_by, state)
    VALUES (gen_random_uuid(), wanted, d.unit_id, d.stage, next_one.person_id, next_one.id, turns + 1, called,
            called + wait_for, 'waits') RETURNING id INTO ring;
    outcome := 'rung'; person := next_one.person_id;
END $$;

-- Which calls nobody took in time: their dossiers, for the task of every minute. Ids only.
CREATE FUNCTION door.job_overdue_rings(until timestamptz, most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT i.dossier_id FROM intake_ring i WHERE i.state = 'waits' AND i.answer_by <= until
    ORDER BY i.answer_by LIMIT most $$;

-- Whoever was called says that they take the report, also late where nobody else has. Gives what came of it (taken,
-- theirs, done, none) and, where it is somebody's, whose. A second click changes nothing.
CREATE FUNCTION door.take_ring(wanted uuid, taken_at timestamptz, OUT outcome text, OUT holder uuid, OUT dossier uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE me uuid := door.person(); mine intake_ring; r intake_report;
BEGIN
    outcome := 'none';
    SELECT * INTO mine FROM intake_ring i WHERE i.id = wanted AND i.person_id = me;
    IF NOT FOUND OR mine.unit_id <> ALL (door.own_seats()) OR mine.dossier_id = ANY (door.walled()) THEN RETURN; END IF;
    SELECT * INTO r FROM intake_report i WHERE i.dossier_id = mine.dossier_id FOR UPDATE;
    SELECT * INTO mine FROM intake_ring i WHERE i.id = wanted;
    dossier := mine.dossier_id;
    SELECT i.person_id INTO holder FROM intake_ring i WHERE i.dossier_id = mine.dossier_id AND i.state = 'taken'
    ORDER BY i.turn LIMIT 1;
    IF holder = me THEN outcome := 'yours'; RETURN; END IF;
    IF holder IS NOT NULL THEN outcome := 'theirs'; RETURN; END IF;
    IF mine.state = 'done' OR r.first_answered_at IS NOT NULL OR r.triage <> 'received' THEN
        outcome := 'done'; RETURN;
    END IF;
    UPDATE intake_ring SET state = 'taken', ended_at = taken_at WHERE id = mine.id;
    UPDATE intake_ring SET state = 'done', ended_at = taken_at WHERE dossier_id = mine.dossier_id AND state = 'waits';
    outcome := 'taken'; holder := me;
END $$;

-- Once a report is answered or decided on, nobody's telephone goes on ringing. Who did it took the call.
CREATE FUNCTION door.end_rings() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_ring SET ended_at = statement_timestamp(),
        state = CASE WHEN person_id = door.person() THEN 'taken' ELSE 'done' END
    WHERE dossier_id = NEW.dossier_id AND state = 'waits';
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.end_rings() FROM PUBLIC;
CREATE TRIGGER end_rings AFTER UPDATE OF first_answered_at, triage ON intake_report FOR EACH ROW
WHEN (OLD.first_answered_at IS NULL AND NEW.first_answered_at IS NOT NULL
      OR OLD.triage = 'received' AND NEW.triage <> 'received') EXECUTE FUNCTION door.end_rings();

-- Whether the register of a unit between two moments lacks anything that its reader may not see. Never how many.
CREATE FUNCTION door.register_hides(of_unit uuid, since timestamptz, until timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF of_unit <> ALL (door.seats('{intake_officer,supervisor,head}')) THEN RETURN false; END IF;
    RETURN EXISTS (
        SELECT FROM intake_report i JOIN access_dossier d ON d.id = i.dossier_id
        WHERE i.unit_id = of_unit AND i.received_at >= since AND i.received_at < until AND d.erased_at IS NULL
          AND (i.dossier_id = ANY (door.walled())
               OR (i.stage || ':' || i.unit_id) <> ALL (door.reach('administration', 'r'))));
END $$;
"""
JOB_DOORS = ("job_ring(uuid, timestamptz)", "job_overdue_rings(timestamptz, integer)")
APP_DOORS = ("take_ring(uuid, timestamptz)", "register_hides(uuid, timestamptz, timestamptz)")


class Migration(migrations.Migration):
    dependencies = [("intake", "0011_ways_in")]
    operations = [
        migrations.RunSQL(
            RINGS,
            "DROP FUNCTION door.end_rings() CASCADE; "
            + "; ".join(f"DROP FUNCTION door.{f}" for f in (*JOB_DOORS, *APP_DOORS)),
        ),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in (*JOB_DOORS, *APP_DOORS)),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOB_DOORS),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {APP}" for f in APP_DOORS),
                *ROSTER,
            ],
            migrations.RunSQL.noop,
        ),
    ]
