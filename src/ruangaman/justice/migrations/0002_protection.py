"""Steps of the legal process lie in the section legal."""

from django.db import migrations

from ruangaman.kernel.protection import Protect


class Migration(migrations.Migration):
    dependencies = [("justice", "0001_initial"), ("access", "0003_protection")]
    operations = [
        Protect(
            "LegalStep",
            section="legal",
            updates=False,
            facts=(
                "id",
                "dossier_id",
                "unit_id",
                "stage",
                "client_id",
                "step",
                "happened_on",
                "statute",
                "outcome",
                "recorded_at",
            ),
        )
    ]
