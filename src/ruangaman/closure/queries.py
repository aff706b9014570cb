"""Reads of the way home and of the end."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from ruangaman.access.models import DataKey
from ruangaman.access.queries import Viewer, open_key
from ruangaman.cases.models import Assessment, Case, PlanItem
from ruangaman.closure.models import Ending, HomeVisit, Invitee, Return
from ruangaman.closure.policies import INVITABLE, Invited
from ruangaman.consent.models import Consent
from ruangaman.consent.queries import standing_now
from ruangaman.consent.states import Service
from ruangaman.intake.models import Outreach
from ruangaman.intake.states import OutreachResult
from ruangaman.kernel.fields import unseal
from ruangaman.people.models import Part, Person
from ruangaman.people.states import PartStatus, PersonRole
from ruangaman.services.models import Delivery

# An attempt that ended so was a word with her.
SPOKE = (OutreachResult.REACHED, OutreachResult.NOT_ALONE, OutreachResult.DECLINED)


@dataclass(frozen=True, slots=True)
class Around:
    """The people of a dossier, seen for a closed meeting: who may be asked, and whose names bar."""

    invitable: dict[UUID, list[Part]]
    barred: frozenset[UUID]
    reported: tuple[Person, ...]


def agreed_to_return(viewer: Viewer, dossier_id: UUID, at: datetime, client: Person | None = None) -> bool:
    """This will say whether a consent to return or to reintegration stands, of one client or of any; two queries."""
    return any(
        consent.service in (Service.RETURN, Service.REINTEGRATION)
        and (client is None or consent.client.one_id == client.one_id)
        for consent in standing_now(viewer, dossier_id, at)
    )


def returns_of(viewer: Viewer, dossier_id: UUID) -> list[Return]:
    """This will give the returns of a dossier, the newest last; one query."""
    found = Return.objects.filter(dossier_id=dossier_id).select_related("client")
    return list(found.order_by("prepared_at", "id"))


def newest_home(returns: list[Return]) -> date | None:
    """This will give the day on which she was last brought home, from ``returns_of``."""
    return max((one.returned_on for one in returns if one.returned_on), default=None)


def invitees_of(viewer: Viewer, dossier_id: UUID) -> list[Invitee]:
    """This will give who was at the closed meetings of a dossier, meeting by meeting; one query."""
    found = Invitee.objects.filter(dossier_id=dossier_id).select_related("meeting", "person")
    return list(found.order_by("meeting__held_on", "meeting_id", "id"))


def visits_of(viewer: Viewer, dossier_id: UUID) -> list[HomeVisit]:
    """This will give the home visits of a dossier, the newest last; one query."""
    found = HomeVisit.objects.filter(dossier_id=dossier_id).select_related("visited_by")
    return list(found.order_by("visited_on", "recorded_at", "id"))


def endings_of(viewer: Viewer, dossier_id: UUID) -> list[Ending]:
    """This will give each time a case ended, the newest last; one query."""
    found = Ending.objects.filter(dossier_id=dossier_id).select_related("decided_by", "reopened_by")
    return list(found.order_by("decided_at", "id"))


def around(parts: list[Part]) -> Around:
    """This will sort the people of a dossier for a closed meeting. The reported person is not even offered.

    Source: flow.md 9; care.md 16.
    """
    live = [part for part in parts if part.status == PartStatus.ACTIVE]
    reported = {part.person_id: part.person for part in live if part.role == PersonRole.REPORTED}
    barred = {part.person.one_id for part in parts if part.status == PartStatus.REFUSED}
    own = {PersonRole.REPORTED, PersonRole.CLIENT}
    never = barred | {part.person.one_id for part in live if part.role in own}
    invitable: dict[UUID, list[Part]] = {}
    for part in live:
        if part.role in INVITABLE and part.person.one_id not in never:
            invitable.setdefault(part.person_id, []).append(part)
    return Around(invitable, frozenset(barred), tuple(reported.values()))


def invited_in_clear(person: Person, parts: list[Part], keys: dict[str, DataKey]) -> Invited:
    """This will open the name of somebody who is asked to a meeting, with the live parts they have here.

    :raises Unreadable: where the name was altered. It must not pass for somebody without a name.
    """
    own = [part for part in parts if part.person.one_id == person.one_id]
    return Invited(
        name=name_in_clear(person, keys),
        roles=frozenset(part.role for part in own if part.status == PartStatus.ACTIVE),
        barred=any(part.status == PartStatus.REFUSED for part in own),
    )


def name_in_clear(person: Person, keys: dict[str, DataKey]) -> str:
    """This will open a name with the keys at hand; empty where none was written down.

    :raises Unreadable: where it was altered.
    :raises KeyError: where the section's key is out of reach.
    """
    return (unseal(person, "name", open_key(keys[person.section])) or "") if person.name else ""


def last_contact(viewer: Viewer, dossier_id: UUID, case: Case) -> date:
    """This will give the day of the newest contact with her that the file knows of, at the earliest the day the case
    was taken. A message in the thread is the reporter's, who may be somebody else, and does not count.
    """
    days = [
        _newest(PlanItem.objects, dossier_id, "last_given_on"),
        _newest(Delivery.objects, dossier_id, "given_on"),
        _newest(HomeVisit.objects, dossier_id, "visited_on"),
        _newest(Return.objects, dossier_id, "returned_on"),
        _newest(Consent.objects, dossier_id, "answered_at"),
        _newest(Assessment.objects, dossier_id, "done_at"),
        _newest(Outreach.objects.filter(result__in=SPOKE), dossier_id, "ended_at"),
        case.taken_at,
    ]
    return max(timezone.localdate(day) if isinstance(day, datetime) else day for day in days if day)


def _newest(rows: Any, dossier_id: UUID, field: str) -> date | datetime | None:
    found: date | datetime | None = rows.filter(dossier_id=dossier_id).aggregate(newest=Max(field))["newest"]
    return found


# --- what waits --------------------------------------------------------------------------------------------------
