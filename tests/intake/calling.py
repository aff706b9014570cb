"""What tests of the telephone arrange: a call that was begun, a report with a number, a moment of the day."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.intake.actions import calling_back, calls
from ruangaman.intake.actions.receiving import Told
from ruangaman.intake.models import CallBack
from ruangaman.intake.states import Channel
from ruangaman.kernel.ids import new_id
from tests.worlds import Filed, World, acting

JAKARTA = ZoneInfo("Asia/Jakarta")
STORY = "Ia menelepon sambil menangis; cerita rekaan."


def officer(world: World, tag: str = "") -> User:
    return world.person(Role.INTAKE_OFFICER, tag=tag)


def way(world: World, channel: str = Channel.PHONE_112) -> str:
    return f"{world.unit.id}.{channel}."


def begun(world: World, user: User | None = None, channel: str = Channel.PHONE_112) -> UUID:
    user = user or officer(world)
    viewer = world.viewer(user)
    with acting(user):
        return calls.begin_call(viewer=viewer, code=way(world, channel), at=world.now).id


def sent(world: World, draft: UUID, user: User | None = None, **more: Any) -> calls.Sent:
    user = user or officer(world)
    viewer = world.viewer(user)
    given = {
        "subject": "",
        "limits": "read",
        "wants_code": False,
        "call_again": False,
        "ticket": "",
        "at": world.now,
    }
    told = {"story": STORY, **{k: v for k, v in more.items() if k not in given}}
    with acting(user):
        return calls.send_call(
            viewer=viewer,
            draft_id=draft,
            told=Told(**told),
            **{**given, **{k: v for k, v in more.items() if k in given}},
        )


def at_hour(world: World, hour: int, minute: int = 0, days: int = 0) -> datetime:
    day = world.now.astimezone(JAKARTA).date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), JAKARTA)


def reachable(world: World, **contact: Any) -> Filed:
    """A report whose reporter may be called, unless said otherwise."""
    told = {"means": "call", "phone": "0812-0000-1111", "code_word": "kopi susu", **contact}
    return world.file(**told)


def asked(
    world: World, filed: Filed, *, wanted: datetime | None = None, at: datetime | None = None
) -> CallBack:
    user = officer(world)
    viewer, at = world.viewer(user), at or world.now
    with acting(user):
        return calling_back.ask_call_back(
            viewer=viewer, dossier=filed.dossier, call_id=new_id(), why="Rekaan.", wanted=wanted or at, at=at
        )
