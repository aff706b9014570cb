"""A message may be a client's too: the notice names nobody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0005_no_reader"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new_report", "Ada laporan baru"),
                    ("danger", "Ada laporan tentang bahaya sekarang"),
                    ("message", "Ada pesan baru"),
                    ("clock_soon", "Tenggat mendekat"),
                    ("clock_due", "Tenggat tiba"),
                    ("clock_late", "Tenggat terlewat"),
                    ("clock_urgent", "Tenggat mendesak"),
                    ("escalated", "Tenggat terlewat belum ditangani: perlu penyelia"),
                    ("not_back", "Petugas belum lapor kembali"),
                    ("given_file", "Berkas diserahkan kepada Anda"),
                    ("second_person", "Keputusan menunggu orang kedua"),
                    ("appointment", "Pengingat janji"),
                    ("booking_changed", "Janji diubah"),
                    ("recall", "Akses ditutup: mohon konfirmasi penghapusan"),
                    ("probe", "Ada pencarian orang tanpa laporan"),
                    ("match", "Ada kecocokan yang perlu dilihat"),
                    ("supervised", "Keputusan menunggu penyelia"),
                    ("law", "Ada hal hukum yang perlu segera dilihat"),
                    ("on_duty", "Piket: ada yang menunggu Anda"),
                    ("hand_over", "Serah terima piket untuk Anda"),
                    ("transfer", "Rujukan antardaerah menunggu"),
                    ("wish", "Ada permintaan dari klien"),
                    ("flood", "Banyak laporan sekaligus: antrean menunggu"),
                    ("no_reader", "Sebuah unit perlu penyelia: ada yang menunggu di sana"),
                ],
                max_length=15,
            ),
        ),
    ]
