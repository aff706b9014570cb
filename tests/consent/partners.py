"""A second client in the file of a first, for what a partner must not see of her; all made up."""

from dataclasses import replace
from datetime import date

from ruangaman.kernel import clock
from ruangaman.people.actions import Identity, add_person
from ruangaman.people.states import PersonRole, Sex
from tests.cases.cases import Way
from tests.worlds import acting

BORN = date(1992, 3, 4)
OTHER = "Citra Contoh"


def second_client(way: Way, name: str = OTHER) -> Way:
    """The same file, seen from another client of it."""
    with acting(way.manager):
        part = add_person(
            dossier=way.dossier, role=PersonRole.CLIENT, identity=Identity(name, born_on=BORN, sex=Sex.FEMALE),
            by=way.manager.id, at=clock.now(),
        )  # fmt: skip
    return replace(way, client=part.person)
