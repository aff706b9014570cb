"""How a client can be reached lies in a section of its own."""

from django.db import migrations

from ruangaman.kernel.protection import Protect


class Migration(migrations.Migration):
    dependencies = [("people", "0003_contact")]
    operations = [Protect("Contact", section="contact", updates=False)]
