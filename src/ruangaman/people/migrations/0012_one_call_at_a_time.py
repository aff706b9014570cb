"""Who has just opened a number in a file: read from the ledger, so that nobody's telephone rings twice."""

from django.db import migrations

from ruangaman.kernel.roles import APP
from ruangaman.people.migrations._0012_calling import OF_ONE

READS = """
-- Whether the asker may read a section of a file, by rank or by a grant that runs.
CREATE FUNCTION door.may_read_section(of_dossier uuid, wanted text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF of_dossier = ANY (door.walled()) THEN RETURN false; END IF;
    RETURN EXISTS (
        SELECT FROM access_dossier d WHERE d.id = of_dossier AND (
            (d.stage || ':' || d.unit_id) = ANY (door.reach(wanted, 'r'))
            OR EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = d.id AND g.section = wanted
                       AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
                       AND (d.stage || ':' || g.principal_id) = ANY (door.granted(wanted, 'r')))));
END $$;
REVOKE ALL ON FUNCTION door.may_read_section(uuid, text) FROM PUBLIC;
"""
GRANTED = f"""
REVOKE ALL ON FUNCTION door.numbers_opened(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.numbers_opened(uuid, timestamptz) TO {APP};
REVOKE ALL ON FUNCTION door.one_caller(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.one_caller(uuid) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0011_doubted_contact"),
        ("access", "0005_sections"),
        ("ledger", "0002_order_and_roles"),
    ]
    operations = [
        migrations.RunSQL(
            READS + OF_ONE + GRANTED,
            "DROP FUNCTION door.one_caller(uuid); DROP FUNCTION door.numbers_opened(uuid, timestamptz); "
            "DROP FUNCTION door.may_read_section(uuid, text)",
        ),
    ]
