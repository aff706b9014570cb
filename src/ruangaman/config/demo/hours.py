"""When somebody of the demonstration is free to go to her, and where."""

from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.agenda.queries.bookings import taken
from ruangaman.places.models import Place


def free_hour(viewer: Viewer, unit: UUID, who: UUID, wanted: datetime) -> tuple[datetime, datetime]:
    """This will give the first hour from ``wanted`` on in which somebody has no appointment."""
    hour = timedelta(hours=1)
    starts = wanted
    while taken(viewer, unit, [who], starts, starts + hour):
        starts += hour
    return starts, starts + hour


@lru_cache
def kelurahan(city: str) -> Place:
    """This will give the first kelurahan of a kota."""
    return Place.objects.filter(code__startswith=f"{city}.", level="village").order_by("code")[0]
