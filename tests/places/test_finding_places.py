"""Reading places: down from a province, up from a code, and by name.

The reads go through the database's default connection, so what `owner` has loaded must be committed.
"""

import pytest
from pytest_django import DjangoAssertNumQueries

from ruangaman.places import queries
from ruangaman.places.actions import load_places
from ruangaman.places.models import Place

pytestmark = pytest.mark.usefixtures("owner")


@pytest.fixture(autouse=True)
def loaded(owner: object) -> None:
    load_places()


def test_from_the_country_down_to_a_kelurahan() -> None:
    assert queries.provinces().count() == 38
    assert queries.regencies("31").count() == 6
    assert sum(queries.districts(regency).count() for regency in queries.regencies("31")) == 44
    assert [place.name for place in queries.villages("31.71.01")] == [
        "Cideng",
        "Duri Pulo",
        "Gambir",
        "Kebon Kelapa",
        "Petojo Selatan",
        "Petojo Utara",
    ]


def test_a_place_does_as_well_as_its_code() -> None:
    jakarta = Place.objects.get(code="31")
    assert list(queries.regencies(jakarta)) == list(queries.regencies("31"))


def test_another_level_has_nothing_to_offer() -> None:
    assert not queries.villages("31").exists()


@pytest.mark.parametrize("nonsense", ["", "x", "31'", "31\x00", "99"])
def test_nonsense_in_an_address_lists_nothing(nonsense: str) -> None:
    assert not queries.regencies(nonsense).exists()


def test_a_path_leads_from_the_province_down(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        names = [str(place) for place in queries.path("31.71.01.1001")]
    assert names == ["Daerah Khusus Ibukota Jakarta", "Kota Administrasi Jakarta Pusat", "Gambir", "Gambir"]


@pytest.mark.parametrize("nowhere", ["31.71.01.9999", "99", "", "31\x00"])
def test_a_path_to_nowhere_is_refused(nowhere: str) -> None:
    with pytest.raises(Place.DoesNotExist):
        queries.path(nowhere)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gambir", "31.71.01"),
        ("Jakarta Pusat", "31.71"),
        ("jakarta", "31"),
        ("dki", "31"),
        ("kab. bogor", "32.01"),
        ("kota bogor", "32.71"),
        ("kep. seribu", "31.01"),
        ("papua barat d", "96"),
    ],
)
def test_a_name_is_found_as_people_write_it(typed: str, first: str) -> None:
    assert queries.find(typed)[0].code == first


def test_larger_areas_come_first() -> None:
    assert [place.code for place in queries.find("gambir")] == ["31.71.01", "31.71.01.1001"]


def test_finding_stops_at_the_limit() -> None:
    assert len(queries.find("k")) == 20
    assert len(queries.find("k", limit=3)) == 3


@pytest.mark.parametrize("nothing", ["", "  ", "%", "_", "\x00", "tidak ada di sini", "a" * 5000])
def test_what_is_no_name_finds_nothing(nothing: str) -> None:
    assert queries.find(nothing) == []
