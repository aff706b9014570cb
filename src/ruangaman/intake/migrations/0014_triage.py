"""What triage, merging, splitting and other regions need of the database beyond their tables."""

from django.db import migrations, models

from ruangaman.kernel.roles import APP, WORKER

ME = "(SELECT door.person())"
FIRST_ANSWER = """
-- The first answer is a moment that the standards count (I.1), whoever gives it: a companion answers in the thread and
-- may not write the administration of the file. It is a move of triage, and no decision. What was split off a report has
-- no thread of its own: who answers its reporter answers it too.
CREATE OR REPLACE FUNCTION door.first_answer() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE r record;
BEGIN
    FOR r IN
        SELECT i.dossier_id, i.unit_id, i.stage, i.triage FROM intake_report i
        JOIN access_dossier d ON d.id = i.dossier_id AND d.erased_at IS NULL
        WHERE i.first_answered_at IS NULL AND i.dossier_id IN (
            WITH RECURSIVE part AS (
                SELECT NEW.dossier_id AS id
                UNION
                SELECT j.dossier_id FROM intake_joining j JOIN part p ON j.other_id = p.id WHERE j.kind = 'split')
            SELECT id FROM part)
        ORDER BY i.dossier_id FOR UPDATE OF i
    LOOP
        UPDATE intake_report SET first_answered_at = NEW.sent_at,
            triage = CASE WHEN triage = 'received' AND stage = 'intake' THEN 'answered' ELSE triage END
        WHERE dossier_id = r.dossier_id;
        IF r.triage = 'received' AND r.stage = 'intake' THEN
            INSERT INTO intake_triagemove
                (id, dossier_id, unit_id, stage, before, after, reason, decided_by_id, decided_at)
            VALUES (gen_random_uuid(), r.dossier_id, r.unit_id, r.stage, 'received', 'answered', 'answered',
                    NEW.author_id, NEW.sent_at);
        END IF;
        IF r.dossier_id <> NEW.dossier_id THEN
            UPDATE clocks_clock c SET ended_at = NEW.sent_at, ended_by_id = NEW.author_id, fires_at = NULL, ending = 'met'
            FROM clocks_definition f
            WHERE f.id = c.definition_id AND c.dossier_id = r.dossier_id AND c.ended_at IS NULL
              AND 'report_answered' = ANY (f.ends_on);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""
# Reports of before: those that were answered and wait for a decision.
ANSWERED_BEFORE = """
INSERT INTO intake_triagemove (id, dossier_id, unit_id, stage, before, after, reason, decided_by_id, decided_at)
SELECT DISTINCT ON (r.dossier_id) gen_random_uuid(), r.dossier_id, r.unit_id, r.stage, 'received', 'answered',
       'answered', m.author_id, r.first_answered_at
FROM intake_report r JOIN access_dossier d ON d.id = r.dossier_id AND d.erased_at IS NULL
JOIN intake_message m ON m.dossier_id = r.dossier_id AND m.author_id IS NOT NULL
WHERE r.triage = 'received' AND r.stage = 'intake' AND r.first_answered_at IS NOT NULL
ORDER BY r.dossier_id, m.sent_at;
UPDATE intake_report r SET triage = 'answered' WHERE r.triage = 'received' AND EXISTS (
    SELECT FROM intake_triagemove m WHERE m.dossier_id = r.dossier_id AND m.after = 'answered');
SET CONSTRAINTS ALL IMMEDIATE;
"""
MERGING = """
-- Every report that was merged into a file, itself or through another one.
CREATE FUNCTION door.merged_under(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    WITH RECURSIVE under AS (
        SELECT j.dossier_id FROM intake_joining j
        WHERE j.other_id = wanted AND j.kind = 'merged' AND j.undone_at IS NULL
        UNION
        SELECT j.dossier_id FROM intake_joining j JOIN under u ON j.other_id = u.dossier_id
        WHERE j.kind = 'merged' AND j.undone_at IS NULL)
    SELECT dossier_id FROM under $$;

-- The one word of three that a code shows, said by who may write the thread, or move the file itself: a supervisor ends
-- a case and may not write in its thread. A reporter's ticket reaches neither way. Who reported the same event reads the
-- same word: their report is handled in that file.
CREATE OR REPLACE FUNCTION door.tell_reporter(wanted uuid, word text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier;
BEGIN
    SELECT * INTO d FROM access_dossier WHERE id = wanted;
    IF NOT FOUND OR wanted = ANY (door.walled()) OR word NOT IN ('received', 'in_progress', 'done') THEN
        RETURN false;
    END IF;
    IF NOT (d.stage || ':' || d.unit_id) = ANY (door.reach('file', 'w') || door.reach('thread', 'w'))
       AND NOT EXISTS (SELECT FROM access_grant g
                       WHERE g.dossier_id = wanted AND g.section IN ('file', 'thread') AND g.writes
                         AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
                         AND (d.stage || ':' || g.principal_id) = ANY (door.granted(g.section, 'w'))) THEN
        RETURN false;
    END IF;
    UPDATE intake_thread SET status = word WHERE dossier_id = wanted;
    IF NOT FOUND THEN RETURN false; END IF;
    IF word <> 'received' THEN
        UPDATE intake_thread SET status = word
        WHERE dossier_id IN (SELECT door.merged_under(wanted)) AND status <> word;
    END IF;
    RETURN true;
END $$;

-- Who works on the files that a report was merged into works on it too, so that its words are theirs; and no longer than
-- they do there, or than it is merged. Grants of its own team stay as they are.
CREATE FUNCTION door.follow_merge(wanted uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier;
BEGIN
    SELECT * INTO d FROM access_dossier WHERE id = wanted;
    IF NOT FOUND OR d.erased_at IS NOT NULL THEN RETURN; END IF;
    WITH RECURSIVE above AS (
        SELECT j.other_id FROM intake_joining j
        WHERE j.dossier_id = wanted AND j.kind = 'merged' AND j.undone_at IS NULL
        UNION
        SELECT j.other_id FROM intake_joining j JOIN above a ON j.dossier_id = a.other_id
        WHERE j.kind = 'merged' AND j.undone_at IS NULL),
    due AS (
        SELECT g.section, g.principal_id, bool_or(g.writes) AS writes, max(g.until) AS until
        FROM access_grant g JOIN above a ON g.dossier_id = a.other_id
        WHERE g.source = 'team' AND g.withdrawn_at IS NULL AND g.until > statement_timestamp()
        GROUP BY g.section, g.principal_id),
    gone AS (
        UPDATE access_grant g SET withdrawn_at = statement_timestamp()
        WHERE g.dossier_id = wanted AND g.source = 'merged' AND g.withdrawn_at IS NULL
          AND NOT EXISTS (SELECT FROM due WHERE due.section = g.section AND due.principal_id = g.principal_id))
    INSERT INTO access_grant (id, dossier_id, unit_id, stage, section, principal_id, writes, source, given_at, until)
    SELECT gen_random_uuid(), d.id, d.unit_id, d.stage, due.section, due.principal_id, due.writes, 'merged',
           statement_timestamp(), due.until
    FROM due
    ON CONFLICT (dossier_id, section, principal_id, source)
    DO UPDATE SET writes = EXCLUDED.writes, until = EXCLUDED.until, withdrawn_at = NULL;
END $$;

CREATE FUNCTION door.team_changed() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE one uuid; file uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.dossier_id ELSE NEW.dossier_id END;
BEGIN
    FOR one IN SELECT door.merged_under(file) LOOP
        PERFORM door.follow_merge(one);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER team_given AFTER INSERT OR UPDATE OF writes, until, withdrawn_at ON access_grant
FOR EACH ROW WHEN (NEW.source = 'team') EXECUTE FUNCTION door.team_changed();
CREATE TRIGGER team_taken AFTER DELETE ON access_grant
FOR EACH ROW WHEN (OLD.source = 'team') EXECUTE FUNCTION door.team_changed();

-- Only into a file of the same unit that is not itself merged. One unit's joinings are made one after the other, so no
-- two of them can close a ring: what is joined to is no report that was merged, and what is merged was merged into none.
CREATE FUNCTION door.check_joining() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE o access_dossier;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('joining|' || NEW.unit_id));
    IF TG_OP = 'UPDATE' THEN
        IF OLD.undone_at IS NOT NULL THEN
            RAISE EXCEPTION 'this joining was undone' USING ERRCODE = 'RA005';
        END IF;
        IF session_user = 'ruangaman_app' AND NEW.undone_by_id IS DISTINCT FROM door.person() THEN
            RAISE EXCEPTION 'undone in somebody else''s name' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO o FROM access_dossier WHERE id = NEW.other_id;
    IF FOUND AND (o.unit_id <> NEW.unit_id OR o.erased_at IS NOT NULL)
       OR NEW.kind = 'merged' AND EXISTS (
           SELECT FROM intake_joining j
           WHERE j.dossier_id = NEW.other_id AND j.kind = 'merged' AND j.undone_at IS NULL) THEN
        RAISE EXCEPTION 'this file can not be joined to' USING ERRCODE = 'RA005';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_joining BEFORE INSERT OR UPDATE OF undone_at ON intake_joining
FOR EACH ROW EXECUTE FUNCTION door.check_joining();

CREATE FUNCTION door.joined() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE one uuid;
BEGIN
    FOR one IN SELECT NEW.dossier_id UNION SELECT door.merged_under(NEW.dossier_id) LOOP
        PERFORM door.follow_merge(one);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER joined AFTER INSERT OR UPDATE OF undone_at ON intake_joining
FOR EACH ROW WHEN (NEW.kind = 'merged') EXECUTE FUNCTION door.joined();
"""
REGIONS = """
-- The answer of the unit to which a report was handed, by its own people; where that unit works outside this system, by
-- the sender's people who may write the file. True once: of two who answer at once the second gets false.
CREATE FUNCTION door.answer_transfer(wanted uuid, accept boolean, said bytea, made uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE one intake_transfer; r intake_report; back text; me uuid := door.person();
BEGIN
    SELECT * INTO one FROM intake_transfer WHERE id = wanted FOR UPDATE;
    IF NOT FOUND OR one.state <> 'sent' OR me IS NULL THEN RETURN false; END IF;
    IF one.to_unit_id IS NOT NULL AND NOT one.to_unit_id = ANY (door.seats('{intake_officer,supervisor,head}')) THEN
        RETURN false;
    END IF;
    IF one.to_unit_id IS NULL AND (one.dossier_id = ANY (door.walled())
       OR NOT (one.stage || ':' || one.unit_id) = ANY (door.reach('administration', 'w'))) THEN
        RETURN false;
    END IF;
    UPDATE intake_transfer SET state = CASE WHEN accept THEN 'accepted' ELSE 'refused' END, answered_by_id = me,
        answered_at = statement_timestamp(), answer = said, became = CASE WHEN accept THEN made END, parcel = NULL
    WHERE id = wanted;
    UPDATE clocks_clock c SET ended_at = statement_timestamp(), ended_by_id = me, fires_at = NULL, ending = 'met'
    FROM clocks_definition f
    WHERE f.id = c.definition_id AND c.dossier_id = one.dossier_id AND c.ended_at IS NULL
      AND 'transfer_answered' = ANY (f.ends_on) AND (c.about IS NULL OR c.about = wanted);
    SELECT * INTO r FROM intake_report WHERE dossier_id = one.dossier_id FOR UPDATE;
    IF NOT accept AND r.triage = 'other_region' THEN
        back := CASE WHEN r.first_answered_at IS NULL THEN 'received' ELSE 'answered' END;
        UPDATE intake_report SET triage = back, triaged_at = NULL WHERE id = r.id;
        INSERT INTO intake_triagemove
            (id, dossier_id, unit_id, stage, before, after, reason, decided_by_id, decided_at)
        VALUES (gen_random_uuid(), r.dossier_id, r.unit_id, r.stage, 'other_region', back, 'came_back', me,
                statement_timestamp());
    END IF;
    RETURN true;
END $$;

-- Whom the task tells of a hand-over: who may answer it in the unit that gets it, for the sender's file of its ticket.
CREATE FUNCTION door.job_takers(wanted uuid) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS NULL OR t.purpose NOT LIKE 'job%' THEN RETURN; END IF;
    RETURN QUERY SELECT DISTINCT m.user_id FROM intake_transfer one
        JOIN access_organisation o ON o.id = one.to_unit_id AND o.is_active
        JOIN access_membership m ON m.organisation_id = o.id AND m.role IN ('intake_officer', 'supervisor')
             AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        WHERE one.id = wanted AND one.dossier_id = t.scope AND one.state = 'sent';
END $$;

-- What is on its way to another unit is sealed for that unit, so it does not die with the keys of the file.
CREATE FUNCTION door.erase_transfers() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_transfer SET parcel = NULL, answer = NULL,
        state = CASE state WHEN 'sent' THEN 'taken_back' ELSE state END,
        answered_at = coalesce(answered_at, NEW.erased_at)
    WHERE dossier_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER erase_transfers AFTER UPDATE OF erased_at ON access_dossier FOR EACH ROW
    WHEN (NEW.erased_at IS NOT NULL) EXECUTE FUNCTION door.erase_transfers();
"""
ABOUT_STAFF = """
-- Who comes to a unit, or takes up a rank in it, is kept out of reports about its staff like everybody of that rank.
CREATE FUNCTION door.keep_out_newcomer() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM access_membership m WHERE m.user_id = NEW.user_id AND m.organisation_id = NEW.organisation_id
               AND m.role IN ('supervisor', 'head', 'data_officer')
               AND (m.until IS NULL OR m.until > statement_timestamp())) THEN
        RETURN NULL;
    END IF;
    INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at)
    SELECT gen_random_uuid(), r.dossier_id, r.unit_id, r.stage, NEW.user_id, statement_timestamp()
    FROM intake_report r JOIN access_dossier d ON d.id = r.dossier_id AND d.erased_at IS NULL
    WHERE r.unit_id = NEW.organisation_id AND r.about_staff AND r.stage <> 'closed'
      AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = r.dossier_id AND w.person_id = NEW.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_out_newcomer AFTER INSERT ON access_membership
FOR EACH ROW EXECUTE FUNCTION door.keep_out_newcomer();
"""
TRIGGERS = ("team_changed()", "check_joining()", "joined()", "erase_transfers()", "keep_out_newcomer()")
WITHIN = ("merged_under(uuid)", "follow_merge(uuid)")  # for other functions of the door alone
APP_DOORS = ("answer_transfer(uuid, boolean, bytea, uuid)",)
JOB_DOORS = ("job_takers(uuid)",)
OWN_NAME = [
    f"CREATE POLICY in_ones_own_name ON {table} AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK ({column} = {ME})"
    for table, column in (
        ("intake_triagemove", "decided_by_id"),
        ("intake_firstact", "done_by_id"),
        ("intake_joining", "joined_by_id"),
        ("intake_transfer", "sent_by_id"),
    )
]


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0013_telephone"),
        ("access", "0006_client_thread"),
        ("clocks", "0002_protection"),
    ]
    operations = [
        migrations.RunSQL(FIRST_ANSWER, migrations.RunSQL.noop),
        migrations.RunSQL(ANSWERED_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(
            MERGING + REGIONS + ABOUT_STAFF,
            "; ".join(
                f"DROP FUNCTION IF EXISTS door.{f} CASCADE"
                for f in (*TRIGGERS, *WITHIN, *APP_DOORS, *JOB_DOORS)
            ),
        ),
        migrations.RunSQL(
            [
                *(
                    f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC"
                    for f in (*TRIGGERS, *WITHIN, *APP_DOORS, *JOB_DOORS)
                ),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {APP}" for f in APP_DOORS),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOB_DOORS),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(OWN_NAME, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                models.F("unit"),
                models.F("stage"),
                models.OrderBy(models.F("danger_now"), descending=True),
                models.F("received_at"),
                models.F("id"),
                condition=models.Q(("in_flood", True), ("triage__in", ["received", "answered"])),
                name="intake_report_flood",
            ),
        ),
        migrations.AlterField(
            model_name="transfer",
            name="basis",
            field=models.CharField(
                choices=[
                    ("agreed", "Pelapor atau korban setuju, dan tahu unit mana"),
                    ("danger", "Bahaya sekarang, diputuskan penyelia"),
                    ("none", "Belum bisa ditanya: hanya yang perlu segera, tanpa nama dan tanpa cerita"),
                ],
                max_length=6,
            ),
        ),
        migrations.AlterField(
            model_name="triagemove",
            name="reason",
            field=models.CharField(
                choices=[
                    ("answered", "Pelapor dijawab"),
                    ("not_from_victim", "Pelapor bukan korban: penjangkauan wajib"),
                    ("cannot_come", "Korban tidak bisa datang dengan aman"),
                    ("comes_herself", "Korban datang atau ingin datang ke kantor"),
                    ("lives_elsewhere", "Korban berada di wilayah unit lain"),
                    ("other_duty", "Lembaga lain yang berwenang"),
                    ("no_violence", "Bukan kekerasan terhadap perempuan atau anak"),
                    ("same_event", "Kejadian ini sudah ada di berkas lain"),
                    ("reporter_wish", "Korban sendiri meminta berhenti"),
                    ("child_alone", "Anak melapor sendiri: didatangi dengan cara yang aman baginya"),
                    ("came_back", "Dikembalikan: bukan wilayah atau tugas mereka"),
                    ("mistaken", "Keputusan sebelumnya dibatalkan"),
                ],
                max_length=15,
            ),
        ),
    ]
