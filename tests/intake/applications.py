"""A partner's application with its key, and what it sends."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client

from ruangaman.access.models import Organisation
from ruangaman.access.states import Role
from ruangaman.intake.actions import ways as actions
from ruangaman.intake.models import AppKey, Way
from ruangaman.intake.states import Channel
from ruangaman.kernel import clock
from tests.worlds import World, acting

REPORTS = "/api/v1/laporan/"
STORY = "Tetangga saya sering menangis pada malam hari."


@dataclass(eq=False)
class Application:
    """One application: its way, its secret, and a client that sends."""

    way: Way
    secret: str
    key: AppKey

    def send(self, body: Any = None, *, secret: str | None = None, **more: Any) -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"Authorization": f"Bearer {self.secret if secret is None else secret}"}
        kind = more.pop("content_type", "application/json")
        return Client(raise_request_exception=False).post(
            REPORTS, text, content_type=kind, headers=headers, **more
        )

    def ask(self, number: str) -> Any:
        return Client().get(f"{REPORTS}{number}/", headers={"Authorization": f"Bearer {self.secret}"})


def told(number: str = "JA-1", **more: Any) -> dict[str, Any]:
    """The least that a report needs, and what is given."""
    return {"number": number, "story": STORY, "danger_now": False, **more}


def way(world: World, name: str = "Jakarta Aman", unit: Organisation | None = None, **more: Any) -> Way:
    """A way in that the unit's head has set up."""
    unit = unit or world.unit
    head = world.person(Role.HEAD, unit)
    arranged = actions.Arranged(**{"channel": Channel.APP, "name": name, "owner": unit, **more})
    viewer = world.viewer(head)
    with acting(head):
        return actions.set_way(viewer=viewer, unit=unit.id, arranged=arranged, at=clock.now())


def application(world: World, found: Way | None = None, **more: Any) -> Application:
    """An application with a key of that way, or of a new one."""
    found = found or way(world, **more)
    head = world.person(Role.HEAD, found.unit)
    viewer = world.viewer(head)
    with acting(head):
        made = actions.make_app_key(viewer=viewer, way=found, name="Peladen uji", at=clock.now())
    return Application(found, made.secret, made.key)


def reports(world: World) -> list[UUID]:
    return [row[0] for row in world.rows("SELECT dossier_id FROM intake_report")]
