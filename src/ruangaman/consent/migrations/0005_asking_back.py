"""What lapses is closed and asked back by a task; who is asked, and who wrote the plan, see what was had of the file."""

from django.db import migrations

from ruangaman.kernel.roles import APP, WORKER

JOBS = """
-- For the task of every minute. What lapsed is closed, and asked back: a partner sees nothing of it from that moment on, by
-- the time of the grant itself; the unit's own people are taken off the team here.
CREATE INDEX access_grant_lapsing ON access_grant (until) WHERE source = 'consent' AND withdrawn_at IS NULL;
CREATE INDEX consent_lapsing ON consent_consent (until)
    WHERE recipient_id IS NULL AND answer = 'given' AND withdrawn_at IS NULL;
CREATE FUNCTION door.job_close_lapsed(most integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE one record; d access_dossier; lost text[]; seen integer := 0;
BEGIN
    FOR one IN SELECT g.dossier_id, g.principal_id FROM access_grant g
               JOIN access_dossier a ON a.id = g.dossier_id AND a.erased_at IS NULL
               WHERE g.source = 'consent' AND g.withdrawn_at IS NULL AND g.until <= statement_timestamp()
               GROUP BY 1, 2 ORDER BY min(g.until) LIMIT most LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('consents:' || one.dossier_id::text, 0));
        SELECT * INTO d FROM access_dossier WHERE id = one.dossier_id;
        WITH closed AS (
            UPDATE access_grant SET withdrawn_at = until
            WHERE dossier_id = one.dossier_id AND principal_id = one.principal_id AND source = 'consent'
              AND withdrawn_at IS NULL AND until <= statement_timestamp() RETURNING section)
        SELECT array_agg(section ORDER BY section) INTO lost FROM closed;
        IF cardinality(lost) > 0 THEN
            PERFORM door.recall(d, one.principal_id, NULL, lost);
            seen := seen + 1;
        END IF;
    END LOOP;
    FOR one IN SELECT DISTINCT c.dossier_id FROM consent_consent c
               JOIN access_dossier a ON a.id = c.dossier_id AND a.erased_at IS NULL
               WHERE c.recipient_id IS NULL AND c.answer = 'given' AND c.withdrawn_at IS NULL
                 AND c.until BETWEEN statement_timestamp() - interval '31 days' AND statement_timestamp()
                 AND EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = c.dossier_id AND g.section = c.service
                             AND g.source = 'team' AND g.writes AND g.withdrawn_at IS NULL AND g.given_at <= c.until)
                 AND c.service NOT IN (SELECT door.agreed_now(c.dossier_id)) LIMIT most LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('consents:' || one.dossier_id::text, 0));
        PERFORM door.dismiss(one.dossier_id, statement_timestamp());
        seen := seen + 1;
    END LOOP;
    RETURN seen;
END $$;

-- What was asked back and nobody was told of: ids, and since when.
CREATE FUNCTION door.job_recalls_untold(most integer, OUT recall uuid, OUT dossier uuid, OUT unit uuid, OUT asked timestamptz)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT id, dossier_id, unit_id, asked_at FROM consent_recall
    WHERE told_at IS NULL ORDER BY asked_at LIMIT most $$;

-- Begins the clock of one recall, marks it as told, and gives who is to be told: once, under a ticket for that dossier.
-- Nobody where it was answered before anybody could be told.
CREATE FUNCTION door.job_recall_told(wanted uuid, begun jsonb) RETURNS SETOF uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record; r consent_recall;
BEGIN
    SELECT * INTO t FROM door.ticket();
    UPDATE consent_recall SET told_at = statement_timestamp()
    WHERE id = wanted AND told_at IS NULL AND t.purpose = 'job_recalls' AND t.scope = dossier_id RETURNING * INTO r;
    IF NOT FOUND OR r.answered_at IS NOT NULL
       OR EXISTS (SELECT FROM access_dossier WHERE id = r.dossier_id AND erased_at IS NOT NULL) THEN
        RETURN;
    END IF;
    INSERT INTO clocks_clock (id, dossier_id, unit_id, stage, section, code, definition_id, about,
                              started_at, due_at, fires_at, fired, ending)
    SELECT b.id, r.dossier_id, r.unit_id, r.stage, f.section, f.code, f.id, r.id, r.asked_at, b.due, b.fires, '{}', ''
    FROM jsonb_to_recordset(begun) AS b (id uuid, definition uuid, due timestamptz, fires timestamptz)
    JOIN clocks_definition f ON f.id = b.definition AND f.section = 'plan' AND f.starts_on = 'access_recalled'
    ON CONFLICT DO NOTHING;
    RETURN QUERY
        SELECT u.id FROM access_user u
        WHERE u.is_active AND (u.id = r.person_id OR EXISTS (
            SELECT FROM access_membership m WHERE m.user_id = u.id AND m.organisation_id = r.recipient_id
            AND m.role = 'partner_officer' AND m.since <= statement_timestamp()
            AND (m.until IS NULL OR m.until > statement_timestamp())))
          AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = r.dossier_id AND w.person_id = u.id
                          AND w.lifted_at IS NULL);
END $$;
"""
BACK = """
-- Whoever is on the team again is asked for nothing that they may see.
CREATE FUNCTION door.back_on_the_team() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE consent_recall r SET answer = 'reopened', answered_at = statement_timestamp(),
           answered_by_id = coalesce(door.person(), NEW.given_by_id, r.person_id)
    WHERE r.dossier_id = NEW.dossier_id AND r.person_id = NEW.principal_id AND r.answered_at IS NULL
      AND r.sections <@ (SELECT to_jsonb(array_agg(g.section::text)) FROM access_grant g
                         WHERE g.dossier_id = NEW.dossier_id AND g.principal_id = NEW.principal_id
                           AND g.withdrawn_at IS NULL AND g.until > statement_timestamp());
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.back_on_the_team() FROM PUBLIC;
CREATE TRIGGER back_on_the_team AFTER INSERT OR UPDATE OF withdrawn_at ON access_grant FOR EACH ROW
    WHEN (NEW.source = 'team' AND NEW.withdrawn_at IS NULL) EXECUTE FUNCTION door.back_on_the_team();
"""
JOB_DOORS = ("job_close_lapsed(integer)", "job_recalls_untold(integer)", "job_recall_told(uuid, jsonb)")
HELD = f"""
-- Who may list what somebody had of a file: who reads its plan, and whoever is asked to delete it.
CREATE FUNCTION door.may_list_held(of_dossier uuid, to_whom uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF of_dossier = ANY (door.walled()) THEN RETURN false; END IF;
    RETURN EXISTS (
        SELECT FROM access_dossier d WHERE d.id = of_dossier AND (
            (d.stage || ':' || d.unit_id) = ANY (door.reach('plan', 'r'))
            OR EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = d.id AND g.section = 'plan'
                       AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
                       AND (d.stage || ':' || g.principal_id) = ANY (door.granted('plan', 'r')))))
        OR EXISTS (SELECT FROM consent_recall r WHERE r.dossier_id = of_dossier AND (
            r.recipient_id = to_whom AND to_whom = ANY (door.principals())
            OR r.person_id = to_whom AND to_whom = door.person()));
END $$;
REVOKE ALL ON FUNCTION door.may_list_held(uuid, uuid) FROM PUBLIC;

-- Which sections of a file somebody, or somebody of a partner, opened, and when last. Never what stood there.
CREATE FUNCTION door.held_opened(of_dossier uuid, to_whom uuid, OUT at timestamptz, OUT section text) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT max(e.at), s.section::text FROM ledger_entry e CROSS JOIN LATERAL unnest(e.fields_named) AS s (section)
    WHERE e.dossier_id = of_dossier AND e.verb = 'opened' AND door.may_list_held(of_dossier, to_whom)
      AND (e.actor_id = to_whom OR e.actor_id IN (
           SELECT m.user_id FROM access_membership m WHERE m.organisation_id = to_whom AND m.role = 'partner_officer'))
    GROUP BY s.section ORDER BY 1 DESC $$;
REVOKE ALL ON FUNCTION door.held_opened(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.held_opened(uuid, uuid) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0004_standing"),
        ("access", "0005_sections"),
        ("clocks", "0003_sections"),
        ("ledger", "0002_order_and_roles"),
    ]
    operations = [
        migrations.RunSQL(
            JOBS,
            "DROP INDEX access_grant_lapsing; DROP INDEX consent_lapsing; "
            + "; ".join(f"DROP FUNCTION door.{f}" for f in JOB_DOORS),
        ),
        migrations.RunSQL(BACK, "DROP FUNCTION door.back_on_the_team() CASCADE"),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in JOB_DOORS),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOB_DOORS),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            HELD, "DROP FUNCTION door.held_opened(uuid, uuid); DROP FUNCTION door.may_list_held(uuid, uuid)"
        ),
    ]
