"""Reads of services: a partner's inbox, what a unit sent, what was done, and the table of the case file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.access.states import OrganisationKind, Section, Stage
from ruangaman.cases.models import Need, PlanItem
from ruangaman.cases.queries import ORDER, items_of, needs_of
from ruangaman.cases.states import NEVER_NEEDED, NeedState
from ruangaman.consent.models import Consent
from ruangaman.consent.queries import consents_of, deciding, holds, to_ask_again
from ruangaman.consent.queries.holdings import Holding
from ruangaman.consent.states import Service
from ruangaman.people.models import Part, Person
from ruangaman.services.models import Delivery, Referral, Visum
from ruangaman.services.states import ReferralStatus

PAGE = 25
WAITING = (ReferralStatus.SENT, ReferralStatus.ACCEPTED)
MOST = 200  # rows of one dossier that a page shows


@dataclass(frozen=True, slots=True)
class Page:
    """One page of referrals, newest first, and where the next begins."""

    rows: Sequence[Referral]
    older: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one client needs of one service, beside what was answered, planned and done about it.

    Without ``need``: an answer that still holds about a service nobody wrote down as needed. It opens something, so it
    is shown. ``again``: consents that must be asked for once more.
    """

    client: Person
    service: str
    need: Need | None
    consents: Sequence[Consent]
    items: Sequence[PlanItem]
    again: Sequence[Consent]


def partners_of(viewer: Viewer) -> list[UUID]:
    """This will give the partner organisations the viewer answers for."""
    return [
        seat.organisation_id for seat in viewer.seats if seat.organisation_kind == OrganisationKind.PARTNER
    ]


def inbox(viewer: Viewer, *, most: int = 100) -> list[Referral]:
    """This will give what a partner has to answer, or accepted and recorded nothing for, oldest first; one query."""
    nothing_yet = ~Exists(Delivery.objects.filter(referral_id=OuterRef("pk")))
    found = Referral.objects.filter(
        Q(status=ReferralStatus.SENT) | Q(nothing_yet, status=ReferralStatus.ACCEPTED),
        organisation_id__in=partners_of(viewer),
        status__in=WAITING,
    )
    return list(found.select_related("dossier", "organisation").order_by("sent_at", "id")[:most])


def referrals(viewer: Viewer, *, before: tuple[datetime, UUID] | None = None, size: int = PAGE) -> Page:
    """This will give a page of all referrals in reach, newest first; one query.

    A partner those it received, a unit's supervisor those of the unit, who works by grants those they sent.
    """
    found = Referral.objects.select_related("dossier", "organisation").order_by("-sent_at", "-id")
    if partners := partners_of(viewer):
        found = found.filter(organisation_id__in=partners)
    elif units := list(viewer.units(Section.REFERRAL)):
        found = found.filter(unit_id__in=units)
    else:
        found = found.filter(sent_by_id=viewer.id)
    if before:
        found = found.filter(sent_at__lte=before[0]).exclude(sent_at=before[0], id__gte=before[1])
    rows = list(found[: size + 1])
    older = f"{rows[size - 1].sent_at.isoformat()}~{rows[size - 1].id}" if len(rows) > size else ""
    return Page(rows[:size], older)


def referral_by_id(viewer: Viewer, referral_id: UUID) -> Referral | None:
    """This will give a referral with dossier and partner, if the viewer may see it; one query."""
    found = Referral.objects.filter(id=referral_id)
    return found.select_related("dossier", "organisation", "client", "answered_by").first()


def referrals_of(viewer: Viewer, dossier_id: UUID) -> list[Referral]:
    """This will give the referrals of a dossier, newest first; one query."""
    found = Referral.objects.filter(dossier_id=dossier_id).select_related("organisation")
    return list(found.order_by("-sent_at", "-id")[:MOST])


def deliveries_of(viewer: Viewer, dossier_id: UUID, *, referral_id: UUID | None = None) -> list[Delivery]:
    """This will give the services given in a dossier as far as the viewer may see them, newest first; one query."""
    found = Delivery.objects.filter(dossier_id=dossier_id).select_related("organisation", "recorded_by")
    if referral_id:
        found = found.filter(referral_id=referral_id)
    return list(found.order_by("-given_on", "-id")[:MOST])


def visums_of(viewer: Viewer, dossier_id: UUID, *, referral_id: UUID | None = None) -> list[Visum]:
    """This will give the numbers of visums, still sealed, newest first; one query."""
    found = Visum.objects.filter(dossier_id=dossier_id)
    if referral_id:
        found = found.filter(referral_id=referral_id)
    return list(found.order_by("-dated_on", "-id")[:MOST])


def table(
    viewer: Viewer,
    dossier_id: UUID,
    at: datetime,
    parts: Iterable[Part] | None = None,
    answers: list[Consent] | None = None,
) -> list[Line]:
    """This will lay what is needed beside what was answered, planned and done; three queries, and rarely one more.

    A need that was written down by mistake is none. ``parts`` and ``answers``: where they were read already.
    """
    answers = consents_of(viewer, dossier_id) if answers is None else answers
    consents = deciding(answers)
    again = {consent.id for consent in to_ask_again(viewer, answers, at, parts)}
    needs: dict[tuple[UUID, str], Need] = {}
    for need in sorted(needs_of(viewer, dossier_id), key=lambda need: need.state != NeedState.UNMET):
        needs[(need.client.one_id, need.service)] = need
    shown = {pair: need for pair, need in needs.items() if need.unmet != NEVER_NEEDED}
    besides = {(c.client.one_id, c.service) for c in consents if holds(c, at)} - shown.keys()
    people = {c.client.one_id: c.client for c in consents}
    people |= {need.client.one_id: need.client for need in needs.values()}
    items = items_of(viewer, dossier_id)
    return [
        Line(
            people[client],
            service,
            shown.get((client, service)),
            about := [c for c in consents if (c.client.one_id, c.service) == (client, service)],
            [
                item
                for item in items
                if (item.need.client.one_id, item.service) == (client, service) and item.dropped_at is None
            ],
            [consent for consent in about if consent.id in again],
        )
        for client, service in sorted({*shown, *besides}, key=lambda pair: (pair[0], ORDER.index(pair[1])))
        if client in people
    ]


def declined(viewer: Viewer, since: datetime, most: int) -> list[Referral]:
    """This will give referrals that a partner declined since a moment and nobody found another way for; one query."""
    later = Referral.objects.filter(item_id=OuterRef("item_id"), sent_at__gt=OuterRef("sent_at"))
    found = _sent_by(viewer).filter(
        ~Exists(later),
        status=ReferralStatus.DECLINED,
        stage=Stage.CASE,
        ended_at__gt=since,
        item__dropped_at=None,
        item__given=0,
        item__need__state=NeedState.PLANNED,
    )
    return list(found.select_related("dossier", "organisation").order_by("ended_at")[:most])


def _sent_by(viewer: Viewer) -> QuerySet[Referral]:
    units = list(viewer.units(Section.REFERRAL))
    return Referral.objects.filter(Q(unit_id__in=units) if units else Q(sent_by_id=viewer.id))


def held(viewer: Viewer, dossier_id: UUID, holder_id: UUID) -> list[Holding]:
    """This will list the referrals a partner was sent, and what it or a colleague wrote down as given; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, what, service FROM door.held_services(%s, %s)", [dossier_id, holder_id])
        rows = cursor.fetchall()
    return [
        Holding(
            at,
            _("Rujukan dikirim") if what == "referral" else _("Layanan dicatat"),
            Service(service).label,
        )
        for at, what, service in rows
    ]


def own_rights() -> list[tuple[str, str]]:
    """This will give (service, what became of it) of what a client was offered, under the ticket of her own code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT service, state FROM door.client_rights()")
        return [(row[0], row[1]) for row in cursor.fetchall()]
