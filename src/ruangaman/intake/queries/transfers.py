"""Reads about hand-overs to another region's unit."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from ruangaman.access.models import Organisation
from ruangaman.access.queries import Viewer
from ruangaman.access.states import OrganisationKind, Role, Section
from ruangaman.intake.models import Transfer
from ruangaman.intake.queries.reports import within
from ruangaman.intake.states.handling import TransferState
from ruangaman.kernel import keyring
from ruangaman.kernel.fields import open_under

# Who answers what another unit hands over; door.answer_transfer asks for the same.
TAKERS = frozenset({Role.INTAKE_OFFICER, Role.SUPERVISOR, Role.HEAD})


def units_to_send(unit_id: UUID) -> Sequence[Organisation]:
    """This will give the other units that work with this system, by the code of their place; one query."""
    units = Organisation.objects.filter(kind=OrganisationKind.UNIT, is_active=True).exclude(id=unit_id)
    return list(units.select_related("place").order_by("place_id", "name"))


def transfers_of(viewer: Viewer, dossier_id: UUID) -> list[Transfer]:
    """This will give the hand-overs of one report, the first one first; one query."""
    found = Transfer.objects.filter(dossier_id=dossier_id).select_related("to_unit", "sent_by", "answered_by")
    return list(found.order_by("sent_at", "id"))


def transfer_of(viewer: Viewer, transfer_id: UUID) -> Transfer | None:
    """This will give one hand-over with its units, or None where it is out of reach; one query."""
    return Transfer.objects.filter(id=transfer_id).select_related("unit", "to_unit", "sent_by").first()


def to_answer(viewer: Viewer, most: int) -> list[Transfer]:
    """This will give what other units handed to the viewer's and nobody answered, danger first; one query."""
    found = _to(viewer).filter(state=TransferState.SENT)
    return list(found.select_related("unit").order_by("-danger_now", "sent_at", "id")[:most])


def answered(viewer: Viewer, most: int = 25) -> list[Transfer]:
    """This will give what the viewer's units answered last; one query."""
    found = _to(viewer).filter(state__in=[TransferState.ACCEPTED, TransferState.REFUSED])
    return list(found.select_related("unit", "answered_by").order_by("-answered_at", "-id")[:most])


def sent(viewer: Viewer, most: int = 25) -> list[Transfer]:
    """This will give what the viewer's units handed over last, as far as the files are in reach; one query."""
    units = viewer.units(Section.ADMINISTRATION, "w")
    if not units:
        return []
    found = Transfer.objects.filter(within(units), dossier__erased_at=None)
    return list(found.select_related("dossier", "to_unit").order_by("-sent_at", "-id")[:most])


def opened_answer(transfer: Transfer) -> str:
    """This will open what the other unit answered, for the sender and for who answered.

    :raises Unreadable: where it was altered or moved.
    """
    if transfer.answer is None:
        return ""
    sealed = bytes(transfer.answer)
    return open_under(key_of_unit(transfer.unit_id), sealed, bound_to(transfer.id, "answer")).decode()


def key_of_unit(unit_id: UUID | None) -> bytes:
    """This will give the key (32 bytes) under which something is sealed on its way to a unit."""
    return keyring.current().derived(f"transfer/{unit_id}")


def bound_to(transfer_id: UUID, field: str) -> str:
    """This will name the place to which what is on its way is bound, so that it opens nowhere else."""
    return f"intake_transfer|{transfer_id}|{field}"


def _to(viewer: Viewer) -> QuerySet[Transfer]:
    units = [seat.organisation_id for seat in viewer.seats if seat.role in TAKERS]
    return Transfer.objects.filter(to_unit_id__in=units) if units else Transfer.objects.none()
