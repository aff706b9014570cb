"""Two officers at once, for tests."""

from collections.abc import Callable
from threading import Thread as Worker
from typing import Any

from django.db import connections

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.kernel.errors import Refused
from tests.worlds import World


def text(answered: Any) -> str:
    return " ".join(answered.content.decode().split())


def officers(world: World) -> tuple[User, User]:
    return world.person(Role.INTAKE_OFFICER), world.person(Role.INTAKE_OFFICER, tag="-dua")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each gave, or the sentence with which it was refused; all begun together."""
    told: list[Any] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            told.append(act())
        except Refused as no:
            told.append(str(no.message))
        finally:
            connections.close_all()

    workers = [Worker(target=run, args=(act,)) for act in acts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return told
