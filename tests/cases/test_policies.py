"""The rules themselves, tried with what nobody thought of."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.access.states import Role, Stage
from ruangaman.cases import policies
from ruangaman.cases.states import Form, NeedState, Unmet
from ruangaman.consent.states import Service
from ruangaman.kernel.errors import Refused

TODAY = date(2026, 3, 1)
GOOD = {
    "roles": [Role.CASE_MANAGER],
    "stage": Stage.CASE,
    "state": NeedState.OPEN,
    "has_consent": True,
    "consent_until": datetime(2026, 6, 1, tzinfo=UTC),
    "starts_on": TODAY,
    "opened_on": TODAY,
    "sessions": 8,
}


def test_each_service_is_given_by_somebody() -> None:
    assert set(policies.PROVIDERS) == set(Service.values)
    assert all(set(roles) <= set(policies.TEAM_ROLES) for roles in policies.PROVIDERS.values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": [Role.COMPANION]},
        {"roles": [Role.INTAKE_OFFICER, Role.HEAD]},
        {"roles": []},
        {"stage": Stage.INTAKE},
        {"stage": Stage.CLOSED},
        {"state": NeedState.UNMET},
        {"state": NeedState.MET},
        {"has_consent": False},
        {"sessions": 0},
        {"sessions": 201},
        {"starts_on": TODAY - timedelta(days=1)},
        {"starts_on": date(2026, 6, 2)},
    ],
)
def test_one_thing_that_is_wrong_is_enough_to_refuse_a_plan(wrong: dict[str, object]) -> None:
    policies.check_can_plan(**GOOD)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        policies.check_can_plan(**GOOD | wrong)  # type: ignore[arg-type]


@given(
    roles=st.lists(st.sampled_from(Role.values)),
    stage=st.sampled_from(Stage.values),
    state=st.sampled_from(NeedState.values),
    sessions=st.integers(-5, 300),
)
def test_nothing_is_ever_planned_without_consent(
    roles: list[str], stage: str, state: str, sessions: int
) -> None:
    told = GOOD | {"roles": roles, "stage": stage, "state": state, "sessions": sessions, "has_consent": False}
    with pytest.raises(Refused):
        policies.check_can_plan(**told)  # type: ignore[arg-type]


@given(happened=st.dates(), forms=st.sets(st.sampled_from(Form.values)))
def test_no_incident_lies_ahead_or_is_without_form(happened: date, forms: set[str]) -> None:
    if happened > TODAY or not forms:
        with pytest.raises(Refused):
            policies.check_incident(happened_on=happened, today=TODAY, forms=forms)
    else:
        policies.check_incident(happened_on=happened, today=TODAY, forms=forms)


@given(
    roles=st.sets(st.sampled_from(Role.values)),
    on_team=st.booleans(),
    stage=st.sampled_from(Stage.values),
    assessed=st.booleans(),
    clients=st.integers(0, 2),
    mine=st.booleans(),
)
def test_a_case_is_taken_only_when_everything_is_there(
    roles: set[str], on_team: bool, stage: str, assessed: bool, clients: int, mine: bool
) -> None:
    me = uuid4()
    told = {"roles": roles, "on_team": on_team, "stage": stage, "assessed": assessed, "clients": clients}
    ready = (
        Role.CASE_MANAGER in roles and on_team and stage != Stage.CLOSED and assessed and clients and not mine
    )
    if ready:
        policies.check_can_take(**told, viewer=me, manager=None)  # type: ignore[arg-type]
    else:
        with pytest.raises(Refused):
            policies.check_can_take(**told, viewer=me, manager=me if mine else None)  # type: ignore[arg-type]


@given(state=st.sampled_from(NeedState.values), items=st.integers(0, 3), reason=st.text(max_size=12))
def test_a_need_is_closed_without_a_plan_only_for_a_reason_of_the_list(
    state: str, items: int, reason: str
) -> None:
    fine = not items and state in (NeedState.OPEN, NeedState.PLANNED) and reason in Unmet.values
    if fine:
        policies.check_can_leave_unmet(state=state, live_items=items, reason=reason)
    else:
        with pytest.raises(Refused):
            policies.check_can_leave_unmet(state=state, live_items=items, reason=reason)


def test_at_intake_only_companion_and_case_manager_work_on_a_file() -> None:
    assert policies.team_roles(Stage.INTAKE) == [Role.COMPANION, Role.CASE_MANAGER]
    assert set(policies.team_roles(Stage.CASE)) == set(policies.TEAM_ROLES)
    assert policies.team_roles(Stage.CLOSED) == [Role.CASE_MANAGER]


@pytest.mark.parametrize(
    ("forms", "setting", "penetration", "matters"),
    [
        ({"sexual"}, "home", "yes", True),
        ({"sexual"}, "home", "unknown", True),
        ({"sexual", "physical"}, "", "", True),
        ({"sexual"}, "online", "yes", True),
        ({"sexual"}, "online", "", False),
        ({"sexual"}, "home", "no", False),
        ({"physical"}, "home", "yes", False),
    ],
)
def test_hours_matter_after_sexual_violence_unless_it_is_known_that_there_was_no_penetration(
    forms: set[str], setting: str, penetration: str, matters: bool
) -> None:
    """care.md 8"""
    assert policies.hours_matter(forms=forms, setting=setting, penetration=penetration) is matters


def test_an_unknown_hour_counts_from_the_beginning_of_the_day() -> None:
    """care.md 8: better an hour too few than one too many."""
    day = date(2026, 3, 4)
    assert policies.happened_since(happened_on=day, happened_from=None, zone=UTC).hour == 0
    assert policies.happened_since(happened_on=day, happened_from=time(21, 30), zone=UTC).hour == 21
