"""When the reported person is where, on the page of a dossier."""

from datetime import time
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.panels import Look, Panel
from ruangaman.access.states import Section
from ruangaman.agenda.models import Booking, Presence
from ruangaman.agenda.policies.presence import END_OF_DAY
from ruangaman.agenda.queries.presence import presences_of
from ruangaman.agenda.states import BookingKind
from ruangaman.kernel.fields import unseal
from ruangaman.network.queries import DAYS
from ruangaman.people.policies import days_of
from ruangaman.people.queries import parts_of
from ruangaman.people.states import PartStatus, PersonRole


def presence(look: Look) -> Panel | None:
    """This will show when the reported person is where, as far as it is not sealed, with the way to its page."""
    if Section.PARTIES not in look.sections:
        return None
    parts = look.once(parts_of, look.viewer, look.dossier.id)
    reported = [p for p in parts if p.role == PersonRole.REPORTED and p.status == PartStatus.ACTIVE]
    if not reported:
        return None
    key = look.key(Section.PARTIES)
    people = [part.person for part in reported if part.person.section == Section.PARTIES]
    initials = {one.id: (unseal(one, "initials", key) or "") for one in people} if key else {}
    return Panel(
        "agenda/panel_presence.html",
        _("Di mana terlapor biasanya"),
        {
            "rows": [
                told(one, initials.get(one.person_id, ""))
                for one in presences_of(look.viewer, look.dossier.id)
            ],
            "url": reverse("agenda:presence", args=[look.dossier.reference]),
            "writes": look.may_write(Section.PARTIES),
        },
    )


def told(one: Presence, initials: str) -> dict[str, Any]:
    """This will give what a page shows of a window; the words of its place stay sealed."""
    days = days_of(one.weekdays)
    return {
        "initials": initials,
        "days": _("setiap hari") if len(days) == len(DAYS) else ", ".join(str(DAYS[day]) for day in days),
        "hours": f"{_hour(one.from_time)}–{_hour(one.until_time)}",
        "place": one.venue.name if one.venue else one.area.name if one.area else "",
        "sealed": bool(one.where),
        "from_on": one.from_on,
        "until_on": one.until_on,
    }


def _hour(hour: time) -> str:
    return "24.00" if hour == END_OF_DAY else f"{hour:%H.%M}"


def planned(booking: Booking) -> dict[str, Any]:
    """This will give what a page shows of an appointment that would bring people together."""
    return {
        "kind": BookingKind(booking.kind).label,
        "starts_at": booking.starts_at,
        "place": booking.venue.name if booking.venue else booking.area.name if booking.area else "",
        "url": reverse("agenda:booking", args=[booking.id]),
    }
