"""The way home and the end lie in the section plan."""

from django.db import migrations

from ruangaman.kernel.protection import Protect

SPINE = ("id", "dossier_id", "unit_id", "stage")


class Migration(migrations.Migration):
    dependencies = [("closure", "0001_initial"), ("access", "0003_protection")]
    operations = [
        Protect(
            "Return",
            section="plan",
            facts=(*SPINE, "client_id", "destination", "prepared_at", "returned_on", "reunited_on"),
        ),
        Protect("Meeting", section="plan", updates=False, facts=(*SPINE, "held_on")),
        Protect("Invitee", section="plan", updates=False),
        Protect(
            "HomeVisit",
            section="plan",
            updates=False,
            facts=(*SPINE, "visited_on", "no_violence", "no_stigma", "supported"),
        ),
        # Changed once and in one way: to say that the case was taken up again (the trigger endings_stay keeps the rest).
        Protect("Ending", section="plan", facts=(*SPINE, "reason", "decided_at", "reopened_at")),
    ]
