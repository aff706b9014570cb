import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ruangaman.kernel.fields


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0003_ways"),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="files",
                        to="intake.draft",
                    ),
                ),
                ("facts", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                ("added_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CallDraft",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                ("answers", ruangaman.kernel.fields.SealedField(blank=True, null=True)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="report",
            name="intake_report_untriaged",
        ),
        migrations.AddField(
            model_name="draft",
            name="code_wrap",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="draft",
            name="locator",
            field=models.BinaryField(max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="outreach",
            name="booking",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agenda.booking"
            ),
        ),
        migrations.AddField(
            model_name="outreach",
            name="ends_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outreach",
            name="proposed_why",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="outreach",
            name="safe_now",
            field=models.CharField(
                blank=True,
                choices=[("yes", "Ya"), ("no", "Tidak"), ("unknown", "Belum diketahui")],
                max_length=7,
            ),
        ),
        migrations.AddField(
            model_name="outreach",
            name="safety_note",
            field=ruangaman.kernel.fields.SealedField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="outreach",
            name="tells_neighbours",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="outreach",
            name="trusted_nearby",
            field=ruangaman.kernel.fields.SealedField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="outreach",
            name="wants",
            field=ruangaman.kernel.fields.SealedField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="about_staff",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="report",
            name="age_band",
            field=models.CharField(
                blank=True,
                choices=[
                    ("under_12", "Di bawah 12 tahun"),
                    ("under_15", "12 sampai 14 tahun"),
                    ("under_18", "15 sampai 17 tahun"),
                    ("adult", "18 tahun atau lebih"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="for_whom",
            field=models.CharField(
                blank=True,
                choices=[
                    ("me", "Saya sendiri"),
                    ("child", "Seorang anak"),
                    ("adult", "Orang dewasa"),
                    ("several", "Beberapa orang"),
                ],
                max_length=7,
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="in_flood",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="report",
            name="proof",
            field=models.CharField(
                choices=[
                    ("none", "tanpa hitungan peramban"),
                    ("worked", "peramban sudah menghitung"),
                    ("staff", "dicatat petugas atau mitra"),
                ],
                default="staff",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="taken_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="safecontact",
            name="code_word",
            field=ruangaman.kernel.fields.SealedField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="safecontact",
            name="from_time",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="safecontact",
            name="must_not_know",
            field=ruangaman.kernel.fields.SealedField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="safecontact",
            name="trusted",
            field=ruangaman.kernel.fields.SealedField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="safecontact",
            name="until_time",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="safecontact",
            name="weekdays",
            field=models.PositiveSmallIntegerField(default=127),
        ),
        migrations.AddField(
            model_name="story",
            name="accused",
            field=ruangaman.kernel.fields.SealedField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="thread",
            name="known_to_staff",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="triagemove",
            name="key",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.datakey"
            ),
        ),
        migrations.AddField(
            model_name="triagemove",
            name="note",
            field=ruangaman.kernel.fields.SealedField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="report",
            name="channel",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="report",
            name="triage",
            field=models.CharField(
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
                default="received",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="triagemove",
            name="after",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="triagemove",
            name="before",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="triagemove",
            name="reason",
            field=models.CharField(
                choices=[
                    ("answered", "Pelapor dijawab"),
                    ("not_from_victim", "Pelapor bukan korban: penjangkauan wajib"),
                    ("cannot_come", "Korban tidak bisa datang dengan aman"),
                    ("comes_herself", "Korban datang atau ingin datang ke kantor"),
                    ("lives_elsewhere", "Korban berada di wilayah unit lain"),
                    ("other_duty", "Lembaga lain yang berwenang"),
                    ("no_violence", "Bukan kekerasan terhadap perempuan atau anak"),
                    ("same_event", "Kejadian ini sudah ada di berkas lain"),
                    ("reporter_wish", "Korban sendiri meminta berhenti"),
                    ("child_alone", "Anak melapor sendiri: didatangi dengan cara yang aman baginya"),
                    ("came_back", "Dikembalikan: bukan wilayah atau tugas mereka"),
                    ("mistaken", "Penggabungan dibatalkan"),
                ],
                max_length=15,
            ),
        ),
        migrations.AddConstraint(
            model_name="safecontact",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekdays__gte", 1), ("weekdays__lte", 127)),
                name="intake_contact_has_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="safecontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("from_time", None), ("until_time", None)),
                    ("from_time__lt", models.F("until_time")),
                    _connector="OR",
                ),
                name="intake_contact_hours",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="way",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.way"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("triage__in", ("received", "answered"))),
                fields=["unit", "stage", "received_at"],
                name="intake_report_untriaged",
            ),
        ),
    ]
