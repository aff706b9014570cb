"""Each new table of a dossier in its section; drafts for their holder; ways, shifts and keys for the unit's people."""

from django.db import migrations

from ruangaman.kernel.protection import Protect
from ruangaman.kernel.roles import APP, WORKER

LEADERS = "'{head,supervisor}'"
OWN_SEATS = "ANY ((SELECT door.own_seats())::uuid[])"
LED = f"ANY ((SELECT door.seats({LEADERS}))::uuid[])"
ME = "(SELECT door.person())"

DRAFTS = [
    # Files of a draft: under the draft's own ticket, as the draft itself.
    "ALTER TABLE intake_draftfile ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON intake_draftfile TO {APP}",
    f"CREATE POLICY own ON intake_draftfile FOR ALL TO {APP} USING (draft_id = (SELECT door.scope('draft')) "
    "AND EXISTS (SELECT FROM intake_draft d WHERE d.id = draft_id)) WITH CHECK (draft_id = (SELECT door.scope('draft')))",
    f"GRANT SELECT (id, draft_id), DELETE ON intake_draftfile TO {WORKER}",
    f"CREATE POLICY expired ON intake_draftfile FOR ALL TO {WORKER} USING "
    "(EXISTS (SELECT FROM intake_draft d WHERE d.id = draft_id))",
    # What is taken down on the telephone: by its officer, while they serve in that unit.
    "ALTER TABLE intake_calldraft ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON intake_calldraft TO {APP}",
    f"CREATE POLICY own ON intake_calldraft FOR ALL TO {APP} USING "
    f"(officer_id = {ME} AND unit_id = {OWN_SEATS} AND expires_at > statement_timestamp()) "
    f"WITH CHECK (officer_id = {ME} AND unit_id = {OWN_SEATS})",
    f"GRANT SELECT (id, expires_at), DELETE ON intake_calldraft TO {WORKER}",
    f"CREATE POLICY expired ON intake_calldraft FOR ALL TO {WORKER} USING (expires_at <= statement_timestamp())",
]
WAYS = [
    "ALTER TABLE intake_way ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, UPDATE ON intake_way TO {APP}",
    f"CREATE POLICY colleagues ON intake_way FOR SELECT TO {APP} USING (unit_id = {OWN_SEATS})",
    f"CREATE POLICY keep ON intake_way FOR ALL TO {APP} USING (unit_id = {LED}) "
    f"WITH CHECK (unit_id = {LED} AND changed_by_id = {ME})",
    "ALTER TABLE intake_appkey ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT ON intake_appkey TO {APP}",
    f"GRANT UPDATE (revoked_by_id, revoked_at) ON intake_appkey TO {APP}",
    f"CREATE POLICY keep ON intake_appkey FOR ALL TO {APP} USING "
    f"(EXISTS (SELECT FROM intake_way w WHERE w.id = way_id AND w.unit_id = {LED})) WITH CHECK "
    f"(EXISTS (SELECT FROM intake_way w WHERE w.id = way_id AND w.unit_id = {LED}) AND made_by_id IS NOT NULL)",
    "ALTER TABLE intake_dutyrule ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, UPDATE ON intake_dutyrule TO {APP}",
    f"CREATE POLICY colleagues ON intake_dutyrule FOR SELECT TO {APP} USING (unit_id = {OWN_SEATS})",
    f"CREATE POLICY keep ON intake_dutyrule FOR ALL TO {APP} USING (unit_id = {LED}) "
    f"WITH CHECK (unit_id = {LED} AND changed_by_id = {ME})",
    "ALTER TABLE intake_shift ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT ON intake_shift TO {APP}",
    f"GRANT UPDATE (cancelled_at) ON intake_shift TO {APP}",
    f"CREATE POLICY colleagues ON intake_shift FOR SELECT TO {APP} USING (unit_id = {OWN_SEATS})",
    f"CREATE POLICY keep ON intake_shift FOR ALL TO {APP} USING (unit_id = {LED}) "
    f"WITH CHECK (unit_id = {LED} AND made_by_id IS NOT NULL)",
    "ALTER TABLE intake_handover ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT ON intake_handover TO {APP}",
    f"GRANT UPDATE (read_at) ON intake_handover TO {APP}",
    # Read by who is on duty or answers for them, not by everybody who works there.
    f"CREATE POLICY colleagues ON intake_handover FOR SELECT TO {APP} USING (unit_id = "
    "ANY ((SELECT door.seats('{intake_officer,supervisor,head}'))::uuid[]))",
    f"CREATE POLICY give ON intake_handover FOR INSERT TO {APP} WITH CHECK (unit_id = {OWN_SEATS} AND given_by_id = {ME})",
    f"CREATE POLICY take ON intake_handover FOR UPDATE TO {APP} USING (to_id = {ME}) WITH CHECK (to_id = {ME})",
]
# Whose code it is: the rows of one client, as long as the code is neither revoked nor locked.
HERS = (
    "EXISTS (SELECT FROM intake_clientthread t WHERE t.id = (SELECT door.scope('client')) "
    "AND t.dossier_id = {table}.dossier_id AND t.person_id = {table}.{person}{more})"
)
MESSAGES = " AND t.opens_messages AND (t.hidden_before IS NULL OR {table}.sent_at >= t.hidden_before)"
CLIENTS = [
    f"CREATE POLICY by_code ON intake_clientthread FOR SELECT TO {APP} USING "
    "(id = (SELECT door.scope('client')) AND revoked_at IS NULL AND locked_at IS NULL)",
    f"CREATE POLICY by_code ON intake_clientmessage FOR SELECT TO {APP} USING ("
    + HERS.format(
        table="intake_clientmessage", person="person_id", more=MESSAGES.format(table="intake_clientmessage")
    )
    + ")",
    f"CREATE POLICY write_by_code ON intake_clientmessage FOR INSERT TO {APP} WITH CHECK ("
    + HERS.format(table="intake_clientmessage", person="person_id", more=" AND t.opens_messages")
    + ")",
    # Nobody speaks in somebody else's name; a client's ticket carries no person.
    f"CREATE POLICY in_ones_own_name ON intake_clientmessage AS RESTRICTIVE FOR INSERT TO {APP} "
    f"WITH CHECK (author_id IS NOT DISTINCT FROM {ME})",
    f"CREATE POLICY by_code ON intake_wish FOR SELECT TO {APP} USING ("
    + HERS.format(table="intake_wish", person="person_id", more="")
    + ")",
    f"CREATE POLICY ask_by_code ON intake_wish FOR INSERT TO {APP} WITH CHECK (answered_by_id IS NULL AND "
    + HERS.format(table="intake_wish", person="person_id", more="")
    + ")",
    f"REVOKE UPDATE ON intake_wish FROM {APP}",
    f"GRANT UPDATE (stage, answer, answered_by_id, answered_at) ON intake_wish TO {APP}",
    f"CREATE POLICY in_ones_own_name ON intake_wish AS RESTRICTIVE FOR UPDATE TO {APP} USING (true) "
    f"WITH CHECK (answered_by_id = {ME})",
]
A_STRANGERS = (
    "added_by_id IS NULL AND ((section = 'thread' AND dossier_id IN "
    "((SELECT door.scope('reporter')), (SELECT door.scope('filing')))) OR (section = 'client_thread' AND "
    + HERS.format(table="papers_paper", person="subject_id", more=" AND t.opens_messages")
    + "))"
)
PAPERS = [
    # A reporter and a client see the files of their own thread, and bring files into it, without an account.
    "DROP POLICY unit_or_own ON papers_paper",
    f"CREATE POLICY unit_or_own ON papers_paper AS RESTRICTIVE FOR SELECT TO {APP} USING (unit_id = {OWN_SEATS} "
    f"OR added_by_id = {ME} OR EXISTS (SELECT FROM papers_letter l WHERE l.paper_id = papers_paper.id "
    "AND l.organisation_id = ANY ((SELECT door.principals())::uuid[])) "
    "OR (section = 'thread' AND NOT is_evidence AND dossier_id = (SELECT door.scope('reporter'))) "
    "OR (section = 'client_thread' AND NOT is_evidence AND "
    + HERS.format(
        table="papers_paper",
        person="subject_id",
        more=" AND t.opens_messages AND (t.hidden_before IS NULL OR papers_paper.added_at >= t.hidden_before)",
    )
    + "))",
    f"CREATE POLICY by_client ON papers_paper FOR SELECT TO {APP} USING (section = 'client_thread' AND NOT is_evidence AND "
    + HERS.format(table="papers_paper", person="subject_id", more=" AND t.opens_messages")
    + ")",
    f"CREATE POLICY add_by_client ON papers_paper FOR INSERT TO {APP} WITH CHECK (section = 'client_thread' AND "
    + HERS.format(table="papers_paper", person="subject_id", more=" AND t.opens_messages")
    + ")",
    "DROP POLICY in_ones_own_name ON papers_paper",
    f"CREATE POLICY in_ones_own_name ON papers_paper AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK "
    f"(added_by_id = {ME} OR ({A_STRANGERS}))",
]
# Of a hand-over to another region: the sender's unit by its section, and who may take it there, the same row.
TAKERS = "ANY ((SELECT door.seats('{intake_officer,supervisor,head}'))::uuid[])"
TRANSFERS = [
    f"CREATE POLICY to_us ON intake_transfer FOR SELECT TO {APP} USING (to_unit_id = {TAKERS})",
    # It is answered through door.answer_transfer alone; the sender takes back what was not answered.
    f"REVOKE UPDATE ON intake_transfer FROM {APP}",
    f"GRANT UPDATE (stage, state, answered_by_id, answered_at, parcel) ON intake_transfer TO {APP}",
    f"CREATE POLICY take_back ON intake_transfer AS RESTRICTIVE FOR UPDATE TO {APP} USING (state = 'sent') "
    f"WITH CHECK (state = 'taken_back' AND answered_by_id = {ME} AND parcel IS NULL)",
    f"REVOKE UPDATE ON intake_callback, intake_joining FROM {APP}",
    f"GRANT UPDATE (stage, ended_at) ON intake_callback TO {APP}",
    f"GRANT UPDATE (stage, undone_by_id, undone_at) ON intake_joining TO {APP}",
]
DOORS = """
-- A draft that its writer took a code for: (its id, its key wrapped by the code); one exact match or nothing.
CREATE FUNCTION door.locate_draft(wanted bytea, OUT draft uuid, OUT code_wrap bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ SELECT d.id, d.code_wrap FROM intake_draft d
   WHERE d.locator = wanted AND length(wanted) = 32 AND d.expires_at > statement_timestamp() $$;

-- A client's thread by the keyed hash of her code; nothing where it was revoked.
CREATE FUNCTION door.locate_client(wanted bytea, OUT thread uuid, OUT dossier uuid, OUT person uuid, OUT key uuid,
                                   OUT code_wrap bytea, OUT locked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ SELECT t.id, t.dossier_id, t.person_id, t.key_id, t.code_wrap, t.locked_at IS NOT NULL FROM intake_clientthread t
   WHERE t.locator = wanted AND length(wanted) = 32 AND t.revoked_at IS NULL $$;

-- Whether her second secret was right: counts the wrong ones that follow each other, and locks at the tenth. Gives
-- whether it is locked now. Whoever calls it holds the code already.
CREATE FUNCTION door.second_secret(wanted bytea, was_right boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE locked timestamptz;
BEGIN
    UPDATE intake_clientthread t SET
        wrong_secrets = CASE WHEN was_right THEN 0 ELSE least(t.wrong_secrets + 1, 1000) END,
        locked_at = CASE WHEN NOT was_right AND t.wrong_secrets + 1 >= 10 AND t.locked_at IS NULL
                         THEN statement_timestamp() ELSE t.locked_at END
    WHERE t.locator = wanted AND length(wanted) = 32 AND (t.locked_at IS NULL OR NOT was_right)
    RETURNING t.locked_at INTO locked;
    RETURN locked IS NOT NULL;
END $$;

-- She hides what is older; the other way round too. Under her own ticket alone.
CREATE FUNCTION door.client_hides(before timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_clientthread SET hidden_before = before
    WHERE id = door.scope('client') AND revoked_at IS NULL AND locked_at IS NULL;
    RETURN FOUND;
END $$;

-- The first visit with a code that an officer has seen gives it up for a new one. Under the reporter's own ticket.
CREATE FUNCTION door.new_code(new_locator bytea, new_wrap bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF length(new_locator) <> 32 THEN RETURN false; END IF;
    UPDATE intake_thread SET locator = new_locator, code_wrap = new_wrap, known_to_staff = false
    WHERE dossier_id = door.scope('reporter') AND known_to_staff;
    RETURN FOUND;
END $$;

-- Files of drafts whose time is over: the task deletes their pieces, then the drafts. Not at once: a report that was
-- sent in the last second is still being written, and makes papers of them.
CREATE FUNCTION door.job_draft_files(OUT file uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ SELECT f.id FROM intake_draftfile f JOIN intake_draft d ON d.id = f.draft_id
   WHERE d.expires_at <= statement_timestamp() - interval '5 minutes' LIMIT 1000 $$;

-- A partner application by the keyed hash of its secret: which key, way and unit; that it was used is noted by the day.
CREATE FUNCTION door.app_key(wanted bytea, OUT app uuid, OUT way uuid, OUT unit uuid, OUT channel text,
                             OUT needs_ticket boolean, OUT takes_anonymous boolean, OUT usual_reporter text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    SELECT k.id, w.id, w.unit_id, w.channel, w.needs_ticket, w.takes_anonymous, w.usual_reporter
    INTO app, way, unit, channel, needs_ticket, takes_anonymous, usual_reporter
    FROM intake_appkey k JOIN intake_way w ON w.id = k.way_id
    JOIN access_organisation o ON o.id = w.unit_id AND o.is_active
    WHERE k.secret_hash = wanted AND length(wanted) = 32 AND k.revoked_at IS NULL AND w.is_active;
    IF app IS NOT NULL THEN
        UPDATE intake_appkey SET used_on = current_date WHERE id = app AND used_on IS DISTINCT FROM current_date;
    END IF;
END $$;

-- What was delivered under a number before, for the same way's key: (dossier, digest of the content, receipt, word).
CREATE FUNCTION door.delivered(secret bytea, wanted bytea, OUT dossier uuid, OUT content bytea, OUT receipt bytea,
                               OUT delivery uuid, OUT word text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT d.dossier_id, d.content_hash, CASE WHEN d.receipt_until > statement_timestamp() THEN d.receipt END, d.id,
           t.status::text
    FROM intake_appkey k JOIN intake_delivery d ON d.way_id = k.way_id
    LEFT JOIN intake_thread t ON t.dossier_id = d.dossier_id
    WHERE k.secret_hash = secret AND length(secret) = 32 AND k.revoked_at IS NULL
      AND d.number_hash = wanted AND length(wanted) = 32 $$;

-- A report about somebody of the service: its unit's officers are kept out by walls, and whoever bears that name,
-- until a supervisor decides otherwise. Under the ticket with which it is filed.
CREATE FUNCTION door.keep_out(wanted uuid, alike uuid[]) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier; made integer;
BEGIN
    IF wanted IS DISTINCT FROM door.scope('filing') THEN RETURN 0; END IF;
    SELECT * INTO d FROM access_dossier WHERE id = wanted;
    INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at)
    SELECT gen_random_uuid(), d.id, d.unit_id, d.stage, m.user_id, d.opened_at
    FROM access_membership m JOIN access_user u ON u.id = m.user_id AND u.is_active
    WHERE m.organisation_id = d.unit_id AND m.since <= statement_timestamp()
      AND (m.until IS NULL OR m.until > statement_timestamp())
    GROUP BY m.user_id
    HAVING m.user_id = ANY (alike) OR NOT bool_or(m.role IN ('supervisor', 'head', 'data_officer'));
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;

-- Nobody is on duty twice at one time in one unit.
CREATE FUNCTION door.one_shift() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('shift|' || NEW.person_id));
    IF EXISTS (SELECT FROM intake_shift s WHERE s.person_id = NEW.person_id AND s.cancelled_at IS NULL
               AND s.id <> NEW.id AND s.starts_at < NEW.ends_at AND s.ends_at > NEW.starts_at) THEN
        RAISE EXCEPTION 'this person is on duty at that time' USING ERRCODE = 'RA004';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.one_shift() FROM PUBLIC;
CREATE TRIGGER one_shift BEFORE INSERT ON intake_shift FOR EACH ROW EXECUTE FUNCTION door.one_shift();
"""
APP_DOORS = (
    "locate_draft(bytea)",
    "locate_client(bytea)",
    "second_secret(bytea, boolean)",
    "client_hides(timestamptz)",
    "new_code(bytea, bytea)",
    "app_key(bytea)",
    "delivered(bytea, bytea)",
    "keep_out(uuid, uuid[])",
)
JOB_DOORS = ("job_draft_files()",)


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0007_handling"),
        ("papers", "0005_client_thread"),
        ("network", "0004_aptitude_protection"),
    ]
    operations = [
        Protect("Delivery", section="administration", updates=False),
        # That a telephone was wiped is stated through door.wiped (0011).
        Protect("Talk", section="narrative", updates=False),
        Protect("CallBack", section="reporter"),
        Protect("CallTry", section="reporter", updates=False),
        # Made by a task and changed through door.take_ring alone (0012).
        Protect("Ring", section="administration", updates=False),
        Protect("ClientThread", section="client_thread"),
        Protect("ClientMessage", section="client_thread", updates=False),
        Protect("Wish", section="client_thread"),
        Protect("FirstAct", section="administration", updates=False),
        Protect("Joining", section="administration"),
        Protect("Transfer", section="administration"),
        migrations.RunSQL(
            DOORS,
            "DROP FUNCTION door.one_shift() CASCADE; "
            + "; ".join(f"DROP FUNCTION door.{f} CASCADE" for f in (*APP_DOORS, *JOB_DOORS)),
        ),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in (*APP_DOORS, *JOB_DOORS)),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {APP}" for f in APP_DOORS),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOB_DOORS),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL([*DRAFTS, *WAYS, *CLIENTS, *PAPERS, *TRANSFERS], migrations.RunSQL.noop),
    ]
