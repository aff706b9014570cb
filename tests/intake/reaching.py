"""Reports that are decided, and attempts to reach her, made through the product's own actions."""

from datetime import timedelta
from typing import Any

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.intake import actions
from ruangaman.intake.models import Outreach, TriageMove
from ruangaman.intake.states import OutreachPlace, OutreachResult, Triage, TriageReason
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from tests.worlds import Filed, World, acting

COVER, PLAN = "Pemeriksaan kesehatan sekolah.", "Kepala sekolah tahu; pulang bersama guru."
NEIGHBOUR = {"reporter_kind": "public"}


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
    with acting(planner):
        return actions.plan_outreach(viewer=viewer, dossier=filed.dossier, **told)


def planned(world: World, **answers: Any) -> tuple[Filed, Outreach]:
    """A neighbour's report, decided, and an attempt at school that has begun by now."""
    filed = world.file(**{**NEIGHBOUR, **answers})
    decide(world, filed)
    made = plan(world, filed)
    begin(world, made)
    return filed, made


def begin(world: World, made: Outreach) -> None:
    world.rows("UPDATE intake_outreach SET starts_at = now() - interval '1 hour' WHERE id = %s", [made.id])


def end(
    world: World,
    made: Outreach,
    result: str = OutreachResult.REACHED,
    *,
    by: User | None = None,
    note: str = "",
) -> Outreach:
    person = by or world.person(Role.COMPANION)
    viewer = world.viewer(person)
    with acting(person):
        return actions.end_outreach(viewer=viewer, outreach=made, result=result, note=note, at=clock.now())


def plan_as_sent(companion: User, **more: Any) -> dict[str, Any]:
    """The form of a plan as a browser sends it."""
    return {
        "outreach_id": str(new_id()),
        "place_kind": "school",
        "place_name": "Ruang UKS",
        "starts_at": (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "cover_reason": COVER,
        "safety_plan": PLAN,
        "companion": str(companion.id),
        **more,
    }
