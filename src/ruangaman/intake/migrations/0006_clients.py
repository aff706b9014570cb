import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ruangaman.kernel.fields
import ruangaman.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0005_roster"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClientThread",
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.datakey"
                    ),
                ),
                ("locator", models.BinaryField(max_length=32, null=True, unique=True)),
                ("code_wrap", models.BinaryField(null=True)),
                ("opens_messages", models.BooleanField(default=True)),
                ("opens_rights", models.BooleanField(default=False)),
                ("opens_appointments", models.BooleanField(default=False)),
                ("opens_legal", models.BooleanField(default=False)),
                (
                    "identity_check",
                    models.CharField(
                        choices=[
                            ("in_person", "Bertemu langsung, berdua saja"),
                            ("known_voice", "Lewat telepon pada jam aman, suaranya dikenali pendamping"),
                            ("code_word", "Lewat telepon pada jam aman, dengan kata sandinya"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "safety_check",
                    models.CharField(
                        choices=[
                            ("by_heart", "Dihafal, tidak ditulis"),
                            ("safe_place", "Disimpan di tempat yang hanya ia tahu"),
                            ("with_trusted", "Dititipkan kepada orang yang ia percaya"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("hidden_before", models.DateTimeField(null=True)),
                ("wrong_secrets", models.PositiveSmallIntegerField(default=0)),
                ("locked_at", models.DateTimeField(null=True)),
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("dossier", "person"),
                        name="intake_one_live_client_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revoked_at", None),
                            models.Q(("code_wrap", None), ("locator", None)),
                            _connector="OR",
                        ),
                        name="intake_revoked_opens_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientMessage",
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.datakey"
                    ),
                ),
                ("author_id", models.UUIDField(null=True)),
                ("body", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                ("sent_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["dossier", "sent_at"], name="intake_client_message_order")],
            },
        ),
        migrations.CreateModel(
            name="Wish",
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("stop", "Saya ingin berhenti"),
                            ("pause", "Saya perlu jeda dulu"),
                            ("call_me", "Tolong hubungi saya"),
                            ("other_contact", "Kontak saya tidak aman lagi"),
                        ],
                        max_length=13,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hers", "Benar keinginannya sendiri"),
                            ("pressed", "Ada yang menekannya"),
                            ("not_hers", "Bukan dari dia"),
                            ("settled", "Sudah ditangani"),
                        ],
                        max_length=8,
                    ),
                ),
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at", None)),
                        fields=["unit", "stage", "asked_at"],
                        name="intake_wish_waiting",
                    ),
                    models.Index(fields=["dossier"], name="intake_wish_dossier"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="intake_wish_is_answered",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clientmessage",
            trigger=pgtrigger.compiler.Trigger(
                name="client_messages_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."key_id" IS DISTINCT FROM (NEW."key_id") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e59e08bca967d2987ae679dab6daff6ace1760b9",
                    operation="UPDATE",
                    pgid="pgtrigger_client_messages_stay_24dfa",
                    table="intake_clientmessage",
                    when="BEFORE",
                ),
            ),
        ),
    ]
