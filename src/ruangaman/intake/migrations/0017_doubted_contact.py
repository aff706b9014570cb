"""A contact that is not safe any more is used by nobody until another was confirmed; words of hand-overs end."""

from django.db import migrations, models

from ruangaman.kernel.roles import APP, WORKER

RULE = """
-- When a client last told by her code that her contact is not safe any more, and whether that stands: no contact of hers
-- was confirmed since. Whatever became of the request itself, and in whichever of the files that were merged, because
-- each keeps the contact with which it was reported. Looks past what the asker may see, and tells nothing else. Source:
-- care.md 7.
CREATE FUNCTION door.last_doubt(of_dossier uuid, OUT told_at timestamptz, OUT standing boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    WITH root AS (
        SELECT coalesce((SELECT j.other_id FROM intake_joining j WHERE j.dossier_id = of_dossier
                         AND j.kind = 'merged' AND j.undone_at IS NULL), of_dossier) AS id),
    files AS (
        SELECT id FROM root UNION
        SELECT j.dossier_id FROM intake_joining j JOIN root ON j.other_id = root.id
        WHERE j.kind = 'merged' AND j.undone_at IS NULL)
    SELECT max(w.asked_at), coalesce(bool_or(NOT EXISTS (
        SELECT FROM people_contact c JOIN people_person q ON q.id = c.person_id AND q.one_id = p.one_id
        WHERE c.dossier_id IN (SELECT id FROM files) AND c.confirmed_at > w.asked_at)), false)
    FROM intake_wish w JOIN people_person p ON p.id = w.person_id
    WHERE w.kind = 'other_contact' AND w.dossier_id IN (SELECT id FROM files) AND door.person() IS NOT NULL $$;

-- By which contact, and when, who reported may be called. Of a victim who reported herself and doubted it since, what
-- she told with the report is never used again: only her own contact that was confirmed after that, and where there are
-- several clients nobody knows whose that is. A client's doubt stops calls to her family too, because the telephone may
-- be one; whoever is plainly apart from her is called as before. Source: care.md 5 and 7.
CREATE FUNCTION door.reporter_way(of_dossier uuid, OUT means text, OUT never_call boolean, OUT weekdays smallint,
    OUT from_time time, OUT until_time time, OUT doubted boolean, OUT hers uuid) LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN h.id IS NULL THEN s.means ELSE h.means END,
        CASE WHEN h.id IS NULL THEN s.never_call OR r.reporter_kind = 'victim' AND coalesce(c.never_call, false)
             ELSE h.never_call END,
        CASE WHEN h.id IS NULL THEN s.weekdays ELSE h.weekdays END,
        CASE WHEN h.id IS NULL THEN s.from_time ELSE h.from_time END,
        CASE WHEN h.id IS NULL THEN s.until_time ELSE h.until_time END,
        d.standing OR d.since IS NOT NULL AND h.id IS NULL,
        h.id
    FROM intake_safecontact s
    JOIN intake_report r ON r.dossier_id = s.dossier_id
    LEFT JOIN LATERAL (SELECT n.* FROM people_contact n WHERE n.dossier_id = s.dossier_id
                       ORDER BY n.confirmed_at DESC, n.id DESC LIMIT 1) c ON true
    CROSS JOIN LATERAL (
        SELECT greatest(s.doubted_at, CASE WHEN r.reporter_kind = 'victim' THEN told.told_at END) AS since,
               r.reporter_kind NOT IN ('public', 'institution', 'witness') AND told.standing AS standing
        FROM door.last_doubt(s.dossier_id) told) d
    LEFT JOIN LATERAL (
        SELECT c.* WHERE r.reporter_kind = 'victim' AND c.confirmed_at > d.since AND NOT d.standing
          AND (SELECT count(DISTINCT q.one_id) FROM people_contact n JOIN people_person q ON q.id = n.person_id
               WHERE n.dossier_id = s.dossier_id) = 1) h ON true
    WHERE s.dossier_id = of_dossier ORDER BY s.id LIMIT 1 $$;
"""
TOLD = """
-- What she asks by her code stands on her contact at once, for rooms that know nothing of codes: no reminder, no paper.
CREATE FUNCTION door.contact_doubted() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE people_contact SET doubted_at = NEW.asked_at
    WHERE doubted_at IS NULL AND id = (
        SELECT c.id FROM people_contact c JOIN people_person q ON q.id = c.person_id
        WHERE c.dossier_id = NEW.dossier_id
          AND q.one_id = (SELECT p.one_id FROM people_person p WHERE p.id = NEW.person_id)
        ORDER BY c.confirmed_at DESC, c.id DESC LIMIT 1);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.contact_doubted() FROM PUBLIC;
CREATE TRIGGER contact_doubted AFTER INSERT ON intake_wish FOR EACH ROW
WHEN (NEW.kind = 'other_contact') EXECUTE FUNCTION door.contact_doubted();

-- Whether what she told before still stands: then telling it again is the same request. Under her own ticket, which
-- reaches no contact.
CREATE FUNCTION door.client_still_doubts() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM intake_clientthread t
        JOIN people_person p ON p.id = t.person_id
        JOIN people_person q ON q.dossier_id = t.dossier_id AND q.one_id = p.one_id
        JOIN intake_wish w ON w.dossier_id = t.dossier_id AND w.person_id = q.id AND w.kind = 'other_contact'
        WHERE t.id = door.scope('client') AND t.revoked_at IS NULL AND NOT EXISTS (
            SELECT FROM people_contact c JOIN people_person o ON o.id = c.person_id AND o.one_id = p.one_id
            WHERE c.dossier_id = t.dossier_id AND c.confirmed_at > w.asked_at)) $$;

-- Who reported tells by the thread that the contact is not safe any more: from then on it says "never call", also to a
-- unit that takes the report over. Whether there was one, the code does not say.
CREATE FUNCTION door.reporter_doubts(told_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_safecontact SET doubted_at = told_at, never_call = true
    WHERE dossier_id = door.scope('reporter') AND doubted_at IS NULL;
    RETURN FOUND;
END $$;
"""
REFUSED = """
-- Nobody is called who asked never to be, or to be reached another way, or whose contact is in doubt; nor the victim
-- herself where her own contact says so by now. Whatever the program believes. Source: care.md 7.
CREATE OR REPLACE FUNCTION door.may_call() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE way record;
BEGIN
    SELECT * INTO way FROM door.reporter_way(NEW.dossier_id);
    IF way.means IS DISTINCT FROM 'call' OR way.never_call OR way.doubted THEN
        RAISE EXCEPTION 'this reporter must not be called' USING ERRCODE = 'RA006';
    END IF;
    IF NOT EXISTS (SELECT FROM intake_callback b
                   WHERE b.id = NEW.call_id AND b.dossier_id = NEW.dossier_id AND b.ended_at IS NULL) THEN
        RAISE EXCEPTION 'no such call waits in this file' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- Nor is a call planned by a contact in doubt: to who reported, or to her as an attempt of outreach.
CREATE FUNCTION door.may_plan_call() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'intake_callback' AND (SELECT w.doubted FROM door.reporter_way(NEW.dossier_id) w)
       OR TG_TABLE_NAME = 'intake_outreach' AND ((SELECT standing FROM door.last_doubt(NEW.dossier_id)) OR EXISTS (
            SELECT FROM intake_report r, door.reporter_way(NEW.dossier_id) w
            WHERE r.dossier_id = NEW.dossier_id AND r.reporter_kind = 'victim' AND w.doubted)) THEN
        RAISE EXCEPTION 'this contact is in doubt' USING ERRCODE = 'RA006';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.may_plan_call() FROM PUBLIC;
CREATE TRIGGER may_plan_call BEFORE INSERT ON intake_callback FOR EACH ROW EXECUTE FUNCTION door.may_plan_call();
CREATE TRIGGER may_plan_call BEFORE INSERT ON intake_outreach FOR EACH ROW
WHEN (NEW.place_kind = 'call') EXECUTE FUNCTION door.may_plan_call();
"""
AS_BEFORE = """
DROP FUNCTION door.may_plan_call() CASCADE;
CREATE OR REPLACE FUNCTION door.may_call() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM intake_safecontact c WHERE c.dossier_id = NEW.dossier_id)
       OR EXISTS (SELECT FROM intake_safecontact c
                  WHERE c.dossier_id = NEW.dossier_id AND (c.never_call OR c.means <> 'call'))
       OR EXISTS (SELECT FROM intake_report r JOIN people_contact c ON c.dossier_id = r.dossier_id
                  WHERE r.dossier_id = NEW.dossier_id AND r.reporter_kind = 'victim' AND c.never_call
                    AND c.confirmed_at = (SELECT max(n.confirmed_at) FROM people_contact n
                                          WHERE n.dossier_id = r.dossier_id)) THEN
        RAISE EXCEPTION 'this reporter must not be called' USING ERRCODE = 'RA006';
    END IF;
    IF NOT EXISTS (SELECT FROM intake_callback b
                   WHERE b.id = NEW.call_id AND b.dossier_id = NEW.dossier_id AND b.ended_at IS NULL) THEN
        RAISE EXCEPTION 'no such call waits in this file' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
FORGOTTEN = """
-- What one shift told the next, once its time is over. Source: policy/data.yaml, retention ``hand_over``.
CREATE FUNCTION door.job_forget_hand_overs(given_before timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE gone integer;
BEGIN
    DELETE FROM intake_handover WHERE given_at < least(given_before, statement_timestamp());
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
"""
APP_DOORS = (
    "last_doubt(uuid)",
    "reporter_way(uuid)",
    "client_still_doubts()",
    "reporter_doubts(timestamptz)",
)
JOB_DOORS = ("job_forget_hand_overs(timestamptz)",)


class Migration(migrations.Migration):
    dependencies = [("intake", "0016_nobody_left_to_read"), ("people", "0011_doubted_contact")]
    operations = [
        migrations.AddField("safecontact", "doubted_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            RULE + TOLD,
            "DROP FUNCTION door.contact_doubted() CASCADE; "
            + "; ".join(f"DROP FUNCTION door.{f}" for f in reversed(APP_DOORS)),
        ),
        migrations.RunSQL(REFUSED, AS_BEFORE),
        migrations.RunSQL(FORGOTTEN, f"DROP FUNCTION door.{JOB_DOORS[0]}"),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in (*APP_DOORS, *JOB_DOORS)),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {APP}" for f in APP_DOORS),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOB_DOORS),
            ],
            migrations.RunSQL.noop,
        ),
    ]
