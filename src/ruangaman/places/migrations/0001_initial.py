import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=13, primary_key=True, serialize=False, verbose_name="kode Kemendagri"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="nama")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "provinsi"),
                            ("regency", "kabupaten/kota"),
                            ("district", "kecamatan"),
                            ("village", "kelurahan/desa"),
                        ],
                        max_length=8,
                        verbose_name="tingkat",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        choices=[
                            ("Asia/Jakarta", "WIB"),
                            ("Asia/Makassar", "WITA"),
                            ("Asia/Jayapura", "WIT"),
                        ],
                        max_length=13,
                        verbose_name="zona waktu",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="places.place",
                        verbose_name="bagian dari",
                    ),
                ),
            ],
            options={
                "verbose_name": "wilayah",
                "verbose_name_plural": "wilayah",
                "indexes": [models.Index(fields=["parent", "name"], name="places_parent_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["province", "regency", "district", "village"])),
                        name="places_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("time_zone__in", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
                        ),
                        name="places_time_zone_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", "province"), ("parent__isnull", True)),
                            models.Q(
                                models.Q(("level", "province"), _negated=True), ("parent__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="places_only_provinces_stand_alone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__regex", "^[0-9]{2}(\\.[0-9]{2}(\\.[0-9]{2}(\\.[0-9]{4})?)?)?$")
                        ),
                        name="places_code_well_formed",
                    ),
                ],
            },
        ),
    ]
