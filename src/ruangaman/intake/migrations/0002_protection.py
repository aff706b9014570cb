"""Each table of a report in its section; the way back by a code; drafts for their key's holder alone."""

from django.db import migrations

from ruangaman.kernel.protection import Protect
from ruangaman.kernel.roles import APP, WORKER

LOCATE = """
-- From the keyed hash of a code to its thread: one exact match or nothing. The list of threads can't be read this way.
CREATE FUNCTION door.locate(wanted bytea, OUT dossier uuid, OUT key uuid, OUT code_wrap bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ SELECT dossier_id, key_id, code_wrap FROM intake_thread WHERE locator = wanted AND length(wanted) = 32 $$;
"""
FIRST_ANSWER = """
-- The first answer is a moment that the standards count (I.1), whoever gives it: a companion answers in the thread and
-- may not write the administration of the file.
CREATE FUNCTION door.first_answer() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_report SET first_answered_at = NEW.sent_at
    WHERE dossier_id = NEW.dossier_id AND first_answered_at IS NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.first_answer() FROM PUBLIC;
CREATE TRIGGER first_answer AFTER INSERT ON intake_message FOR EACH ROW
WHEN (NEW.author_id IS NOT NULL) EXECUTE FUNCTION door.first_answer();
"""
AWAITED = """
-- Whether somebody must still try to reach her: no attempt since the decision stands open, has reached her, or was
-- declined by herself (care.md 5). A companion ends an attempt and may not write the administration of the file.
CREATE FUNCTION door.outreach_awaited() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_report r SET awaits_outreach = NOT EXISTS (
        SELECT FROM intake_outreach o WHERE o.dossier_id = r.dossier_id
        AND o.planned_at >= r.triaged_at AND o.result IN ('', 'reached', 'declined'))
    WHERE r.dossier_id = NEW.dossier_id AND r.triage = 'outreach';
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.outreach_awaited() FROM PUBLIC;
CREATE TRIGGER outreach_awaited AFTER INSERT OR UPDATE OF result ON intake_outreach
FOR EACH ROW EXECUTE FUNCTION door.outreach_awaited();
"""
TELL = """
-- The one word of three that a code shows, said by who may write the thread, or move the file itself: a supervisor ends
-- a case and may not write in its thread. A reporter's ticket reaches neither way.
CREATE FUNCTION door.tell_reporter(wanted uuid, word text) RETURNS boolean
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
    RETURN FOUND;
END $$;
"""
DRAFTS = [
    "REVOKE ALL ON FUNCTION door.tell_reporter(uuid, text) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION door.tell_reporter(uuid, text) TO {APP}",
    "REVOKE ALL ON FUNCTION door.locate(bytea) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION door.locate(bytea) TO {APP}",
    # Nobody speaks in somebody else's name: a reporter's ticket carries no person, so it can't write as the unit.
    f"CREATE POLICY in_ones_own_name ON intake_message AS RESTRICTIVE FOR INSERT TO {APP} "
    "WITH CHECK (author_id IS NOT DISTINCT FROM (SELECT door.person()))",
    "ALTER TABLE intake_draft ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON intake_draft TO {APP}",
    f"CREATE POLICY own ON intake_draft FOR ALL TO {APP} USING (id = (SELECT door.scope('draft')) AND expires_at > statement_timestamp()) "
    "WITH CHECK (id = (SELECT door.scope('draft')))",
    f"GRANT SELECT (id, expires_at), DELETE ON intake_draft TO {WORKER}",
    f"CREATE POLICY expired ON intake_draft FOR ALL TO {WORKER} USING (expires_at <= statement_timestamp())",
]


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("people", "0002_protection")]
    operations = [
        Protect(
            "Report",
            section="administration",
            facts=(
                "id",
                "dossier_id",
                "unit_id",
                "stage",
                "channel",
                "reporter_kind",
                "danger_now",
                "place_id",
                "received_at",
                "first_answered_at",
                "triage",
                "triaged_at",
            ),
        ),
        Protect("Story", section="narrative"),
        Protect("SafeContact", section="reporter"),
        Protect("Thread", section="thread"),
        Protect("Message", section="thread", updates=False),
        Protect(
            "TriageMove",
            section="administration",
            updates=False,
            facts=("id", "dossier_id", "unit_id", "stage", "before", "after", "reason", "decided_at"),
        ),
        Protect(
            "Outreach",
            section="risk",
            facts=(
                "id",
                "dossier_id",
                "unit_id",
                "stage",
                "place_kind",
                "planned_at",
                "starts_at",
                "result",
                "ended_at",
            ),
        ),
        migrations.RunSQL(LOCATE, "DROP FUNCTION door.locate(bytea)"),
        migrations.RunSQL(TELL, "DROP FUNCTION door.tell_reporter(uuid, text)"),
        migrations.RunSQL(DRAFTS, migrations.RunSQL.noop),
        migrations.RunSQL(FIRST_ANSWER, "DROP FUNCTION door.first_answer() CASCADE"),
        migrations.RunSQL(AWAITED, "DROP FUNCTION door.outreach_awaited() CASCADE"),
    ]
