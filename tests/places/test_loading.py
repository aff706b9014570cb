"""Loading the places, and reading them back.

The fixture `owner` gives an empty, migrated database under the alias "owner".
"""

import pytest
from django.db import IntegrityError, transaction

from ruangaman.places.actions import load_places
from ruangaman.places.models import Place

pytestmark = pytest.mark.usefixtures("owner")


def test_loading_says_how_many_places_there_are() -> None:
    assert load_places() == 38 + 514 + 44 + 267
    assert Place.objects.using("owner").count() == 863


def test_loading_twice_changes_nothing() -> None:
    load_places()
    before = list(Place.objects.using("owner").order_by("code").values())
    load_places()
    assert list(Place.objects.using("owner").order_by("code").values()) == before


def test_loading_brings_an_old_name_up_to_date() -> None:
    load_places()
    Place.objects.using("owner").filter(code="31.71.01").update(name="Nama lama", time_zone="Asia/Jayapura")
    load_places()
    gambir = Place.objects.using("owner").get(code="31.71.01")
    assert (gambir.name, gambir.time_zone) == ("Gambir", "Asia/Jakarta")


def test_a_place_that_has_left_the_file_stays() -> None:
    load_places()
    Place(
        code="31.71.99", name="Pernah ada", level="district", parent_id="31.71", time_zone="Asia/Jakarta"
    ).save(using="owner")
    load_places()
    assert Place.objects.using("owner").filter(code="31.71.99").exists()


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("places_only_provinces_stand_alone", {"parent_id": None}),
        ("places_only_provinces_stand_alone", {"level": "province"}),
        ("places_level_known", {"level": "island"}),
        ("places_time_zone_known", {"time_zone": "Asia/Tokyo"}),
        ("places_code_well_formed", {"code": "3171.99"}),
    ],
)
def test_the_database_refuses_a_malformed_place(constraint: str, wrong: dict[str, str | None]) -> None:
    load_places()
    sound = {
        "code": "31.71.99",
        "name": "Percobaan",
        "level": "district",
        "parent_id": "31.71",
        "time_zone": "Asia/Jakarta",
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(using="owner"):
        Place(**(sound | wrong)).save(using="owner")
