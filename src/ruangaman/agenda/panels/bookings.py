"""The appointments of a file, on its page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.access.panels import Event, Look, Panel
from ruangaman.agenda.models import Booking
from ruangaman.agenda.policies.bookings import ANY_SECTION
from ruangaman.agenda.queries.bookings import bookings_of, conflicting
from ruangaman.agenda.states import BookingKind, BookingState, Whose, Why

SHOWN_PAST = 5


def agenda(look: Look) -> Panel | None:
    """This will show which appointments are to come and what became of the last ones, and the way to a new one.

    Of places only what is not sealed: the words stand on the page of the appointment.
    """
    of_the_unit = bool(look.viewer.roles_in(look.dossier.unit_id))
    if not of_the_unit or look.sections.isdisjoint(ANY_SECTION):
        return None
    bookings = bookings_of(look.viewer, look.dossier.id)
    may_book = look.dossier.erased_at is None and any(look.may_write(section) for section in ANY_SECTION)
    if not bookings and not may_book:
        return None
    coming = [one for one in bookings if one.state == BookingState.PLANNED]
    together = set(conflicting(look.dossier.id, look.at)) if coming else set()
    past = [one for one in bookings if one.state != BookingState.PLANNED]
    return Panel(
        "agenda/panel_agenda.html",
        gettext_lazy("Agenda"),
        {
            "coming": [_row(one) | {"together": one.id in together} for one in reversed(coming)],
            "past": [_row(one) for one in past[:SHOWN_PAST]],
            "new_url": reverse("agenda:new", args=[look.dossier.reference]) if may_book else "",
        },
        events=[
            Event(one.starts_at, _("Janji terlaksana: %s") % BookingKind(one.kind).label)
            for one in past
            if one.state == BookingState.DONE
        ],
    )


def _row(one: Booking) -> dict[str, Any]:
    area = _("Kelurahan %s") % one.area.name if one.area else ""
    reason = f"{Whose(one.changed_side).label}: {Why(one.changed_why).label}" if one.changed_side else ""
    return {
        "starts_at": one.starts_at,
        "kind": BookingKind(one.kind).label,
        "where": one.venue.name if one.venue else area,
        "staff": ", ".join(seat.user.name for seat in one.staff),  # type: ignore[attr-defined]
        "state": BookingState(one.state).label,
        "good": one.state == BookingState.DONE,
        "reason": reason,
        "url": reverse("agenda:booking", args=[one.id]),
    }
