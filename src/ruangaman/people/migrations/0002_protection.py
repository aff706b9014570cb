"""Identities and their tokens are of the section identity."""

from django.db import migrations

from ruangaman.kernel.protection import Protect


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("access", "0003_protection")]
    operations = [
        Protect("Person", section="identity", facts=("id", "dossier_id", "unit_id", "stage", "role")),
        Protect("NameToken", section="identity", updates=False),
    ]
