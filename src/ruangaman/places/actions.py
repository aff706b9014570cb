"""Loading the places that come with the program."""

import csv
from importlib.resources import files

from django.db import transaction

from ruangaman.places import policies
from ruangaman.places.models import Place


def load_places(*, using: str = "owner") -> int:
    """This will bring the table of places up to date with `data/places.csv` and count what is in it.

    It can be run again at any time. Names, parents and times are updated; a place that has left the file
    stays, because dossiers may point to it. No person stands behind this reference data, so there is
    neither `by` nor a ledger entry.

    :param using: the database alias of the owner; run-time roles may only read places.
    :raises ValueError: if a code or level in the file is wrong; then nothing is changed.
    """
    text = (files("ruangaman.places") / "data" / "places.csv").read_text(encoding="utf-8")
    places = [_place(**row) for row in csv.DictReader(text.splitlines())]
    # Sorted, a parent comes before its children, and two loads at once lock rows in the same order.
    places.sort(key=lambda place: place.code)
    with transaction.atomic(using=using):
        Place.objects.using(using).bulk_create(
            places,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "level", "parent", "time_zone"],
        )
    return len(places)


def _place(*, code: str, name: str, level: str) -> Place:
    policies.check_level(code, level)
    return Place(
        code=code,
        name=name,
        level=level,
        parent_id=policies.parent_of(code),
        time_zone=policies.time_zone_of(code),
    )
