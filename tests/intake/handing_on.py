"""A report about staff as it is filed, and the task that hands it on, for tests."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from ruangaman.access.models import Organisation, User
from ruangaman.access.states import Role
from ruangaman.intake import jobs
from ruangaman.intake.actions.receiving import Told, filing, receive
from ruangaman.intake.models import Transfer
from ruangaman.intake.states import Channel
from ruangaman.intake.states.handling import TransferState
from ruangaman.kernel import clock
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.ids import new_id
from tests.notices.working import working
from tests.worlds import Filed, World

STORY = "Petugas itu datang ke rumah saya."


def told_of(name: str = "", **more: Any) -> Told:
    return Told(
        story=STORY,
        reporter_kind="victim",
        about_staff=True,
        accused=name,
        place="31.73.01",
        means="text",
        phone="0812-0001",
        code_word="melati",
        trusted="Bu Guru",
        must_not_know="Paman",
        name="Nama Pelapor",
        **more,
    )


def file(world: World, name: str = "", **more: Any) -> Filed:
    number, code, now = new_id(), new_code(), clock.now()
    with transaction.atomic(), filing(number, now):
        dossier = receive(
            dossier_id=number,
            told=told_of(name, **more),
            channel=Channel.WEB,
            at=now,
            code=code,
            unit=world.unit,
        )
    return Filed(dossier, code)


def hand_on(filed: Filed) -> Transfer | None:
    """The task that is put in line when it is filed, and the one that tells of it."""
    every_minute(jobs.hand_on, dossier_id=str(filed.dossier.id))
    sent = (
        Transfer.objects.using("owner").filter(dossier_id=filed.dossier.id, state=TransferState.SENT).first()
    )
    if sent:
        every_minute(jobs.tell_region, dossier_id=str(filed.dossier.id), transfer_id=str(sent.id))
    return sent


def every_minute(task: Any = jobs.hand_on_unread, **told: Any) -> None:
    """A task at work with the worker's rights; the one of every minute where none is named."""
    with working():
        task(**(told or {"timestamp": 0}))


def named(world: World, role: Role, name: str, where: Organisation | None = None, tag: str = "") -> User:
    person = world.person(role, where, tag=tag or f"-{uuid4().hex[:6]}")
    User.objects.using("owner").filter(id=person.id).update(name=name)
    person.name = name
    return person


def leaves(world: World, person: User) -> None:
    world.rows("UPDATE access_membership SET until = now() WHERE user_id = %s", [person.id])


def late(world: World, transfer: Transfer, *, by: str = "8 days") -> None:
    world.rows(
        "UPDATE clocks_clock SET started_at = started_at - %s::interval, due_at = due_at - %s::interval "
        "WHERE about = %s",
        [by, by, transfer.id],
    )
