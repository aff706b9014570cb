"""A report about staff that nobody of its unit may read goes to another one; who was let into a merged report."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ruangaman.intake.migrations._0016_handing_on import HANDING_ON, UNREAD
from ruangaman.kernel.roles import APP, WORKER

TAKING = """
-- As 0014 has it, and: what tells of a member of staff is answered by a supervisor or the head who is not kept out. Where
-- nobody of the sender's unit may read it, the yes of the taking unit is the decision, and ends what ran there.
CREATE OR REPLACE FUNCTION door.answer_transfer(wanted uuid, accept boolean, said bytea, made uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE one intake_transfer; r intake_report; back text; me uuid := door.person();
BEGIN
    SELECT * INTO one FROM intake_transfer WHERE id = wanted FOR UPDATE;
    IF NOT FOUND OR one.state <> 'sent' OR me IS NULL OR one.dossier_id = ANY (door.walled()) THEN RETURN false; END IF;
    IF one.to_unit_id IS NOT NULL AND NOT one.to_unit_id = ANY (door.seats(
        CASE WHEN one.about_staff THEN '{supervisor,head}' ELSE '{intake_officer,supervisor,head}' END::text[])) THEN
        RETURN false;
    END IF;
    IF one.to_unit_id IS NULL AND NOT (one.stage || ':' || one.unit_id) = ANY (door.reach('administration', 'w')) THEN
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
    ELSIF accept AND one.basis = 'unread' AND r.triage <> 'other_region' THEN
        UPDATE intake_report SET triage = 'other_region', triaged_at = statement_timestamp(), awaits_outreach = false
        WHERE id = r.id;
        INSERT INTO intake_triagemove
            (id, dossier_id, unit_id, stage, before, after, reason, decided_by_id, decided_at)
        VALUES (gen_random_uuid(), r.dossier_id, r.unit_id, r.stage, r.triage, 'other_region', 'unread', me,
                statement_timestamp());
        UPDATE clocks_clock SET ended_at = statement_timestamp(), ended_by_id = me, fires_at = NULL,
            ending = 'not_needed'
        WHERE dossier_id = one.dossier_id AND ended_at IS NULL;
    END IF;
    RETURN true;
END $$;

-- After the yes, by who gave it: whoever of the taking unit is kept out of the sender's file is kept out of the new one.
-- Where nobody of the sender's unit may read it, the conversation moves as well, with its key, its files and the number
-- by which an application asks: what its reporter writes must not be read by nobody. Their code stays as it is.
CREATE FUNCTION door.take_over(wanted uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE one intake_transfer; d access_dossier;
BEGIN
    SELECT * INTO one FROM intake_transfer WHERE id = wanted AND state = 'accepted' AND about_staff
        AND answered_by_id = door.person() FOR UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    SELECT * INTO d FROM access_dossier WHERE id = one.became AND unit_id = one.to_unit_id AND stage = 'intake';
    IF NOT FOUND OR d.opened_at < one.sent_at THEN RETURN false; END IF;
    INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at)
    SELECT gen_random_uuid(), d.id, d.unit_id, d.stage, w.person_id, statement_timestamp()
    FROM access_wall w
    WHERE w.dossier_id = one.dossier_id AND w.lifted_at IS NULL
      AND EXISTS (SELECT FROM access_membership m WHERE m.user_id = w.person_id AND m.organisation_id = d.unit_id)
      AND NOT EXISTS (SELECT FROM access_wall o WHERE o.dossier_id = d.id AND o.person_id = w.person_id)
    GROUP BY w.person_id;
    IF one.basis = 'unread' AND EXISTS (SELECT FROM intake_thread WHERE dossier_id = one.dossier_id) THEN
        DELETE FROM intake_thread WHERE dossier_id = d.id;
        DELETE FROM access_datakey WHERE dossier_id = d.id AND section = 'thread';
        UPDATE access_datakey SET dossier_id = d.id, unit_id = d.unit_id, stage = d.stage
        WHERE dossier_id = one.dossier_id AND section = 'thread';
        UPDATE intake_thread SET dossier_id = d.id, unit_id = d.unit_id, stage = d.stage
        WHERE dossier_id = one.dossier_id;
        UPDATE intake_message SET dossier_id = d.id, unit_id = d.unit_id, stage = d.stage
        WHERE dossier_id = one.dossier_id;
        UPDATE papers_paper p SET dossier_id = d.id, unit_id = d.unit_id, stage = d.stage
        WHERE dossier_id = one.dossier_id AND section = 'thread'
          AND NOT EXISTS (SELECT FROM papers_letter l WHERE l.paper_id = p.id);
        UPDATE papers_opening SET dossier_id = d.id, unit_id = d.unit_id, stage = d.stage
        WHERE dossier_id = one.dossier_id AND section = 'thread';
        UPDATE papers_custody SET dossier_id = d.id, unit_id = d.unit_id, stage = d.stage
        WHERE dossier_id = one.dossier_id AND section = 'thread';
        UPDATE intake_delivery SET dossier_id = d.id, unit_id = d.unit_id, stage = d.stage
        WHERE dossier_id = one.dossier_id;
    END IF;
    RETURN true;
END $$;

-- By who sends a report about staff to another unit: whoever bears that name there is kept out, as here.
CREATE FUNCTION door.keep_out_there(wanted uuid, alike uuid[]) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE made integer;
BEGIN
    INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at)
    SELECT gen_random_uuid(), t.dossier_id, t.unit_id, t.stage, m.user_id, statement_timestamp()
    FROM intake_transfer t JOIN access_membership m ON m.organisation_id = t.to_unit_id
    WHERE t.id = wanted AND t.about_staff AND t.state = 'sent' AND t.sent_by_id = door.person()
      AND m.user_id = ANY (alike) AND (m.until IS NULL OR m.until > statement_timestamp())
      AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = t.dossier_id AND w.person_id = m.user_id
                      AND w.lifted_at IS NULL)
    GROUP BY t.dossier_id, t.unit_id, t.stage, m.user_id;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;

CREATE OR REPLACE FUNCTION door.job_takers(wanted uuid) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS NULL OR t.purpose NOT LIKE 'job%' THEN RETURN; END IF;
    RETURN QUERY SELECT DISTINCT m.user_id FROM intake_transfer one
        JOIN access_organisation o ON o.id = one.to_unit_id AND o.is_active
        JOIN access_membership m ON m.organisation_id = o.id
             AND (m.role = 'supervisor' OR m.role = CASE WHEN one.about_staff THEN 'head' ELSE 'intake_officer' END)
             AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        WHERE one.id = wanted AND one.dossier_id = t.scope AND one.state = 'sent'
          AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = one.dossier_id AND w.person_id = m.user_id
                          AND w.lifted_at IS NULL);
END $$;
"""
PAPERS_MOVE = """
-- As papers/0002 has it, and: a file of a conversation goes where the conversation goes (door.take_over). No statement of
-- the web itself moves one, and what it is never changes.
CREATE OR REPLACE FUNCTION door.evidence_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.state <> 'receiving' AND session_user IN ('ruangaman_app') AND (
       NEW.dossier_id IS DISTINCT FROM OLD.dossier_id AND (current_user = session_user OR OLD.section <> 'thread') OR
       (NEW.id, NEW.is_evidence, NEW.name, NEW.digest, NEW.size, NEW.pieces, NEW.content_type,
        NEW.origin, NEW.added_by_id, NEW.added_at, NEW.kept_at, NEW.key_id, NEW.section, NEW.state)
       IS DISTINCT FROM
       (OLD.id, OLD.is_evidence, OLD.name, OLD.digest, OLD.size, OLD.pieces, OLD.content_type,
        OLD.origin, OLD.added_by_id, OLD.added_at, OLD.kept_at, OLD.key_id, OLD.section, OLD.state))
    THEN
        RAISE EXCEPTION 'what was kept is never altered' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
NEWCOMERS = """
-- As 0014 has it, and: who gives up their rank in a unit and stays there is kept out like everybody of the rank they keep;
-- of a report that another unit took over because nobody here may read it, whoever comes here is kept out, of any rank.
CREATE OR REPLACE FUNCTION door.keep_out_newcomer() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE of_rank boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM access_membership m
                   WHERE m.user_id = NEW.user_id AND m.organisation_id = NEW.organisation_id
                     AND (m.until IS NULL OR m.until > statement_timestamp())) THEN
        RETURN NULL;
    END IF;
    of_rank := EXISTS (
        SELECT FROM access_membership m WHERE m.user_id = NEW.user_id AND m.organisation_id = NEW.organisation_id
        AND m.role IN ('supervisor', 'head', 'data_officer') AND (m.until IS NULL OR m.until > statement_timestamp()));
    INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at)
    SELECT gen_random_uuid(), r.dossier_id, r.unit_id, r.stage, NEW.user_id, statement_timestamp()
    FROM intake_report r JOIN access_dossier d ON d.id = r.dossier_id AND d.erased_at IS NULL
    WHERE r.unit_id = NEW.organisation_id AND r.about_staff
      AND CASE WHEN of_rank THEN EXISTS (SELECT FROM intake_transfer t WHERE t.dossier_id = r.dossier_id
                                         AND t.basis = 'unread' AND t.state = 'accepted')
               ELSE r.stage <> 'closed' END
      AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = r.dossier_id AND w.person_id = NEW.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_out_who_steps_down AFTER UPDATE OF until ON access_membership
FOR EACH ROW WHEN (NEW.until IS NOT NULL) EXECUTE FUNCTION door.keep_out_newcomer();
"""
LET_IN = """
-- Who reads a report, or those merged into a file, because they work on the file it was merged into: for the ledger of
-- those reports, by who looks after the team of what is named. Those who have it, and those who lost it just now.
CREATE FUNCTION door.let_in_by_merge(wanted uuid, somebody uuid, OUT dossier uuid, OUT unit uuid, OUT person uuid,
                                     OUT lives boolean, OUT sections text[]) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier;
BEGIN
    SELECT * INTO d FROM access_dossier WHERE id = wanted;
    IF NOT FOUND OR wanted = ANY (door.walled()) OR NOT (
        (d.stage || ':' || d.unit_id) = ANY (door.reach('team', 'w')) OR wanted = ANY (door.teams('w'))
        OR EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = wanted AND g.principal_id = door.person()
                   AND g.section = 'team' AND g.writes AND g.withdrawn_at >= transaction_timestamp())) THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT g.dossier_id, g.unit_id, g.principal_id, g.withdrawn_at IS NULL,
                        array_agg(g.section::text ORDER BY g.section)
                 FROM access_grant g
                 WHERE (g.dossier_id = wanted OR g.dossier_id IN (SELECT door.merged_under(wanted)))
                   AND g.source = 'merged' AND (somebody IS NULL OR g.principal_id = somebody)
                   AND (g.withdrawn_at IS NULL AND g.until > statement_timestamp()
                        OR g.withdrawn_at >= transaction_timestamp())
                 GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4;
END $$;
"""
TABLES = [
    # What tells of a member of staff of another unit is not every officer's here, nor theirs who is kept out of it.
    "DROP POLICY to_us ON intake_transfer",
    f"CREATE POLICY to_us ON intake_transfer FOR SELECT TO {APP} USING ("
    "to_unit_id = ANY ((SELECT door.seats('{intake_officer,supervisor,head}'))::uuid[]) "
    "AND (NOT about_staff OR to_unit_id = ANY ((SELECT door.seats('{supervisor,head}'))::uuid[])) "
    "AND dossier_id <> ALL ((SELECT door.walled())::uuid[]))",
]
WITHIN = ("has_reader(uuid, uuid)", "unread()", "highest_over(uuid)")  # for other functions of the door alone
APP_DOORS = (
    "units_without_reader()",
    "take_over(uuid)",
    "keep_out_there(uuid, uuid[])",
    "let_in_by_merge(uuid, uuid)",
)
JOB_DOORS = (
    "job_unread(integer)",
    "job_seniors()",
    "job_unread_report(uuid)",
    "job_hand_on(uuid, uuid, uuid, uuid[], bytea, text, jsonb)",
    "job_administrators(uuid, uuid[])",
)


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0015_outreach"),
        ("papers", "0005_client_thread"),
        ("people", "0002_protection"),
        ("notices", "0005_no_reader"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("transfer", "about_staff", models.BooleanField(default=False)),
        migrations.AlterField(
            "transfer",
            "sent_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "transfer",
            "basis",
            models.CharField(
                choices=[
                    ("agreed", "Pelapor atau korban setuju, dan tahu unit mana"),
                    ("danger", "Bahaya sekarang, diputuskan penyelia"),
                    ("none", "Belum bisa ditanya: hanya yang perlu segera, tanpa nama dan tanpa cerita"),
                    ("unread", "Tentang petugas, dan di unit pengirim tidak ada yang boleh membacanya"),
                ],
                max_length=6,
            ),
        ),
        migrations.AlterField(
            "triagemove",
            "reason",
            models.CharField(
                choices=[
                    ("answered", "Pelapor dijawab"),
                    ("not_from_victim", "Pelapor bukan korban: penjangkauan wajib"),
                    ("cannot_come", "Korban tidak bisa datang dengan aman"),
                    ("comes_herself", "Korban datang atau ingin datang ke kantor"),
                    ("lives_elsewhere", "Korban berada di wilayah unit lain"),
                    ("unread", "Tentang petugas, dan di unit ini tidak ada yang boleh membacanya"),
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
        migrations.AddConstraint(
            "transfer",
            models.CheckConstraint(
                condition=models.Q(("about_staff", True), ("basis", "unread"), ("sent_by", None))
                | (models.Q(("basis", "unread"), _negated=True) & models.Q(("sent_by__isnull", False))),
                name="intake_transfer_sent_by_somebody",
            ),
        ),
        migrations.AddIndex(
            "report",
            models.Index(
                fields=["received_at"],
                condition=models.Q(("about_staff", True)),
                name="intake_report_of_staff",
            ),
        ),
        migrations.RunSQL(
            UNREAD + HANDING_ON + TAKING + PAPERS_MOVE + NEWCOMERS + LET_IN,
            "DROP TRIGGER keep_out_who_steps_down ON access_membership; "
            + "; ".join(f"DROP FUNCTION door.{f}" for f in (*APP_DOORS, *JOB_DOORS, *reversed(WITHIN))),
        ),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in (*WITHIN, *APP_DOORS, *JOB_DOORS)),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {APP}" for f in APP_DOORS),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOB_DOORS),
                *TABLES,
            ],
            migrations.RunSQL.noop,
        ),
    ]
