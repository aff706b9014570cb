"""What triage, merging, splitting and other regions need of the database beyond their tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0013_telephone")]
    operations: list[migrations.operations.base.Operation] = []
