"""The deadlines of a file are its unit's own: a section that a client opens to a partner opens none of them to it."""

from django.db import migrations

from ruangaman.kernel.roles import APP

TABLES = ("clocks_clock", "clocks_pause", "clocks_ruled")


class Migration(migrations.Migration):
    dependencies = [("clocks", "0003_sections"), ("access", "0003_protection")]
    operations = [
        migrations.RunSQL(
            [
                # door.principals names a person, and besides only the partners they answer for: one name, no partner.
                f"CREATE POLICY never_a_partner ON {table} AS RESTRICTIVE FOR ALL TO {APP} "
                "USING (cardinality((SELECT door.principals())::uuid[]) < 2)"
                for table in TABLES
            ],
            [f"DROP POLICY never_a_partner ON {table}" for table in TABLES],
        )
    ]
