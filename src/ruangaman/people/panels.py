"""The identity panel of a dossier: sealed until somebody opens it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section
from ruangaman.people.queries import initials_of, people_of


def identity(look: Look) -> Panel | None:
    """This will show that there is an identity, sealed, with the button that opens it."""
    if Section.IDENTITY not in look.sections or not people_of(look.viewer, look.dossier.id):
        return None
    return Panel(
        "people/panel_identity.html",
        _("Identitas"),
        {
            "sealed": True,
            "opened": None,
            "initials": initials_of(look.viewer, [look.dossier.id]).get(look.dossier.id, ""),
            "open_url": reverse("people:open_identity", args=[look.dossier.reference]),
        },
    )
