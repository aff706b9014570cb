"""Who is one with whom, and the traces of looking for people."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import ruangaman.kernel.fields
import ruangaman.kernel.ids

STAGES = [("intake", "Laporan"), ("case", "Kasus"), ("closed", "Selesai")]


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_sections"),
        ("people", "0006_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Likeness",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ruangaman.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=STAGES,
                        default="intake",
                        max_length=8,
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[("same", "Orang yang sama"), ("different", "Orang yang berbeda")],
                        max_length=9,
                    ),
                ),
                ("why", models.JSONField(default=list)),
                ("decided_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ruangaman.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("other_dossier_id", models.UUIDField(null=True)),
                ("other_person_id", models.UUIDField()),
                ("found_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("handled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Probe",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ruangaman.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("identifiers", models.JSONField(default=list)),
                ("elsewhere", models.PositiveSmallIntegerField(default=0)),
                ("dossier_id", models.UUIDField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("alarmed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="likeness",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="dossier",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.dossier",
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="other",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="other_dossier",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.dossier",
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="undone_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="dossier",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.dossier",
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="officer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="other_unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="probe",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="probe",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="likeness",
            index=models.Index(fields=["other_dossier"], name="people_likeness_other"),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Least("person", "other"),
                django.db.models.functions.comparison.Greatest("person", "other"),
                condition=models.Q(("undone_at", None)),
                name="people_one_live_likeness",
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("other")), _negated=True),
                name="people_likeness_of_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at", None), ("undone_by", None)),
                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                    _connector="OR",
                ),
                name="people_undoing_is_signed",
            ),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(
                condition=models.Q(("handled_at", None)),
                fields=["officer", "found_at"],
                name="people_match_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(
                fields=("person_id", "other_person_id"), name="people_one_match"
            ),
        ),
        migrations.AddIndex(
            model_name="probe",
            index=models.Index(fields=["unit", "-asked_at"], name="people_probe_unit"),
        ),
        migrations.AddIndex(
            model_name="probe",
            index=models.Index(
                condition=models.Q(("settled_at", None)),
                fields=["asked_by", "asked_at"],
                name="people_probe_open",
            ),
        ),
    ]
