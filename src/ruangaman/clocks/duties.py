"""What deadlines ask of people: who holds one, whoever may act where nobody holds it, who answers for a unit."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from ruangaman.access.doors import page_of
from ruangaman.access.duties import Duty, Kind
from ruangaman.access.matrix import allows
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section, Stage
from ruangaman.clocks import queries
from ruangaman.clocks.models import Clock
from ruangaman.clocks.queries import pages


def held(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask for what somebody holds, that is late or due within a week."""
    return _asked(queries.due_clocks(viewer, most, until=pages.soon(at), held=True))


def unheld(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask whoever may write that part of the file by rank for what nobody holds yet."""
    return _asked(queries.due_clocks(viewer, most, until=pages.soon(at), held=False))


def of_own_files(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask the team of a file for what nobody holds there yet, such as a visit at home."""
    if not any(allows(role, "grant", stage, Section.FILE, "r") for role in viewer.roles for stage in Stage):
        return []  # nobody of these roles works in a file by being on its team
    return _asked(queries.due_in_own_files(viewer, most, until=pages.soon(at), at=at))


def of_the_unit(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask for what the unit itself owes: its report, the notice of a breach."""
    if not pages.UNIT_WATCHERS & viewer.roles:
        return []
    return [
        Duty(
            Kind.UNIT,
            one.due_at,
            f"{one.definition.said('name')} ({one.period})",
            "",
            one.definition.article,
            reverse("clocks:unit"),
        )
        for one in pages.unit_clocks_due(viewer, pages.soon(at), most)
    ]


def _asked(clocks: Iterable[Clock]) -> list[Duty]:
    return [
        Duty(
            Kind.DANGER if one.definition.urgent else Kind(one.definition.kind),
            one.due_at,
            one.definition.said("name"),
            one.dossier.reference,
            one.definition.article,
            page_of(one.dossier),
        )
        for one in clocks
    ]
