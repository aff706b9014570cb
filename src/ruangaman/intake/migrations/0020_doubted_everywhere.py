"""A contact in doubt is in doubt wherever it was taken: in a file that was merged, and in a unit it was handed to; and
who opens a number is told of colleagues in merged files too.
"""

from django.db import migrations

from ruangaman.kernel.roles import APP
from ruangaman.people.migrations._0012_calling import OF_ONE, calling

FILES = """
-- A file and those merged with it, the one that holds them first. Nothing but ids, for other functions of the door.
CREATE FUNCTION door.merged_files(of_dossier uuid) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = public, pg_catalog, pg_temp AS $$
    WITH root AS (
        SELECT coalesce((SELECT j.other_id FROM intake_joining j WHERE j.dossier_id = of_dossier
                         AND j.kind = 'merged' AND j.undone_at IS NULL), of_dossier) AS id)
    SELECT root.id || ARRAY(SELECT j.dossier_id FROM intake_joining j WHERE j.other_id = root.id
                            AND j.kind = 'merged' AND j.undone_at IS NULL) FROM root $$;
REVOKE ALL ON FUNCTION door.merged_files(uuid) FROM PUBLIC;
"""
HANDED_ON = """
-- Into which files of other units a report was taken, and from there on. Nothing but ids, for other functions of the door.
CREATE FUNCTION door.handed_on(of_dossier uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = public, pg_catalog, pg_temp AS $$
    WITH RECURSIVE taken AS (
        SELECT t.became AS id FROM intake_transfer t WHERE t.dossier_id = of_dossier AND t.became IS NOT NULL
        UNION
        SELECT t.became FROM intake_transfer t JOIN taken ON t.dossier_id = taken.id WHERE t.became IS NOT NULL)
    SELECT id FROM taken $$;
REVOKE ALL ON FUNCTION door.handed_on(uuid) FROM PUBLIC;
"""
TOLD = """
-- As 0017 has it, and: in every file that was merged with hers, and where a unit took over what she or her family told.
CREATE OR REPLACE FUNCTION door.contact_doubted() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE files uuid[] := door.merged_files(NEW.dossier_id);
BEGIN
    UPDATE people_contact SET doubted_at = NEW.asked_at
    WHERE doubted_at IS NULL AND id IN (
        SELECT DISTINCT ON (c.dossier_id) c.id
        FROM people_contact c JOIN people_person q ON q.id = c.person_id
        WHERE c.dossier_id = ANY (files)
          AND q.one_id = (SELECT p.one_id FROM people_person p WHERE p.id = NEW.person_id)
        ORDER BY c.dossier_id, c.confirmed_at DESC, c.id DESC);
    PERFORM FROM intake_safecontact WHERE dossier_id = ANY (files) ORDER BY id FOR UPDATE;
    UPDATE intake_safecontact SET doubted_at = NEW.asked_at, never_call = true
    WHERE doubted_at IS NULL AND dossier_id IN (
        SELECT h FROM unnest(files) f JOIN intake_report r ON r.dossier_id = f, door.handed_on(f) h
        WHERE r.reporter_kind NOT IN ('public', 'institution', 'witness'));
    RETURN NULL;
END $$;

-- As 0017 has it, and: in the unit that took the report over, which the code of the report never tells.
CREATE OR REPLACE FUNCTION door.reporter_doubts(told_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    -- Who is taking it over at this moment is waited for (door.parcel_contact_safe).
    PERFORM FROM intake_safecontact WHERE dossier_id = door.scope('reporter') FOR UPDATE;
    UPDATE intake_safecontact SET doubted_at = told_at, never_call = true
    WHERE doubted_at IS NULL
      AND (dossier_id = door.scope('reporter') OR dossier_id IN (SELECT door.handed_on(door.scope('reporter'))));
    RETURN FOUND;
END $$;
"""
AS_BEFORE = """
CREATE OR REPLACE FUNCTION door.contact_doubted() RETURNS trigger
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
CREATE OR REPLACE FUNCTION door.reporter_doubts(told_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_safecontact SET doubted_at = told_at, never_call = true
    WHERE dossier_id = door.scope('reporter') AND doubted_at IS NULL;
    RETURN FOUND;
END $$;
"""
TAKEN = f"""
-- Whether the contact that was sealed for a unit when a report was handed on may still be used as it is taken. Told to who
-- has just taken it, and to nobody else.
CREATE FUNCTION door.parcel_contact_safe(wanted uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE one intake_transfer;
BEGIN
    SELECT * INTO one FROM intake_transfer
    WHERE id = wanted AND state = 'accepted' AND answered_by_id = door.person();
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM FROM intake_safecontact WHERE dossier_id = one.dossier_id ORDER BY id FOR SHARE;
    -- What was sealed is the old one, even if another was confirmed since.
    RETURN NOT EXISTS (SELECT FROM door.reporter_way(one.dossier_id) w WHERE w.doubted OR w.hers IS NOT NULL)
        AND NOT EXISTS (SELECT FROM ledger_entry e WHERE e.dossier_id = one.dossier_id AND e.verb = 'wished'
                        AND 'other_contact' = ANY (e.fields_named) AND e.at > one.sent_at);
END $$;
REVOKE ALL ON FUNCTION door.parcel_contact_safe(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.parcel_contact_safe(uuid) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0019_later_names"), ("people", "0012_one_call_at_a_time")]
    operations = [
        migrations.RunSQL(FILES, "DROP FUNCTION door.merged_files(uuid)"),
        migrations.RunSQL(HANDED_ON, "DROP FUNCTION door.handed_on(uuid)"),
        migrations.RunSQL(TOLD, AS_BEFORE),
        migrations.RunSQL(TAKEN, "DROP FUNCTION door.parcel_contact_safe(uuid)"),
        migrations.RunSQL(calling("door.merged_files(of_dossier)"), OF_ONE),
    ]
