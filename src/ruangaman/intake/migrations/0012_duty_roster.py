"""What the duty roster needs of the database beyond its tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0011_ways_in")]
    operations: list[migrations.operations.base.Operation] = []
