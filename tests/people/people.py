"""People of a made-up dossier, recorded through the product's own actions."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from ruangaman.access.actions import join_team
from ruangaman.access.models import User
from ruangaman.access.states import Role, Stage
from ruangaman.kernel import clock
from ruangaman.people import actions
from ruangaman.people.actions import Identity
from ruangaman.people.models import Part, Person
from ruangaman.people.policies import born_about
from ruangaman.people.states import PersonRole, Sex
from tests.worlds import Filed, World, acting


def case(world: World, **answers: Any) -> tuple[Filed, User]:
    """A dossier at the stage of a case, and its case manager on the team."""
    filed = world.file(**answers)
    world.move(filed, Stage.CASE)
    manager = world.person(Role.CASE_MANAGER)
    put_on_team(world, filed, manager, Role.CASE_MANAGER)
    return filed, manager


def put_on_team(world: World, filed: Filed, person: User, role: str) -> None:
    supervisor, now = world.person(Role.SUPERVISOR), clock.now()
    with acting(supervisor):
        join_team(
            dossier=filed.dossier,
            person=person.id,
            role=role,
            until=now + timedelta(days=30),
            by=supervisor.id,
            at=now,
        )


def born(age: int) -> date:
    return born_about(age, timezone.localdate())


def added(
    filed: Filed, by: User, role: PersonRole, name: str = "", *, age: int | None = None, **more: Any
) -> Part:
    identity = Identity(
        name=name,
        born_on=born(age) if age is not None else None,
        born_estimated=age is not None,
        sex=more.pop("sex", Sex.UNKNOWN),
        nik=more.pop("nik", ""),
    )
    with acting(by):
        return actions.add_person(
            dossier=filed.dossier, role=role, identity=identity, by=by.id, at=clock.now(), **more
        )


def child(filed: Filed, by: User, age: int = 15) -> Person:
    return added(filed, by, PersonRole.CLIENT, "Melati Rekaan", age=age, sex=Sex.FEMALE).person


def guardian(
    world: World, filed: Filed, by: User, client: Person, who: Person | str, relation: str, **more: Any
) -> Part:
    """A decision about a guardian: somebody in the dossier, or somebody new by name."""
    viewer = world.viewer(by)
    with acting(by):
        return actions.name_guardian(
            viewer=viewer,
            dossier=filed.dossier,
            client=client,
            person=None if isinstance(who, str) else who,
            identity=Identity(name=who) if isinstance(who, str) else None,
            relation=relation,
            at=clock.now(),
            **more,
        )
