import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ruangaman.kernel.fields
import ruangaman.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_client_thread"),
        ("agenda", "0005_client_thread"),
        ("intake", "0002_protection"),
        ("network", "0003_aptitude"),
        ("people", "0010_client_thread"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Way",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ruangaman.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Formulir web"),
                            ("office", "Datang ke kantor"),
                            ("post", "Pos pengaduan atau Pos SAPA"),
                            ("phone_112", "Telepon 112"),
                            ("call_centre", "Pusat panggilan"),
                            ("app", "Aplikasi mitra, misalnya Jakarta Aman"),
                            ("referral", "Rujukan lembaga"),
                            ("letter", "Surat"),
                            ("rp3", "RP3 di tempat kerja"),
                            ("local", "Camat atau lurah"),
                            ("hotline", "Pesan ke nomor layanan"),
                            ("region", "Dirujuk unit daerah lain"),
                            ("split", "Dipisahkan dari laporan lain"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                (
                    "facility",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.facility",
                    ),
                ),
                (
                    "usual_reporter",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("victim", "Saya sendiri yang mengalami"),
                            ("family", "Saya keluarga atau teman dekatnya"),
                            ("public", "Saya tetangga atau warga yang tahu"),
                            ("institution", "Saya mewakili lembaga, misalnya sekolah atau Puskesmas"),
                            ("witness", "Saya saksi kejadian"),
                        ],
                        max_length=12,
                    ),
                ),
                ("needs_ticket", models.BooleanField(default=False)),
                ("takes_anonymous", models.BooleanField(default=True)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("unit", "name"), name="intake_one_way")],
            },
        ),
        migrations.CreateModel(
            name="AppKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ruangaman.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "way",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="intake.way"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("secret_hash", models.BinaryField(max_length=32, unique=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("used_on", models.DateField(null=True)),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ruangaman.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.dossier",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("intake", "Laporan"), ("case", "Kasus"), ("closed", "Selesai")],
                        default="intake",
                        max_length=8,
                    ),
                ),
                (
                    "way",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.way"
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.datakey"
                    ),
                ),
                ("number", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                ("number_hash", models.BinaryField(max_length=32)),
                ("content_hash", models.BinaryField(max_length=32, null=True)),
                ("receipt", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                ("receipt_until", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["dossier"], name="intake_delivery_dossier")],
                "constraints": [
                    models.UniqueConstraint(fields=("way", "number_hash"), name="intake_delivered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Talk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ruangaman.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.dossier",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("intake", "Laporan"), ("case", "Kasus"), ("closed", "Selesai")],
                        default="intake",
                        max_length=8,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.datakey"
                    ),
                ),
                (
                    "medium",
                    models.CharField(
                        choices=[
                            ("messenger", "Pesan ke nomor layanan"),
                            ("phone", "Telepon"),
                            ("visit", "Bertemu"),
                            ("letter", "Surat atau kertas"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "dari pelapor atau korban"), ("out", "dari unit")], max_length=3
                    ),
                ),
                ("text", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                ("said_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("wiped_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["dossier", "said_at"], name="intake_talk_order"),
                    models.Index(
                        condition=models.Q(("medium", "messenger"), ("wiped_at", None)),
                        fields=["written_by", "written_at"],
                        name="intake_talk_unwiped",
                    ),
                ],
            },
        ),
    ]
