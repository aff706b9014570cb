import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ruangaman.kernel.fields
import ruangaman.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_clients"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstAct",
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
                    "step",
                    models.CharField(
                        choices=[
                            ("called_112", "112 dihubungi"),
                            ("police", "Polisi dihubungi"),
                            ("ambulance", "Ambulans atau rumah sakit dihubungi"),
                            ("fetched", "Ia dijemput"),
                            ("safe_now", "Ia sendiri berkata sudah aman"),
                            ("no_way", "Belum bisa: tidak ada cara yang aman untuk menghubunginya"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("done_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["dossier", "done_at"], name="intake_first_act_order")],
            },
        ),
        migrations.CreateModel(
            name="Joining",
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
                    "other",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.dossier",
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("merged", "Digabung"), ("split", "Dipisahkan")], max_length=6),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("same_event", "Kejadian yang sama"),
                            ("same_people", "Orang yang sama, kejadian yang bersambung"),
                            ("several_victims", "Beberapa korban: masing-masing punya berkas sendiri"),
                            ("several_events", "Beberapa kejadian yang tidak berhubungan"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("received", "Menunggu triase"),
                            ("answered", "Dijawab, menunggu triase"),
                            ("outreach", "Penjangkauan"),
                            ("head_office", "Ditangani di kantor"),
                            ("other_region", "Dirujuk ke unit daerah lain"),
                            ("other_agency", "Dirujuk ke lembaga lain"),
                            ("not_in_scope", "Di luar layanan"),
                            ("duplicate", "Laporan ganda"),
                            ("withdrawn", "Dicabut"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "joined_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["other"], name="intake_joining_other")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "merged"), ("undone_at", None)),
                        fields=("dossier",),
                        name="intake_merged_into_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dossier", models.F("other")), _negated=True),
                        name="intake_not_joined_to_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", None)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="intake_undone_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
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
                    "to_unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                ("outside", models.CharField(blank=True, max_length=160)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("agreed", "Pelapor atau korban setuju, dan tahu unit mana"),
                            ("danger", "Bahaya sekarang, diputuskan penyelia"),
                        ],
                        max_length=6,
                    ),
                ),
                ("passes", models.CharField(blank=True, max_length=40)),
                ("danger_now", models.BooleanField(default=False)),
                ("place_code", models.CharField(blank=True, max_length=13)),
                ("parcel", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                ("why", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Menunggu jawaban"),
                            ("accepted", "Diterima"),
                            ("refused", "Ditolak"),
                            ("taken_back", "Ditarik kembali"),
                        ],
                        default="sent",
                        max_length=10,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                ("became", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "sent")),
                        fields=["to_unit", "sent_at"],
                        name="intake_transfer_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "sent")),
                        fields=("dossier",),
                        name="intake_one_transfer_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outside", ""), ("to_unit__isnull", False)),
                            models.Q(("to_unit", None), models.Q(("outside", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="intake_transfer_to_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "sent"), ("answered_at__isnull", False), _connector="XOR"
                        ),
                        name="intake_transfer_answered",
                    ),
                ],
            },
        ),
    ]
