"""What the threads of reporters and clients need of the database beyond their tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0009_public_form")]
    operations: list[migrations.operations.base.Operation] = []
