"""That the reporter is to be called back, and what came of it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.panels import Event, Look, Panel
from ruangaman.access.states import Section
from ruangaman.intake.policies.calling_back import said
from ruangaman.intake.queries.calling_back import calls_of


def call_backs(look: Look) -> Panel | None:
    """This will show the call-backs of a report, and the way to ask for one."""
    if Section.REPORTER not in look.sections:
        return None
    found = calls_of(look.viewer, look.dossier.id) if look.has("call_backs") else []
    may_ask = look.may_write(Section.REPORTER)
    if not found and not may_ask:
        return None
    rows = [
        {
            "url": reverse("intake:call_back", args=[one.call.id]),
            "asked_at": one.call.asked_at,
            "asked_by": one.call.asked_by.name,
            "ended_at": one.call.ended_at,
            "tries": one.tries,
            "begins": said(one.safe, one.call.not_before) if one.safe else "",
            "never": one.safe is None or not one.safe.may_be_called,
        }
        for one in found
    ]
    return Panel(
        "intake/panel_calls.html",
        _("Menghubungi kembali"),
        {
            "rows": rows,
            "ask_url": reverse("intake:ask_call_back", args=[look.dossier.reference]) if may_ask else "",
        },
        events=[Event(one.call.asked_at, _("Diminta dihubungi kembali")) for one in found],
    )
