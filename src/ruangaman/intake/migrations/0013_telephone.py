"""What telephone intake and calling back need of the database beyond their tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0012_duty_roster")]
    operations: list[migrations.operations.base.Operation] = []
