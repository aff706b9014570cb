"""A client with a code of her own, given as the unit gives it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client

from ruangaman.access.actions import join_team
from ruangaman.access.models import User
from ruangaman.access.states import Role, Stage
from ruangaman.intake.actions import clients as actions
from ruangaman.intake.actions.clients import Entry
from ruangaman.intake.models import ClientThread, Wish
from ruangaman.intake.states.client import IdentityCheck, SafetyCheck, WishKind
from ruangaman.kernel import clock
from ruangaman.kernel.codes import Code
from ruangaman.kernel.ids import new_id
from ruangaman.people.actions import Identity, add_person
from ruangaman.people.models import Person
from ruangaman.people.states import PersonRole
from tests.worlds import Filed, World, acting

SECRET = "bunga kertas 7"
ALL = ("opens_messages", "opens_rights", "opens_appointments", "opens_legal")


@dataclass(frozen=True)
class Hers:
    """A client of a file, her code, and who gave it."""

    filed: Filed
    person: Person
    code: Code
    companion: User

    @property
    def thread(self) -> ClientThread:
        return ClientThread.objects.using("owner").get(person_id=self.person.id, revoked_at=None)

    def entry(self) -> Entry:
        """Her thread, as her code opens it."""
        entry = actions.enter(code=self.code, second=SECRET, at=clock.now())
        assert entry is not None
        return entry


def client_of(world: World, filed: Filed, name: str = "Sulastri Anggraini", **told: Any) -> Person:
    """Somebody recorded as a client of a file."""
    officer = world.person(Role.SUPERVISOR)
    with acting(officer):
        part = add_person(
            dossier=filed.dossier,
            role=PersonRole.CLIENT,
            identity=Identity(name, **told),
            by=officer.id,
            at=clock.now(),
        )
    return part.person


def give_code(world: World, filed: Filed, person: Person, **changed: Any) -> Code:
    """A code for a client, given by a supervisor of the unit."""
    by = changed.pop("by", world.person(Role.SUPERVISOR))
    told = {
        "opens": ALL,
        "identity_check": IdentityCheck.IN_PERSON,
        "safety_check": SafetyCheck.BY_HEART,
        "second": SECRET,
        "again": SECRET,
        "at": clock.now(),
        **changed,
    }
    with acting(by):
        return actions.issue_code(viewer=world.viewer(by), dossier=filed.dossier, person=person, **told)


def hers(
    world: World, filed: Filed | None = None, name: str = "Sulastri Anggraini", stage: str = Stage.CASE
) -> Hers:
    """A client with a code, in a file that has a companion."""
    filed = filed or world.file()
    if filed.dossier.stage != stage:
        world.move(filed, stage)
    person = client_of(world, filed, name)
    companion, supervisor = world.person(Role.COMPANION), world.person(Role.SUPERVISOR)
    now = clock.now()
    with acting(supervisor):
        join_team(
            dossier=filed.dossier, person=companion.id, role=Role.COMPANION, until=now + timedelta(days=30),
            by=supervisor.id, at=now,
        )  # fmt: skip
    return Hers(filed, person, give_code(world, filed, person), companion)


def enter(made: Hers, second: str = SECRET) -> Client:
    """Her browser, with her code open in it."""
    browser = Client()
    answered = browser.post("/cek/", {"code": str(made.code), "second": second})
    assert answered.status_code == 302, answered.content.decode()[:500]
    return browser


def page(browser: Client) -> str:
    """What her page shows."""
    answered = browser.get("/cek/")
    assert answered.status_code == 200
    return answered.content.decode()


def write(made: Hers, body: str) -> None:
    """She writes with her code."""
    entry = made.entry()
    assert entry.key
    actions.write_as_client(entry=entry, key=entry.key, message_id=new_id(), body=body, at=clock.now())


def wish(made: Hers, kind: WishKind) -> Wish:
    """She asks for something with her code."""
    actions.wish(entry=made.entry(), wish_id=new_id(), kind=kind, at=clock.now())
    return Wish.objects.using("owner").order_by("-asked_at")[0]
