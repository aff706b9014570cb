"""Since when a client says that her contact is not safe any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0010_client_thread")]
    operations = [
        migrations.AddField(model_name="contact", name="doubted_at", field=models.DateTimeField(null=True)),
    ]
