"""Persons, their parts and their tokens lie in the section in which they are known: identity, reporter or parties."""

from django.db import migrations

from ruangaman.kernel.protection import Protect


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("access", "0003_protection")]
    operations = [
        Protect(
            "Person",
            section_column="section",
            facts=("id", "dossier_id", "unit_id", "stage", "sex", "age_band"),
        ),
        Protect(
            "Part",
            section_column="section",
            facts=(
                "id",
                "dossier_id",
                "unit_id",
                "stage",
                "person_id",
                "role",
                "relation",
                "status",
                "since",
            ),
        ),
        Protect("NameToken", section_column="section"),
    ]
