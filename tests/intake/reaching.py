"""Reports that are decided, and attempts to reach her, made through the product's own actions."""

from datetime import timedelta
from typing import Any

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.intake import actions
from ruangaman.intake.models import FirstAct, Outreach, TriageMove
from ruangaman.intake.states import OutreachPlace, OutreachResult, Triage, TriageReason
from ruangaman.intake.states.handling import FirstStep
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.places.models import Place
from tests.worlds import Filed, World, acting

COVER, PLAN = "Pemeriksaan kesehatan sekolah.", "Kepala sekolah tahu; pulang bersama guru."
CENGKARENG = "31.73.01"
NEIGHBOUR = {"reporter_kind": "public"}


def act_at_once(
    world: World, filed: Filed, step: str = FirstStep.CALLED_112, *, by: User | None = None
) -> FirstAct:
    officer = by or world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    with acting(officer):
        return actions.first_act(
            viewer=viewer, dossier=filed.dossier, step=step, at=clock.now(), act_id=new_id()
        )


def decide(
    world: World,
    filed: Filed,
    after: str = Triage.OUTREACH,
    reason: str = TriageReason.NOT_FROM_VICTIM,
    *,
    by: User | None = None,
    **more: Any,
) -> TriageMove:
    officer = by or world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    with acting(officer):
        return actions.triage(
            viewer=viewer, dossier=filed.dossier, after=after, reason=reason, at=clock.now(), **more
        )


def plan(world: World, filed: Filed, *, by: User | None = None, **more: Any) -> Outreach:
    planner = by or world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(planner)
    told = {
        "place_kind": OutreachPlace.SCHOOL,
        "place_name": "Ruang UKS",
        "cover_reason": COVER,
        "safety_plan": PLAN,
        "companion": more.pop("companion", None) or world.person(Role.COMPANION),
        "starts_at": clock.now() + timedelta(hours=2),
        "at": clock.now(),
        **more,
    }
    if told["place_kind"] != OutreachPlace.CALL and not told.get("venue"):
        told.setdefault("area", Place.objects.get(code=CENGKARENG))
    with acting(planner):
        return actions.plan_outreach(viewer=viewer, dossier=filed.dossier, **told)


def planned(world: World, **answers: Any) -> tuple[Filed, Outreach]:
    """A neighbour's report, decided, and an attempt at school that has begun by now."""
    filed = world.file(**{**NEIGHBOUR, **answers})
    if answers.get("danger_now"):
        act_at_once(world, filed)
    decide(world, filed)
    made = plan(world, filed)
    begin(world, made)
    return filed, made


# The hour of an attempt comes: its own time, its appointment's, and those of who sits in it. So short a time that
# somebody can go to several one after the other.
BEGUN = """
DO $$ BEGIN
    UPDATE intake_outreach o SET starts_at = now() - interval '1 millisecond', ends_at = now()
        WHERE o.ended_at IS NULL {only};
    UPDATE agenda_booking b SET starts_at = o.starts_at, ends_at = o.ends_at FROM intake_outreach o
        WHERE o.booking_id = b.id AND o.ended_at IS NULL {only};
    UPDATE agenda_seat s SET starts_at = b.starts_at, ends_at = b.ends_at FROM agenda_booking b, intake_outreach o
        WHERE s.booking_id = b.id AND o.booking_id = b.id AND o.ended_at IS NULL {only};
END $$
"""


def begin(world: World, made: Outreach) -> None:
    world.rows(BEGUN.format(only=f"AND o.id = '{made.id}'"))


def end(
    world: World,
    made: Outreach,
    result: str = OutreachResult.REACHED,
    *,
    by: User | None = None,
    note: str = "",
    **more: Any,
) -> Outreach:
    person = by or world.person(Role.COMPANION)
    viewer = world.viewer(person)
    with acting(person):
        return actions.end_outreach(
            viewer=viewer, outreach=made, result=result, note=note, at=clock.now(), **more
        )


def plan_as_sent(companion: User, **more: Any) -> dict[str, Any]:
    """The form of a plan as a browser sends it."""
    return {
        "outreach_id": str(new_id()),
        "place_kind": "school",
        "place_name": "Ruang UKS",
        "starts_at": (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "lasts": "60",
        "area": CENGKARENG,
        "cover_reason": COVER,
        "safety_plan": PLAN,
        "companion": str(companion.id),
        **more,
    }
