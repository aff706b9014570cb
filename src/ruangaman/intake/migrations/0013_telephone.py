"""What telephone intake and calling back need of the database beyond their tables."""

from django.db import migrations

from ruangaman.kernel.roles import APP

SPOKEN_WITH = """
-- Who was spoken with is answered in that moment: the report, its triage, the word that a code shows, and the clocks
-- that an answer ends. Under the ticket with which it is filed, because a report about somebody of the service is out of
-- reach of the officer who took it down as soon as it is written.
CREATE FUNCTION door.spoken_with(wanted uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE r intake_report; move uuid := gen_random_uuid();
BEGIN
    IF wanted IS DISTINCT FROM door.scope('filing') THEN RETURN NULL; END IF;
    UPDATE intake_report SET first_answered_at = received_at, triage = 'answered'
    WHERE dossier_id = wanted AND taken_by_id IS NOT NULL AND first_answered_at IS NULL AND triage = 'received'
      AND channel IN ('office', 'post', 'phone_112', 'call_centre', 'rp3', 'local')
    RETURNING * INTO r;
    IF NOT FOUND THEN RETURN NULL; END IF;
    INSERT INTO intake_triagemove (id, dossier_id, unit_id, stage, before, after, reason, decided_by_id, decided_at)
    VALUES (move, wanted, r.unit_id, r.stage, 'received', 'answered', 'answered', r.taken_by_id, r.received_at);
    UPDATE intake_thread SET status = 'in_progress' WHERE dossier_id = wanted AND status = 'received';
    UPDATE clocks_clock c SET ended_at = r.received_at, ended_by_id = r.taken_by_id, fires_at = NULL, ending = 'met'
    FROM clocks_definition def
    WHERE def.id = c.definition_id AND c.dossier_id = wanted AND c.ended_at IS NULL
      AND 'report_answered' = ANY (def.ends_on);
    RETURN move;
END $$;
"""
MAY_CALL = """
-- Nobody is called who asked never to be, or to be reached another way; nor the victim herself where her own contact
-- says so by now. Whatever the program believes. Source: care.md 7.
CREATE FUNCTION door.may_call() RETURNS trigger
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
REVOKE ALL ON FUNCTION door.may_call() FROM PUBLIC;
CREATE TRIGGER may_call BEFORE INSERT ON intake_calltry FOR EACH ROW EXECUTE FUNCTION door.may_call();
"""
GRANTS = [
    "REVOKE ALL ON FUNCTION door.spoken_with(uuid) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION door.spoken_with(uuid) TO {APP}",
    # A call that was tried comes again in the next safe hours: who writes the reporter's section moves it.
    f"GRANT UPDATE (not_before) ON intake_callback TO {APP}",
    # Nobody calls in somebody else's name.
    f"CREATE POLICY in_ones_own_name ON intake_calltry AS RESTRICTIVE FOR INSERT TO {APP} "
    "WITH CHECK (tried_by_id = (SELECT door.person()))",
    f"CREATE POLICY in_ones_own_name ON intake_callback AS RESTRICTIVE FOR INSERT TO {APP} "
    "WITH CHECK (asked_by_id = (SELECT door.person()))",
]


class Migration(migrations.Migration):
    dependencies = [("intake", "0012_duty_roster"), ("clocks", "0005_client_thread")]
    operations = [
        migrations.RunSQL(SPOKEN_WITH, "DROP FUNCTION door.spoken_with(uuid)"),
        migrations.RunSQL(MAY_CALL, "DROP FUNCTION door.may_call() CASCADE"),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
