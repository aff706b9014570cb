"""What is told of a person, and what they were taken to be before."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import ruangaman.kernel.fields
import ruangaman.kernel.ids

SECTIONS = [
    ("file", "Nomor berkas"),
    ("administration", "Administrasi"),
    ("thread", "Percakapan dengan pelapor"),
    ("reporter", "Pelapor"),
    ("identity", "Identitas klien"),
    ("parties", "Terlapor dan orang sekitar"),
    ("contact", "Kontak aman klien"),
    ("support", "Kebutuhan khusus dan bahasa"),
    ("courtesy", "Cara menyapa dan pilihannya"),
    ("background", "Latar belakang"),
    ("narrative", "Cerita kejadian"),
    ("coding", "Bentuk kekerasan"),
    ("risk", "Risiko dan keamanan"),
    ("plan", "Kebutuhan, persetujuan, dan rencana"),
    ("referral", "Rujukan"),
    ("medical", "Kesehatan"),
    ("psychological", "Psikologis"),
    ("legal", "Hukum"),
    ("spiritual", "Rohani"),
    ("shelter", "Alamat rumah aman"),
    ("team", "Tim dan akses"),
    ("journal", "Jejak akses"),
]
STAGES = [("intake", "Laporan"), ("case", "Kasus"), ("closed", "Selesai")]


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_sections"),
        ("people", "0005_who_is_who"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlierIdentity",
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
                    "section",
                    models.CharField(
                        choices=SECTIONS,
                        max_length=14,
                    ),
                ),
                ("told", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                ("replaced_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Profile",
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
                    "section",
                    models.CharField(
                        choices=SECTIONS,
                        max_length=14,
                    ),
                ),
                ("told", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                ("told_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Unborn",
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
                    "ground",
                    models.CharField(
                        choices=[
                            ("violence", "Kekerasan ditujukan kepada kandungan"),
                            ("trafficking", "Perdagangan orang"),
                        ],
                        max_length=11,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("her_wish", "Ibu tidak ingin dicatat lagi"),
                            ("mistake", "Dicatat karena keliru"),
                            ("over", "Kehamilan sudah berakhir"),
                        ],
                        max_length=8,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="earlieridentity",
            name="dossier",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.dossier",
            ),
        ),
        migrations.AddField(
            model_name="earlieridentity",
            name="key",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.datakey"
            ),
        ),
        migrations.AddField(
            model_name="earlieridentity",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="earlier",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="earlieridentity",
            name="replaced_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="earlieridentity",
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
            model_name="profile",
            name="dossier",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.dossier",
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="key",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.datakey"
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="profiles",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="told_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="profile",
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
            model_name="unborn",
            name="dossier",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.dossier",
            ),
        ),
        migrations.AddField(
            model_name="unborn",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unborn",
            name="mother",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="unborn",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="unborn",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="earlieridentity",
            index=models.Index(fields=["person", "-replaced_at"], name="people_earlier"),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=models.Index(
                fields=["dossier", "section", "person", "-told_at"], name="people_newest_profile"
            ),
        ),
        migrations.AddConstraint(
            model_name="unborn",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("mother", "ground"), name="people_one_unborn"
            ),
        ),
        migrations.AddConstraint(
            model_name="unborn",
            constraint=models.CheckConstraint(
                condition=models.Q(("ending", ""), ("ended_at__isnull", False), _connector="XOR"),
                name="people_unborn_end_has_reason",
            ),
        ),
    ]
