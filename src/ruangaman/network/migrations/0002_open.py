"""Doors that the public may know are read by everybody; a shelter's row is not (care.md 19)."""

from django.db import migrations

from ruangaman.kernel.protection import Open
from ruangaman.kernel.roles import APP, COUNTER

SHELTERS = [
    "ALTER TABLE network_facility ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT ON network_facility TO {APP}",
    f"CREATE POLICY known ON network_facility FOR SELECT TO {APP} USING (kind <> 'shelter')",
    # Hours are known as far as their door is: not even that there is one more door is told.
    "ALTER TABLE network_openinghours ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT ON network_openinghours TO {APP}",
    f"CREATE POLICY known ON network_openinghours FOR SELECT TO {APP} USING "
    "(EXISTS (SELECT FROM network_facility f WHERE f.id = facility_id))",
]


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial"), ("access", "0003_protection")]
    operations = [
        migrations.RunSQL(SHELTERS, migrations.RunSQL.noop),
        Open("network_healthservice", {COUNTER: "SELECT"}),
        Open("network_staffcount", {COUNTER: "SELECT"}),
    ]
