"""What the public form needs of the database beyond its tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0008_protection_of_all")]
    operations: list[migrations.operations.base.Operation] = []
