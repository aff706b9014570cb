"""What is told of people, for tests: through the product's own actions, all made up."""

from typing import Any, Protocol

from django.test import Client

from ruangaman.access.models import Dossier, User
from ruangaman.access.queries import every_key, open_key
from ruangaman.kernel import clock
from ruangaman.people.actions import profiles as actions
from ruangaman.people.models import Person, Profile
from ruangaman.people.policies import profiles
from ruangaman.people.policies.profiles import Background, Courtesy, Support
from ruangaman.people.queries.profiles import told
from ruangaman.people.states import (
    Accommodation,
    Disability,
    Language,
    OfficerChoice,
    PersonRole,
    PlaceChoice,
)
from tests.people.people import added
from tests.worlds import Filed, World, acting

DEAF = Support(
    disabilities=(Disability.HEARING.value,),
    accommodations=(Accommodation.MORE_TIME.value,),
    languages=(Language.BISINDO.value,),
    interpreter=Language.BISINDO.value,
    decides_with="Bu Rekaan",
)
RERE = Courtesy(
    called="Rere", address="Kak", officer=OfficerChoice.WOMAN.value, place=PlaceChoice.WOMEN.value
)
PAPERS = Background(registered_name="Nama Surat Rekaan", registered_sex="m", rt="003", rw="12")
HOME = "31.74.01.1001"


class OfDossier(Protocol):
    """A made-up report or case, of whichever room."""

    @property
    def dossier(self) -> Dossier: ...


def tell(
    world: World, filed: OfDossier, by: User, person: Person, profile: profiles.Profile, **more: Any
) -> Profile:
    viewer = world.viewer(by)
    with acting(by):
        return actions.tell_profile(
            viewer=viewer,
            dossier=filed.dossier,
            person=person,
            profile=profile,
            at=more.pop("at", clock.now()),
            **more,
        )


def in_clear(filed: OfDossier, by: User, row: Profile) -> profiles.Profile:
    with acting(by):
        return told(row, open_key(every_key(filed.dossier.id)[row.section]))


def adult(filed: Filed, by: User, name: str = "Rere Rekaan", **more: Any) -> Person:
    return added(filed, by, PersonRole.CLIENT, name, age=30, **more).person


def sent(page: Client, where: str, **typed: Any) -> Any:
    """The form as a browser sends it: with the hidden ids of the page that was opened."""
    shown = page.get(where)
    assert shown.status_code == 200
    form = shown.context["form"]
    hidden = {name: str(form.initial[name]) for name in ("profile_id", "over")}
    return page.post(where, {**hidden, **typed})


def page_for(filed: Filed, person: Person, page: str) -> str:
    return f"/orang/{filed.reference}/{person.id}/{page}/"
