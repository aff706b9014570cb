"""Reports that are merged, split, handed to another region, made through the product's own actions."""

from typing import Any

from ruangaman.access.models import Dossier, Organisation, User
from ruangaman.access.states import Role
from ruangaman.intake import actions, queries
from ruangaman.intake.models import Joining, Transfer
from ruangaman.intake.states.handling import JoinReason, PassBasis, Passed
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from tests.worlds import Filed, World, acting


def current(filed: Filed) -> Dossier:
    """The dossier as a page finds it, not as it was filed."""
    return Dossier.objects.using("owner").get(id=filed.dossier.id)


def merge(world: World, filed: Filed, into: Filed, *, by: User | None = None, **more: Any) -> Joining:
    officer = by or world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    told = {"reason": JoinReason.SAME_EVENT, "at": clock.now(), **more}
    with acting(officer):
        return actions.merge(
            viewer=viewer,
            dossier=Dossier.objects.get(id=filed.dossier.id),
            into=Dossier.objects.get(id=into.dossier.id),
            **told,
        )


def split(world: World, filed: Filed, *, by: User | None = None, **more: Any) -> Dossier:
    officer = by or world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    told = {
        "part_id": new_id(),
        "story": "Bagian yang dipisahkan.",
        "reason": JoinReason.SEVERAL_VICTIMS,
        "for_whom": "adult",
        "danger_now": False,
        "place": "",
        "at": clock.now(),
        **more,
    }
    with acting(officer):
        return actions.split(viewer=viewer, dossier=Dossier.objects.get(id=filed.dossier.id), **told)


def undo(world: World, joining: Joining, *, by: User | None = None) -> None:
    officer = by or world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    with acting(officer):
        found = queries.joining_of(viewer, joining.id)
        assert found is not None
        actions.undo_joining(viewer=viewer, joining=found, at=clock.now())


def send(world: World, filed: Filed, *, by: User | None = None, **more: Any) -> Transfer:
    officer = by or world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    told = {
        "transfer_id": new_id(),
        "to_unit": world.other,
        "outside": "",
        "basis": PassBasis.AGREED,
        "passes": [Passed.STORY, Passed.CONTACT, Passed.NEEDS],
        "needs": "Tempat aman malam ini.",
        "why": "Ia tinggal di sana.",
        "at": clock.now(),
        **more,
    }
    with acting(officer):
        if told["to_unit"] is not None:
            told["to_unit"] = Organisation.objects.get(id=told["to_unit"].id)
        return actions.send_transfer(viewer=viewer, dossier=Dossier.objects.get(id=filed.dossier.id), **told)


def taker(world: World, tag: str = "") -> User:
    """Who answers reports in the other unit."""
    return world.person(Role.INTAKE_OFFICER, world.other, tag=tag)


def answered(
    world: World, transfer: Transfer, *, accept: bool, by: User | None = None, answer: str = ""
) -> Dossier | None:
    person = by or taker(world)
    viewer = world.viewer(person)
    with acting(person):
        found = queries.transfer_of(viewer, transfer.id)
        assert found is not None
        act = actions.accept_transfer if accept else actions.refuse_transfer
        return act(viewer=viewer, transfer=found, answer=answer, at=clock.now())
