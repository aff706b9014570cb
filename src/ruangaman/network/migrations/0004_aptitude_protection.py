"""What staff are good at: read by colleagues, set by the head and supervisors of their organisation."""

from django.db import migrations

from ruangaman.kernel.roles import APP

COLLEAGUES = "'{intake_officer,companion,case_manager,supervisor,head}'"
OWN = [
    "ALTER TABLE network_aptitude ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, DELETE ON network_aptitude TO {APP}",
    f"CREATE POLICY colleagues ON network_aptitude FOR SELECT TO {APP} USING "
    f"(organisation_id = ANY ((SELECT door.seats({COLLEAGUES}))::uuid[]))",
    f"CREATE POLICY keep ON network_aptitude FOR ALL TO {APP} USING "
    "(organisation_id = ANY ((SELECT door.seats('{head,supervisor}'))::uuid[])) WITH CHECK "
    "(organisation_id = ANY ((SELECT door.seats('{head,supervisor}'))::uuid[]))",
]


class Migration(migrations.Migration):
    dependencies = [("network", "0003_aptitude"), ("access", "0003_protection")]
    operations = [migrations.RunSQL(OWN, migrations.RunSQL.noop)]
