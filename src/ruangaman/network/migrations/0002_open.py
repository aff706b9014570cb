"""Doors that the public may know are read by everybody; a shelter's row is not (care.md 19)."""

from django.db import migrations

from ruangaman.kernel.protection import Open
from ruangaman.kernel.roles import APP, WORKER

SHELTERS = [
    "ALTER TABLE network_facility ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT ON network_facility TO {APP}",
    f"CREATE POLICY known ON network_facility FOR SELECT TO {APP} USING (kind <> 'shelter')",
]


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial"), ("access", "0003_protection")]
    operations = [
        migrations.RunSQL(SHELTERS, migrations.RunSQL.noop),
        Open("network_openinghours", {APP: "SELECT", WORKER: "SELECT"}),
    ]
