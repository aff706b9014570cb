"""Reads of ways out: one's own, those of the unit, and what one may be going to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from ruangaman.access.models import Dossier, Grant
from ruangaman.access.queries import Viewer
from ruangaman.access.states import GrantSource, Section
from ruangaman.agenda.models import Booking, Outing
from ruangaman.agenda.states import OUTSIDE, BookingState

MOST = 100
MOST_FILES = 30
# An appointment one goes to now: it began at most so long ago, or begins within so long.
BEGUN = timedelta(hours=6)
BEGINS = timedelta(hours=18)


def _outings() -> QuerySet[Outing]:
    # The file may be out of reach of who went out for it; its reference is then absent, and the way out is not.
    reference = Dossier.objects.filter(id=OuterRef("dossier_id")).values("reference")
    told = {"reference": Subquery(reference)}  # named by the model, so that it has a type
    return Outing.objects.annotate(**told)


def own_outing(viewer: Viewer) -> Outing | None:
    """This will give the viewer's own way out that has not ended, with ``reference``; one query."""
    return _outings().filter(user_id=viewer.id, back_at=None).first()


def out_now(viewer: Viewer, units: Iterable[UUID]) -> list[Outing]:
    """This will give who is out now in units, as far as the viewer reaches them, the latest first; one query."""
    found = _outings().filter(back_at=None, unit_id__in=list(units)).select_related("user", "area", "unit")
    return list(found.order_by("expected_at", "id")[:MOST])


def outing_in_reach(viewer: Viewer, outing_id: UUID) -> Outing | None:
    """This will give one way out that the viewer may know of, ended or not; one query."""
    return _outings().filter(id=outing_id).select_related("user", "area").first()


def bookings_to_go(viewer: Viewer, at: datetime) -> list[Booking]:
    """This will give the viewer's own appointments outside that one may be leaving for now, in order; one query."""
    return list(
        Booking.objects.filter(
            seats__user_id=viewer.id,
            seats__is_live=True,
            state=BookingState.PLANNED,
            kind__in=OUTSIDE,
            starts_at__gt=at - BEGUN,
            starts_at__lt=at + BEGINS,
        )
        .select_related("dossier", "venue", "area")
        .order_by("starts_at", "id")[:MOST_FILES]
    )


def team_files(viewer: Viewer, at: datetime) -> list[str]:
    """This will give the references of the files on whose team the viewer is, the newest first; one query."""
    held = Grant.objects.filter(
        principal_id=viewer.id,
        section=Section.FILE,
        source=GrantSource.TEAM,
        until__gt=at,
        withdrawn_at=None,
    )
    return list(held.order_by(F("given_at").desc()).values_list("dossier__reference", flat=True)[:MOST_FILES])
