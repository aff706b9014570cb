"""Who is one person with whom is worked out by the database."""

from django.db import migrations

from ruangaman.kernel.protection import Protect
from ruangaman.kernel.roles import APP

SPINE = ("id", "dossier_id", "unit_id", "stage")
ONE = f"""
-- The one that a record was found to be: of a dossier's records that are linked, the first of the client's own section,
-- so that a partner who sees the client learns of no other record of hers (as a reporter, say).
CREATE FUNCTION door.one(wanted uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ SELECT one_id FROM people_person WHERE id = wanted $$;
REVOKE ALL ON FUNCTION door.one(uuid) FROM PUBLIC;

CREATE FUNCTION door.own_one() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    NEW.one_id := NEW.id;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.own_one() FROM PUBLIC;
CREATE TRIGGER own_one BEFORE INSERT ON people_person FOR EACH ROW EXECUTE FUNCTION door.own_one();

-- What is written at this moment about who is who in one dossier must see each other: links, parts, a new section.
CREATE FUNCTION door.who_is_who(of_dossier uuid) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$ SELECT pg_advisory_xact_lock(hashtextextended('one:' || of_dossier::text, 0)) $$;
REVOKE ALL ON FUNCTION door.who_is_who(uuid) FROM PUBLIC;

CREATE FUNCTION door.gather(of_dossier uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM door.who_is_who(of_dossier);
    WITH RECURSIVE edge (a, b) AS (
        SELECT person_id, other_id FROM people_likeness
        WHERE dossier_id = of_dossier AND other_dossier_id = of_dossier AND decision = 'same' AND undone_at IS NULL
        UNION ALL
        SELECT other_id, person_id FROM people_likeness
        WHERE dossier_id = of_dossier AND other_dossier_id = of_dossier AND decision = 'same' AND undone_at IS NULL
    ), reach (person, seen) AS (
        SELECT id, id FROM people_person WHERE dossier_id = of_dossier
        UNION
        SELECT r.person, e.b FROM reach r JOIN edge e ON e.a = r.seen
    ), best AS (
        SELECT DISTINCT ON (r.person) r.person, p.id AS one FROM reach r JOIN people_person p ON p.id = r.seen
        ORDER BY r.person, p.section <> 'identity', p.id
    )
    UPDATE people_person p SET one_id = best.one FROM best
    WHERE best.person = p.id AND p.one_id IS DISTINCT FROM best.one;
    -- Who is reported is not, under another spelling, the client or her guardian. Source: care.md 10, 21.
    IF EXISTS (
        SELECT FROM people_part a JOIN people_person p ON p.id = a.person_id
        JOIN people_person q ON q.dossier_id = of_dossier AND q.one_id = p.one_id
        JOIN people_part b ON b.person_id = q.id AND b.status = 'active' AND b.role IN ('client', 'guardian')
        WHERE a.dossier_id = of_dossier AND a.status = 'active' AND a.role = 'reported') THEN
        RAISE EXCEPTION 'the reported person is neither guardian nor client of the same dossier'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM people_part g JOIN people_person w ON w.id = g.person_id JOIN people_person c ON c.id = g.of_id
        WHERE g.dossier_id = of_dossier AND g.status = 'active' AND g.role = 'guardian'
        GROUP BY c.one_id HAVING count(*) > 1 OR bool_or(w.one_id = c.one_id)) THEN
        RAISE EXCEPTION 'a child has one guardian, who is somebody else' USING ERRCODE = 'check_violation';
    END IF;
END $$;
REVOKE ALL ON FUNCTION door.gather(uuid) FROM PUBLIC;

-- A link is between two who are where it says.
CREATE FUNCTION door.link_two() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM door.who_is_who(NEW.dossier_id);
    IF TG_OP = 'UPDATE' AND OLD.undone_at IS NOT NULL THEN
        RAISE EXCEPTION 'what was undone stays undone: decide anew' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM people_person p JOIN people_person q ON q.id = NEW.other_id AND q.dossier_id = NEW.other_dossier_id
        WHERE p.id = NEW.person_id AND p.dossier_id = NEW.dossier_id AND p.unit_id = q.unit_id
          AND NOT EXISTS (SELECT FROM access_dossier d WHERE d.id = q.dossier_id AND d.erased_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'a link is between two people of one unit' USING ERRCODE = 'check_violation';
    END IF;
    IF session_user = '{APP}' AND door.person() IS DISTINCT FROM
       (CASE TG_OP WHEN 'INSERT' THEN NEW.decided_by_id ELSE NEW.undone_by_id END) THEN
        RAISE EXCEPTION 'a link is decided in the own name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.link_two() FROM PUBLIC;
CREATE TRIGGER link_two BEFORE INSERT OR UPDATE OF undone_at, undone_by_id ON people_likeness
FOR EACH ROW EXECUTE FUNCTION door.link_two();

CREATE FUNCTION door.gather_linked() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM door.gather(NEW.dossier_id);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.gather_linked() FROM PUBLIC;
CREATE TRIGGER gather_linked AFTER INSERT OR UPDATE OF undone_at ON people_likeness FOR EACH ROW
    WHEN (NEW.dossier_id = NEW.other_dossier_id AND NEW.decision = 'same') EXECUTE FUNCTION door.gather_linked();
-- What is erased is nobody's other file any more.
CREATE FUNCTION door.forget_links() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM people_likeness WHERE NEW.id IN (dossier_id, other_dossier_id);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.forget_links() FROM PUBLIC;
CREATE TRIGGER forget_links AFTER UPDATE OF erased_at ON access_dossier FOR EACH ROW
    WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL) EXECUTE FUNCTION door.forget_links();
CREATE TRIGGER gather_moved AFTER UPDATE OF section ON people_person FOR EACH ROW
    WHEN (OLD.section IS DISTINCT FROM NEW.section) EXECUTE FUNCTION door.gather_linked();
"""
NOT_ONE = """
DROP TRIGGER own_one ON people_person; DROP TRIGGER gather_moved ON people_person;
DROP FUNCTION door.gather_linked() CASCADE; DROP FUNCTION door.link_two() CASCADE; DROP FUNCTION door.gather(uuid);
DROP FUNCTION door.own_one(); DROP FUNCTION door.one(uuid) CASCADE; DROP FUNCTION door.forget_links() CASCADE;
DROP FUNCTION door.who_is_who(uuid) CASCADE;
"""
PARTS_APART = """
CREATE OR REPLACE FUNCTION door.parts_apart() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.role IN ('reported', 'guardian', 'client') THEN
        PERFORM door.who_is_who(NEW.dossier_id);
    END IF;
    IF NEW.status = 'active' AND NEW.role IN ('reported', 'guardian', 'client') AND EXISTS (
        SELECT FROM people_part p JOIN people_person q ON q.id = p.person_id
        WHERE p.dossier_id = NEW.dossier_id AND p.status = 'active' AND p.id <> NEW.id
          AND q.one_id = door.one(NEW.person_id)
          AND (p.role = 'reported' AND NEW.role <> 'reported'
               OR p.role IN ('guardian', 'client') AND NEW.role = 'reported')) THEN
        RAISE EXCEPTION 'the reported person is neither guardian nor client of the same dossier'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'active' AND NEW.role = 'guardian' AND (
        door.one(NEW.person_id) = door.one(NEW.of_id) OR EXISTS (
            SELECT FROM people_part p JOIN people_person c ON c.id = p.of_id
            WHERE p.dossier_id = NEW.dossier_id AND p.status = 'active' AND p.role = 'guardian' AND p.id <> NEW.id
              AND c.one_id = door.one(NEW.of_id))) THEN
        RAISE EXCEPTION 'a child has one guardian, who is somebody else' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
GUARDIANS = f"""
-- Who stands for a child where the choice needs a second judgment is a supervisor's to decide, by whatever statement:
-- who waited for it, who must not know by the child's own word, who was refused here before. A refusal stays what it is.
-- Names are sealed, so a name alike is found by the application alone. Source: care.md 10, 11, 12.
CREATE FUNCTION door.guardian_decided() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE alone boolean := session_user = '{APP}' AND NOT (NEW.unit_id = ANY (door.seats('{{supervisor}}')));
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'refused' AND NEW.status <> 'refused' THEN
        RAISE EXCEPTION 'a refusal stays: name the guardian anew' USING ERRCODE = 'check_violation';
    END IF;
    IF alone AND NEW.refusal = 'judged' AND (TG_OP = 'INSERT' OR OLD.refusal <> 'judged') THEN
        RAISE EXCEPTION 'a supervisor decides about this guardian' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF alone AND NEW.status = 'active' AND (TG_OP = 'UPDATE' AND OLD.status <> 'active' OR TG_OP = 'INSERT' AND EXISTS (
        SELECT FROM people_part p JOIN people_person q ON q.id = p.person_id
        WHERE p.dossier_id = NEW.dossier_id
          AND (p.role = 'kept_out' AND p.status = 'active'
               AND (q.one_id = door.one(NEW.person_id)
                    OR p.relation = NEW.relation
                       AND p.relation IN ('father', 'mother', 'stepfather', 'stepmother', 'foster_parent'))
               OR p.role = 'guardian' AND p.status = 'refused' AND q.one_id = door.one(NEW.person_id)))) THEN
        RAISE EXCEPTION 'a supervisor decides about this guardian' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.guardian_decided() FROM PUBLIC;
CREATE TRIGGER guardian_decided BEFORE INSERT OR UPDATE OF status, refusal ON people_part FOR EACH ROW
    WHEN (NEW.role = 'guardian') EXECUTE FUNCTION door.guardian_decided();
"""
# Within a file whoever writes identity decides who is one with whom; across files of the unit a supervisor does. A link
# shows that there is another record, of another file perhaps: only to who sees both, and to no partner.
LINKS = [
    f"CREATE POLICY both_seen ON people_likeness AS RESTRICTIVE FOR ALL TO {APP} USING ("
    "cardinality((SELECT door.principals())::uuid[]) < 2 AND "
    "EXISTS (SELECT FROM people_person p WHERE p.id = people_likeness.person_id) AND "
    "EXISTS (SELECT FROM people_person p WHERE p.id = people_likeness.other_id) AND "
    "EXISTS (SELECT FROM access_dossier d WHERE d.id = people_likeness.other_dossier_id))",
    *(
        f"CREATE POLICY supervised_{verb} ON people_likeness AS RESTRICTIVE FOR {verb} TO {APP} {told} "
        "(other_dossier_id = dossier_id OR unit_id = ANY ((SELECT door.seats('{supervisor}'))::uuid[]))"
        for verb, told in (("insert", "WITH CHECK"), ("update", "USING"))
    ),
]
RULES = [
    # Who is one with whom is the database's to write; and what somebody was told to be is corrected column by column.
    f"REVOKE UPDATE ON people_person FROM {APP}",
    f"GRANT UPDATE (section, key_id, name, initials, born_on, born_estimated, nik, sex, age_band, stage) ON people_person TO {APP}",
    f"REVOKE UPDATE ON people_likeness FROM {APP}",
    f"GRANT UPDATE (undone_by_id, undone_at, stage) ON people_likeness TO {APP}",
    *LINKS,
    f"REVOKE UPDATE ON people_unborn FROM {APP}",
    f"GRANT UPDATE (ending, ended_by_id, ended_at, stage) ON people_unborn TO {APP}",
]
UNRULED = [
    *(f"DROP POLICY {policy} ON people_{table}" for policy, table in (
        ("both_seen", "likeness"), ("supervised_insert", "likeness"), ("supervised_update", "likeness"))),
    f"GRANT UPDATE ON people_person TO {APP}",
]  # fmt: skip
# Who is on a team already gets the sections that are new in the matrix, as a colleague who joins today does.
TEAMS = """
INSERT INTO access_grant (id, dossier_id, unit_id, stage, section, principal_id, writes, source, given_by_id, given_at, until)
SELECT gen_random_uuid(), g.dossier_id, g.unit_id, g.stage, n.section, g.principal_id, bool_or(n.writes), 'team',
       g.given_by_id, g.given_at, g.until
FROM access_grant g
JOIN access_membership m ON m.user_id = g.principal_id AND m.organisation_id = g.unit_id
JOIN (VALUES ('companion', 'support', true), ('companion', 'courtesy', true), ('companion', 'background', true),
             ('case_manager', 'support', true), ('case_manager', 'courtesy', true), ('case_manager', 'background', true),
             ('psychologist', 'support', false), ('psychologist', 'courtesy', false), ('lawyer', 'support', false),
             ('lawyer', 'courtesy', false), ('lawyer', 'background', false), ('spiritual_guide', 'support', false),
             ('spiritual_guide', 'courtesy', false), ('shelter_officer', 'support', false),
             ('shelter_officer', 'courtesy', false)) AS n (role, section, writes) ON n.role = m.role
WHERE g.source = 'team' AND g.section = 'identity' AND g.withdrawn_at IS NULL
GROUP BY g.id, n.section
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0007_links"), ("access", "0005_sections")]
    operations = [
        Protect("EarlierIdentity", section_column="section", updates=False),
        Protect("Profile", section_column="section", updates=False),
        Protect(
            "Unborn",
            section="medical",
            facts=(*SPINE, "mother_id", "ground", "recorded_at", "ending", "ended_at"),
        ),
        Protect(
            "Likeness",
            section="identity",
            facts=(*SPINE, "person_id", "other_id", "other_dossier_id", "decision", "undone_at"),
        ),
        migrations.RunSQL(ONE, NOT_ONE),
        migrations.RunSQL(PARTS_APART, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDIANS, "DROP FUNCTION door.guardian_decided() CASCADE"),
        migrations.RunSQL(RULES, UNRULED),
        migrations.RunSQL(
            "GRANT SELECT (one_id) ON people_person TO ruangaman_counter; "
            "GRANT SELECT (of_id) ON people_part TO ruangaman_counter",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(TEAMS, migrations.RunSQL.noop),
    ]
