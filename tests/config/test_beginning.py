"""A real installation begins from one file, whole or not at all."""

from pathlib import Path

import pytest

from ruangaman.access.models import Membership, Organisation, User
from ruangaman.config.beginning import begin
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.network.models import Facility, OpeningHours

EXAMPLE = Path(__file__).parents[2] / "docs" / "begin-example.yaml"


@pytest.fixture
def as_owner(owner: None) -> None:
    """The command runs on the owner's connection: the example is read and checked on the alias of that name."""


def made(text: str) -> object:
    from django.db import connections

    # `ruangaman begin` has the owner's address as its default database; here the alias is lent for the test.
    application = connections["default"]
    connections["default"] = connections["owner"]
    try:
        return begin(text, at=clock.now())
    finally:
        connections["default"] = application


def test_the_example_of_the_docs_makes_an_installation(as_owner: None) -> None:
    begun = made(EXAMPLE.read_text())
    assert len(begun.passwords) == 2  # type: ignore[attr-defined]
    assert Organisation.objects.using("owner").count() == 4
    assert OpeningHours.objects.using("owner").count() == 5
    assert Membership.objects.using("owner").count() == 2
    head = User.objects.using("owner").get(email="kepala@uptd.example")
    assert head.check_password(begun.passwords["kepala@uptd.example"])  # type: ignore[attr-defined]


def test_a_second_run_adds_places_but_no_people(as_owner: None) -> None:
    made(EXAMPLE.read_text())
    with pytest.raises(Refused, match="There are accounts already"):
        made(EXAMPLE.read_text())
    made("organisations: [{kind: post, name: Pos Baru, parent: UPTD PPA Contoh}]")
    assert Organisation.objects.using("owner").count() == 5


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("organisations: [", "not YAML"),
        ("- 1", "has the parts"),
        ("organisations: [{kind: castle, name: X}]", "is not one of"),
        ("organisations: [{kind: post, name: X, parent: Nowhere}]", "no organisation 'Nowhere'"),
        ("facilities: [{kind: office, name: X}]", "say whose it is"),
        ("people: [{email: a@b.example, name: A, organisation: X, roles: [head]}]", "at least two"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(as_owner: None, text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        made(text)
    assert not Organisation.objects.using("owner").exists()
    assert not Facility.objects.using("owner").exists()
