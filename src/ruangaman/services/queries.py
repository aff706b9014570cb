"""Reads of services: a partner's inbox, what a unit sent, what was done, and the table of the case file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from ruangaman.access.queries import Viewer
from ruangaman.access.states import OrganisationKind, Section
from ruangaman.cases.models import Need, PlanItem
from ruangaman.cases.queries import items_of, needs_of
from ruangaman.consent.models import Consent
from ruangaman.consent.queries import consents_of, deciding
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
    """One need beside what was answered, planned and done about it."""

    need: Need
    consents: Sequence[Consent]
    items: Sequence[PlanItem]


def partners_of(viewer: Viewer) -> list[UUID]:
    """This will give the partner organisations the viewer answers for."""
    return [
        seat.organisation_id for seat in viewer.seats if seat.organisation_kind == OrganisationKind.PARTNER
    ]


def inbox(viewer: Viewer, *, most: int = 100) -> list[Referral]:
    """This will give the referrals that wait for the viewer's organisation, oldest first; one query."""
    found = Referral.objects.filter(organisation_id__in=partners_of(viewer), status__in=WAITING)
    return list(found.select_related("dossier", "organisation").order_by("sent_at", "id")[:most])


def referrals(viewer: Viewer, *, before: tuple[datetime, UUID] | None = None, size: int = PAGE) -> Page:
    """This will give a page of all referrals in reach, newest first; one query."""
    units = list(viewer.units(Section.REFERRAL))
    mine = Q(organisation_id__in=partners_of(viewer)) | Q(unit_id__in=units)
    if not units and not partners_of(viewer):
        mine = Q(sent_by_id=viewer.id)
    found = (
        Referral.objects.filter(mine).select_related("dossier", "organisation").order_by("-sent_at", "-id")
    )
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


def visums_of(viewer: Viewer, dossier_id: UUID) -> list[Visum]:
    """This will give the numbers of visums, still sealed; one query."""
    return list(Visum.objects.filter(dossier_id=dossier_id).order_by("-dated_on", "-id")[:MOST])


def table(viewer: Viewer, dossier_id: UUID) -> list[Line]:
    """This will lay what is needed beside what was answered, planned and done; three queries."""
    consents = deciding(consents_of(viewer, dossier_id))
    items = items_of(viewer, dossier_id)
    return [
        Line(
            need,
            [c for c in consents if (c.client_id, c.service) == (need.client_id, need.service)],
            [item for item in items if item.need_id == need.id and item.dropped_at is None],
        )
        for need in needs_of(viewer, dossier_id)
    ]


def unanswered(viewer: Viewer, since: datetime, most: int) -> list[Referral]:
    """This will give referrals of the viewer's units that no partner answered since a moment; one query."""
    units = list(viewer.units(Section.REFERRAL))
    found = Referral.objects.filter(
        Q(unit_id__in=units) if units else Q(sent_by_id=viewer.id),
        status=ReferralStatus.SENT,
        stage="case",
        sent_at__lte=since,
    )
    return list(found.select_related("dossier", "organisation").order_by("sent_at")[:most])
