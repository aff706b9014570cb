"""What outreach needs of the database beyond its tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0014_triage")]
    operations: list[migrations.operations.base.Operation] = []
