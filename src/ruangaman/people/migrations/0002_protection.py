"""Persons, their parts and their tokens lie in the section in which they are known: identity, reporter or parties."""

from django.db import migrations

from ruangaman.kernel.protection import Protect

PARTS = """
-- The one who is reported is nobody's guardian and nobody's client in the same dossier, by whatever statement, and also
-- where the writer may not see the other part. Source: care.md 10, 21.
CREATE FUNCTION door.parts_apart() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.status = 'active' AND NEW.role IN ('reported', 'guardian', 'client') AND EXISTS (
        SELECT FROM people_part p
        WHERE p.person_id = NEW.person_id AND p.dossier_id = NEW.dossier_id AND p.status = 'active' AND p.id <> NEW.id
          AND (p.role = 'reported' AND NEW.role <> 'reported'
               OR p.role IN ('guardian', 'client') AND NEW.role = 'reported')) THEN
        RAISE EXCEPTION 'the reported person is neither guardian nor client of the same dossier'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.parts_apart() FROM PUBLIC;
CREATE TRIGGER parts_apart BEFORE INSERT OR UPDATE OF role, status, person_id ON people_part
FOR EACH ROW EXECUTE FUNCTION door.parts_apart();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("access", "0003_protection")]
    operations = [
        Protect(
            "Person",
            section_column="section",
            facts=("id", "dossier_id", "unit_id", "stage", "sex", "age_band"),
        ),
        Protect(
            "Part",
            section_column="section",
            facts=(
                "id",
                "dossier_id",
                "unit_id",
                "stage",
                "person_id",
                "role",
                "relation",
                "status",
                "since",
            ),
        ),
        Protect("NameToken", section_column="section"),
        migrations.RunSQL(PARTS, "DROP FUNCTION door.parts_apart() CASCADE"),
    ]
