"""Who saw something of this file and sees it no more: what they were asked, and what they answered."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.panels import Event, Look, Panel
from ruangaman.access.states import Section
from ruangaman.consent.models import Recall
from ruangaman.consent.queries import consents_of
from ruangaman.consent.queries.recalls import recalls_of


def recalls(look: Look) -> Panel | None:
    """This will show, to who reads the plan, what was asked back of whom; one query, and none where nothing was."""
    if Section.PLAN not in look.sections:
        return None
    # Whatever is asked back, somebody had agreed to it.
    answers = look.once(consents_of, look.viewer, look.dossier.id)
    if not any(getattr(consent, "asked_back", False) for consent in answers):
        return None
    found = recalls_of(look.viewer, look.dossier.id)
    if not found:
        return None
    writes = look.may_write(Section.PLAN)
    return Panel(
        "consent/panel_recalls.html",
        _("Yang pernah melihat"),
        {
            "rows": [
                {
                    "who": _who(recall),
                    "sections": [Section(section).label for section in recall.sections],
                    "asked_at": recall.asked_at,
                    "waits": recall.answered_at is None,
                    "answer": recall.get_answer_display(),
                    "answered_at": recall.answered_at,
                    "by": recall.answered_by.name if recall.answered_by else "",
                    "url": reverse("consent:recall", args=[recall.id]) if writes else "",
                }
                for recall in found
            ]
        },
        events=[
            *(Event(one.asked_at, _("Akses ditutup, penghapusan diminta"), _who(one)) for one in found),
            *(
                Event(one.answered_at, _("Penghapusan: %s") % one.get_answer_display(), _who(one))
                for one in found
                if one.answered_at
            ),
        ],
    )


def _who(recall: Recall) -> str:
    return recall.recipient.name if recall.recipient else (recall.person.name if recall.person else "")
