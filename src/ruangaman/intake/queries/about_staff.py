"""Reads about who is kept out of a file."""

from datetime import datetime
from uuid import UUID

from ruangaman.access.models import User, Wall
from ruangaman.access.queries import Viewer, staff_of
from ruangaman.access.states import Role
from ruangaman.intake.policies import SENIOR


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
