"""Reads about who is kept out of a file, and who may be meant by a name."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from ruangaman.access.models import User, Wall
from ruangaman.access.queries import Viewer, staff_of
from ruangaman.access.states import Role
from ruangaman.intake.models import Story
from ruangaman.intake.policies import SENIOR
from ruangaman.kernel.fields import Key, unseal
from ruangaman.kernel.names import ALIKE, likeness


def walls_of(viewer: Viewer, dossier_id: UUID) -> list[Wall]:
    """This will give who is kept out of a file now, with who decided so; one query."""
    walls = Wall.objects.filter(dossier_id=dossier_id, lifted_at=None)
    return list(walls.select_related("person", "raised_by").order_by("person__name", "id"))


def seniors_of(unit_id: UUID, at: datetime) -> list[tuple[User, str]]:
    """This will give the supervisors and heads of a unit, with their roles; two queries."""
    return staff_of(unit_id, sorted(SENIOR), at)


def colleagues_of(unit_id: UUID, at: datetime) -> list[tuple[User, str]]:
    """This will give everybody of a unit with their roles, by name; two queries."""
    return staff_of(unit_id, Role.values, at)


def alike_among_all(name: str) -> list[UUID]:
    """This will give everybody with an account, of any unit, who may be meant by a name; one query."""
    if not name.strip():
        return []
    people = User.objects.filter(is_active=True).values_list("id", "name")
    return [person for person, called in people if likeness(name, called) >= ALIKE]


def accused_in(dossier_id: UUID, key: Key | None) -> str:
    """This will open who a report is about, as its reporter names them, with the key of the narrative."""
    story = Story.objects.filter(dossier_id=dossier_id).order_by("id").first() if key else None
    return (unseal(story, "accused", key) or "") if story and key else ""


def units_without_reader(viewer: Viewer) -> list[tuple[str, datetime]]:
    """This will give the units where a report waits for somebody of rank, by name, each with since when, to the
    administrators who were told; one query. Neither which report it is nor how many.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.name, u.since FROM door.units_without_reader() u "
            "JOIN access_organisation o ON o.id = u.unit ORDER BY o.name, o.id"
        )
        return list(cursor.fetchall())
