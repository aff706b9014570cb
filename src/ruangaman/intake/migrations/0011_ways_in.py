"""What partner applications, tickets and the log need of the database beyond their tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0010_threads")]
    operations: list[migrations.operations.base.Operation] = []
