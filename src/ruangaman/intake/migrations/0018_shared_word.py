"""A shared word is called the same everywhere: it is no password."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0017_doubted_contact")]
    operations = [
        migrations.AlterField(
            "clientthread",
            "identity_check",
            models.CharField(
                choices=[
                    ("in_person", "Bertemu langsung, berdua saja"),
                    ("known_voice", "Lewat telepon pada jam aman, suaranya dikenali pendamping"),
                    ("code_word", "Lewat telepon pada jam aman, dengan kata kunci bersama"),
                ],
                max_length=11,
            ),
        )
    ]
