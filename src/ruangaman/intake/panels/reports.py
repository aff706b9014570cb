"""What was told, by whom, and the conversation with who told it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import kept_form
from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section
from ruangaman.intake import queries
from ruangaman.intake.forms.threads import Message
from ruangaman.kernel.ids import new_id


def narrative(look: Look) -> Panel | None:
    """This will show what happened, in the reporter's words."""
    story = (
        queries.story_of(look.viewer, look.dossier.id, look.key(Section.NARRATIVE))
        if Section.NARRATIVE in look.sections
        else None
    )
    if not story:
        return None
    title = _("Apa yang terjadi")
    return Panel("intake/panel_narrative.html", title, {"story": story}, opens=Section.NARRATIVE)


def contact(look: Look) -> Panel | None:
    """This will show how the reporter can be reached safely."""
    contact = (
        queries.contact_of(look.viewer, look.dossier.id, look.key(Section.REPORTER))
        if Section.REPORTER in look.sections
        else None
    )
    if not contact:
        return None
    if contact.pop("phone"):
        # It stands on no page until it is asked for: who reads it here would ring while a colleague calls.
        contact["open_url"] = reverse("intake:open_reporter", args=[look.dossier.reference])
    if look.may_write(Section.REPORTER):
        contact["renew_url"] = reverse("intake:renew_contact", args=[look.dossier.reference])
    return Panel("intake/panel_contact.html", _("Kontak aman pelapor"), contact, opens=Section.REPORTER)


def thread(look: Look) -> Panel | None:
    """This will show the conversation with the reporter, and the form for an answer where this viewer may answer."""
    if Section.THREAD not in look.sections:
        return None
    url = reverse("intake:answer", args=[look.dossier.reference])
    attach = reverse("papers:attach", args=[look.dossier.reference])
    may_answer = look.may_write(Section.THREAD)
    typed = kept_form(look.request, url) or {}
    messages = queries.thread_of(look.viewer, look.dossier.id, look.key(Section.THREAD))
    form = Message(initial={"message_id": typed.get("message_id") or new_id(), "body": typed.get("body", "")})
    return Panel(
        "intake/panel_thread.html",
        _("Percakapan dengan pelapor"),
        {
            "messages": messages,
            "form": form if may_answer else None,
            "answer_url": url if may_answer else "",
            "attach_url": f"{attach}?bagian={Section.THREAD}" if may_answer else "",
            "kept": bool(typed),
        },
        opens=Section.THREAD if messages else "",
    )
