"""What was said outside the thread, in the order in which it was said."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import page_of
from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section
from ruangaman.intake.queries.talks import talks_of


def talks(look: Look) -> Panel | None:
    """This will show what was said by messenger, telephone, letter or face to face, and the way to log more."""
    if Section.NARRATIVE not in look.sections:
        return None
    key = look.key(Section.NARRATIVE)
    rows = talks_of(look.viewer, look.dossier.id, key) if look.has("talks") else []
    writes = look.may_write(Section.NARRATIVE) and look.dossier.erased_at is None
    if not rows and not writes:
        return None
    return Panel(
        "intake/panel_talks.html",
        _("Yang disampaikan di luar situs"),
        {
            "rows": [
                {
                    **row,
                    "wiped_url": reverse("intake:wiped", args=[row["id"]])
                    if row["to_wipe"] and row["mine"]
                    else "",
                }
                for row in rows
            ],
            "here": page_of(look.dossier),
            "log_url": reverse("intake:log_talk", args=[look.dossier.reference]) if writes else "",
            "attach_url": reverse("papers:attach", args=[look.dossier.reference]) if writes else "",
        },
        opens=Section.NARRATIVE if rows else "",
    )
