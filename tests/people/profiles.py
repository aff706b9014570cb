"""What is told of people, for tests: through the product's own actions, all made up."""

from typing import Any, Protocol

from ruangaman.access.models import Dossier, User
from ruangaman.access.queries import every_key, open_key
from ruangaman.kernel import clock
from ruangaman.people.actions import profiles as actions
from ruangaman.people.models import Person, Profile
from ruangaman.people.policies import profiles
from ruangaman.people.queries.profiles import told
from tests.worlds import World, acting


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
