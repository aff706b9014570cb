"""Writes of what is on paper: a form that was filled in by hand becomes a report with its scan, in one act."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role, Section
from ruangaman.intake.actions.delivering import note_ticket
from ruangaman.intake.actions.receiving import Told, filing, receive
from ruangaman.intake.models import Way
from ruangaman.intake.policies.roster import ON_DUTY_ROLES
from ruangaman.intake.states import TAKEN_DOWN, Channel
from ruangaman.kernel.codes import Code, new_code
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.papers.actions.files import add_whole
from ruangaman.papers.states import Origin, PaperKind

FOR_THE_SUPERVISOR = _lazy(
    "Formulir tentang petugas layanan ini dicatat oleh penyelia, bukan oleh petugas. Serahkan dalam amplop tertutup."
)


@dataclass(frozen=True, slots=True)
class Scan:
    """The file of a scan, and whether it is kept as evidence. ``paper_id`` is the form's, for a double click."""

    paper_id: UUID
    name: str
    content: bytes
    is_evidence: bool


@dataclass(frozen=True, slots=True)
class Filed:
    """The report that a form became, and the code where one was given; None where it had been filed before."""

    dossier: Dossier
    code: Code | None


@transaction.atomic
def file_paper_form(
    *,
    viewer: Viewer,
    report_id: UUID,
    way: Way,
    number: str,
    told: Told,
    gives_code: bool,
    scan: Scan,
    at: datetime,
) -> Filed:
    """This will make a report of a form that was filled in by hand, with its scan: both, or neither of them.

    ``told``: with the officer's summary as its story. ``number``: of the form, so that one copy makes one report.

    :raises Refused: for a way that is not the unit's, a form that was filed before, or a file that is not kept.
    """
    roles = viewer.roles_in(way.unit_id)
    if not roles & set(ON_DUTY_ROLES) or way.channel not in TAKEN_DOWN or not way.is_active:
        raise Refused(_("Saluran ini tidak ada di unit Anda. Pilih dari daftar."))
    if told.about_staff and Role.SUPERVISOR not in roles:
        raise Refused(FOR_THE_SUPERVISOR)
    there = Dossier.objects.filter(id=report_id).first()
    if there is not None:
        return Filed(there, None)
    code = new_code() if gives_code else None
    with filing(report_id, at):
        receive(
            dossier_id=report_id,
            told=told,
            channel=Channel(way.channel),
            at=at,
            code=code,
            unit=way.unit,
            way=way.id,
            taken_by=viewer.id,
        )
    dossier = Dossier.objects.filter(id=report_id).first()
    if dossier is None:  # walled off in that very moment
        raise Refused(FOR_THE_SUPERVISOR)
    if number:
        _note_number(viewer, dossier, way, number, at)
    add_whole(
        viewer=viewer,
        dossier=dossier,
        kind=PaperKind.LETTER_IN,
        section=Section.NARRATIVE,
        origin=Origin.REPORTER,
        subject=None,
        is_evidence=scan.is_evidence,
        name=scan.name,
        note="",
        content=scan.content,
        content_type="",
        at=at,
        paper_id=scan.paper_id,
    )
    return Filed(dossier, code)


def _note_number(viewer: Viewer, dossier: Dossier, way: Way, number: str, at: datetime) -> None:
    try:
        note_ticket(viewer=viewer, dossier=dossier, way=way, number=number, at=at)
    except Refused:
        raise Refused(
            _(
                "Formulir dengan nomor ini sudah dicatat. Cari laporannya, dan lampirkan pindaian di berkas itu."
            )
        ) from None


@transaction.atomic
def print_register(*, viewer: Viewer, unit_id: UUID, first: date, last: date, at: datetime) -> None:
    """This will record that the register of a unit was printed, and of which days."""
    record(
        Verb.REGISTER_PRINTED,
        at=at,
        by=viewer.id,
        unit=unit_id,
        objects=[unit_id],
        fields=[first.isoformat(), last.isoformat()],
    )
