"""Reads about the attempts to reach her."""

from collections.abc import Iterable
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db.models import Q

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.agenda.queries.places import zone_of
from ruangaman.intake.models import Outreach, Report
from ruangaman.intake.policies import is_from_victim
from ruangaman.intake.policies.calling_back import Safe
from ruangaman.intake.queries.calling_back import safe_of
from ruangaman.intake.queries.clients import contact_is_doubted
from ruangaman.intake.queries.reports import within
from ruangaman.intake.states import CHILD_BANDS, ForWhom, Means
from ruangaman.people.models import Contact, Person
from ruangaman.people.states import CHILD_BANDS as CLIENT_BANDS


def outreaches_of(viewer: Viewer, dossier_id: UUID) -> list[Outreach]:
    """This will give the attempts to reach her, the first one first, with who goes, who planned, and where their
    appointment is by now; one query.
    """
    attempts = Outreach.objects.filter(dossier_id=dossier_id).select_related(
        "companion", "planned_by", "booking", "booking__venue", "booking__area"
    )
    return list(attempts.order_by("starts_at", "id"))


def outreach_of(viewer: Viewer, outreach_id: UUID) -> Outreach | None:
    """This will give one attempt with its dossier, or None where it is out of reach."""
    found = Outreach.objects.filter(id=outreach_id)
    return found.select_related("dossier", "companion", "booking__venue__area", "booking__area").first()


def assignment_of(outreach: Outreach) -> UUID:
    """This will give the id of the one letter (surat tugas) of an attempt; moved to another day, it gets another."""
    return uuid5(outreach.booking_id or outreach.id, "assignment")


def safe_to_call(viewer: Viewer, dossier: Dossier, report: Report) -> Safe | None:
    """This will give when she herself may be called: by her newest safe contact, else as she reported; None where
    nobody knows. A contact that she doubts, and none since, is no way to call her. Four queries at most.

    Source: care.md 5 and 7.
    """
    told = safe_of(viewer, dossier.id) if is_from_victim(report.reporter_kind) else None
    contact = Contact.objects.filter(dossier_id=dossier.id).order_by("-confirmed_at").first()
    doubted = contact_is_doubted(viewer, dossier.id) or (told is not None and told.doubted)
    if contact is None:
        return told or (
            Safe(Means.CALL, ZoneInfo(zone_of(dossier.unit_id)), doubted=True) if doubted else None
        )
    return Safe(
        means=contact.means,  # "call" in both; any other way is no call
        zone=ZoneInfo(zone_of(dossier.unit_id)),
        never_call=contact.never_call,
        weekdays=contact.weekdays,
        from_time=contact.from_time,
        until_time=contact.until_time,
        doubted=doubted,
    )


def is_of_a_child(report: Report | None, clients: Iterable[Person]) -> bool:
    """This will say whether the report, or what was recorded since, tells of a child. The database says the same
    (``door.of_a_child``).
    """
    told = report is not None and (report.for_whom == ForWhom.CHILD or report.age_band in CHILD_BANDS)
    return told or any(one.age_band in CLIENT_BANDS for one in clients)


def open_outreach(viewer: Viewer, most: int) -> list[Outreach]:
    """This will give the open attempts of a companion, and those of units where the viewer holds rank; one query."""
    if not viewer.reaches(Section.RISK):
        return []
    wanted = Q(companion_id=viewer.id) | within(viewer.units(Section.RISK))
    found = Outreach.objects.filter(wanted, ended_at=None, dossier__erased_at=None)
    return list(found.select_related("dossier").order_by("starts_at", "id")[:most])
