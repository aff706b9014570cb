"""A reporter is called back only when it is safe, and never who asked never to be. Source: care.md 7."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.access.states import Role
from ruangaman.intake.actions import calling_back as actions
from ruangaman.intake.duties import call_backs as duties
from ruangaman.intake.models import CallBack, CallTry
from ruangaman.intake.policies.calling_back import (
    PAUSE,
    Safe,
    check_can_call,
    first_try,
    is_safe_at,
    next_safe_window,
    next_try,
)
from ruangaman.intake.queries.calling_back import call_back_of, waiting
from ruangaman.intake.states.ways import CallResult
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from tests.intake.calling import asked, at_hour, officer, reachable
from tests.worlds import World, acting

ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
MINUTES = st.integers(0, 23 * 60 + 59)


@st.composite
def contacts(draw: Any) -> Safe:
    hours = draw(st.one_of(st.none(), st.tuples(MINUTES, MINUTES).filter(lambda two: two[0] < two[1])))
    begins, ends = (time(h // 60, h % 60) for h in hours) if hours else (None, None)
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    return Safe("call", zone, False, draw(st.integers(1, 127)), begins, ends)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


# --- the rule, over all days, hours and zones ---------------------------------------------


@given(contacts(), moments)
def test_the_next_safe_hours_are_of_a_named_day_and_not_over(safe: Safe, after: datetime) -> None:
    window = next_safe_window(safe, after)

    assert window is not None and window[0] < window[1] and window[1] > after
    begins, ends = (one.astimezone(safe.zone) for one in window)
    assert begins.date() == ends.date() and safe.weekdays >> begins.weekday() & 1
    assert (begins.time(), ends.time()) == (safe.from_time or time(8), safe.until_time or time(20))
    assert window[0] - after <= timedelta(days=8)


@given(contacts(), moments)
def test_no_safe_moment_is_passed_over(safe: Safe, after: datetime) -> None:
    window = next_safe_window(safe, after)
    assert window is not None
    between = after + (window[0] - after) / 2
    if window[0] > after:
        assert not is_safe_at(safe, after) and not is_safe_at(safe, between)
    else:
        assert is_safe_at(safe, after)


@given(contacts(), moments, st.sampled_from(CallResult))
def test_it_is_tried_again_in_safe_hours_and_never_at_once(
    safe: Safe, at: datetime, result: CallResult
) -> None:
    again = next_try(safe, result, at)

    if result in (CallResult.REACHED, CallResult.WRONG_NUMBER):
        assert again is None
    else:
        assert again is not None and again >= at + PAUSE and is_safe_at(safe, again)


@given(contacts(), moments)
def test_who_had_company_is_not_called_again_in_the_same_hours(safe: Safe, at: datetime) -> None:
    window = next_safe_window(safe, at)
    again = next_try(safe, CallResult.SOMEBODY_ELSE, at)

    assert window is not None and again is not None and again >= window[1]


@given(contacts(), moments)
def test_who_must_never_be_called_has_no_safe_hours(safe: Safe, at: datetime) -> None:
    for barred in (
        Safe(safe.means, safe.zone, True, safe.weekdays, safe.from_time, safe.until_time),
        Safe("code", safe.zone, False, safe.weekdays),
        Safe("text", safe.zone, False, safe.weekdays),
    ):
        assert next_safe_window(barred, at) is None and not is_safe_at(barred, at)
        for refused in (check_can_call, first_try):
            with pytest.raises(Refused):
                refused(barred, at)


def test_a_refusal_says_when_the_next_safe_hours_begin_in_the_time_of_the_place() -> None:
    safe = Safe("call", ZoneInfo("Asia/Jayapura"), weekdays=0b1, from_time=time(9), until_time=time(10))
    sunday = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
    with pytest.raises(Refused, match=r"Senin, 23 November, 09\.00"):
        check_can_call(safe, sunday)


# --- asked, opened, tried ---------------------------------------------


def opened(world: World, call: CallBack, at: datetime) -> actions.Opened:
    user = officer(world)
    viewer = world.viewer(user)
    with acting(user):
        return actions.open_number(viewer=viewer, call_id=call.id, at=at)


def tried(world: World, call: CallBack, result: str, at: datetime, try_id: Any = None) -> datetime | None:
    user = officer(world)
    viewer = world.viewer(user)
    with acting(user):
        return actions.tell_try(
            viewer=viewer, call_id=call.id, try_id=try_id or new_id(), result=result, at=at
        )


def test_the_number_opens_in_safe_hours_with_an_entry_and_not_outside_them(world: World) -> None:
    filed = reachable(world, from_time=time(9), until_time=time(11))
    tomorrow = at_hour(world, 0, 1, days=1)
    call = asked(world, filed, wanted=tomorrow)

    with pytest.raises(Refused, match="Di luar jam yang aman"):
        opened(world, call, at_hour(world, 8, 59, days=1))
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'opened'") == [(0,)]
    shown = opened(world, call, at_hour(world, 9, 0, days=1))

    assert (shown.phone, shown.code_word, shown.why) == ("0812-0000-1111", "kopi susu", "Rekaan.")
    assert world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'opened'") == [
        (["reporter", "number"],)
    ]
    with pytest.raises(Refused, match="Di luar jam yang aman"):
        opened(world, call, at_hour(world, 11, 0, days=1))


@pytest.mark.parametrize("contact", [{"never_call": True}, {"means": "code"}, {"means": "text"}])
def test_who_must_not_be_called_is_never_put_on_the_list(world: World, contact: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        asked(world, reachable(world, **contact))
    assert CallBack.objects.using("owner").count() == 0


def test_who_asks_meanwhile_never_to_be_called_is_not_called_even_by_raw_sql(world: World) -> None:
    """The database refuses what a program that forgot the rule would write."""
    filed = reachable(world)
    call, noon = asked(world, filed), at_hour(world, 12, days=1)
    world.rows("UPDATE intake_safecontact SET never_call = true")

    with pytest.raises(Refused):
        opened(world, call, noon)
    with pytest.raises(Refused):
        tried(world, call, CallResult.NO_ANSWER, noon)
    with pytest.raises(DatabaseError, match="must not be called"), acting(officer(world)):
        world.rows(
            "INSERT INTO intake_calltry (id, dossier_id, unit_id, stage, call_id, result, tried_by_id, tried_at) "
            "SELECT gen_random_uuid(), dossier_id, unit_id, stage, id, 'no_answer', %s, now() FROM intake_callback",
            [officer(world).id],
            using="default",
        )
    assert CallTry.objects.using("owner").count() == 0


def test_a_victim_whose_own_contact_says_never_is_not_called_as_the_reporter_either(world: World) -> None:
    from ruangaman.people.actions import Identity, add_person
    from ruangaman.people.actions.contact import set_contact
    from ruangaman.people.policies import Way
    from ruangaman.people.states import PersonRole

    filed = reachable(world, reporter_kind="victim")
    call, user = asked(world, filed), world.person(Role.SUPERVISOR)
    viewer = world.viewer(user)
    with acting(user):
        part = add_person(
            dossier=filed.dossier,
            role=PersonRole.CLIENT,
            identity=Identity("Melati Rekaan"),
            by=user.id,
            at=world.now,
        )
        set_contact(
            viewer=viewer, dossier=filed.dossier, contact_id=new_id(), person=part.person,
            way=Way("text", never_call=True, address="0812"), at=world.now,
        )  # fmt: skip

    with pytest.raises(Refused, match="tidak pernah ditelepon"):
        opened(world, call, at_hour(world, 12, days=1))
    another = asked(world, reachable(world))
    assert opened(world, another, at_hour(world, 12, days=1)).phone, "what she said binds her own file alone"


def test_nobody_records_a_call_in_a_colleagues_name(world: World) -> None:
    asked(world, reachable(world))
    with pytest.raises(DatabaseError), acting(officer(world)):
        world.rows(
            "INSERT INTO intake_calltry (id, dossier_id, unit_id, stage, call_id, result, tried_by_id, tried_at) "
            "SELECT gen_random_uuid(), dossier_id, unit_id, stage, id, 'no_answer', %s, now() FROM intake_callback",
            [world.person(Role.SUPERVISOR).id],
            using="default",
        )


def test_no_answer_brings_it_back_in_the_next_safe_hours(world: World) -> None:
    filed = reachable(world, from_time=time(9), until_time=time(10))
    call = asked(world, filed, wanted=at_hour(world, 0, 1, days=1))

    again = tried(world, call, CallResult.NO_ANSWER, at_hour(world, 9, 30, days=1))

    assert again == at_hour(world, 9, days=2)
    stored = CallBack.objects.using("owner").get()
    assert (stored.not_before, stored.ended_at) == (again, None)


def test_a_call_that_began_in_safe_hours_is_told_shortly_after_them_and_no_later(world: World) -> None:
    filed = reachable(world, from_time=time(9), until_time=time(10))
    call = asked(world, filed, wanted=at_hour(world, 0, 1, days=1))

    with pytest.raises(Refused):
        tried(world, call, CallResult.NO_ANSWER, at_hour(world, 11, 30, days=1))
    assert tried(world, call, CallResult.NO_ANSWER, at_hour(world, 10, 20, days=1))


@pytest.mark.parametrize("result", [CallResult.REACHED, CallResult.WRONG_NUMBER])
def test_who_was_reached_is_off_the_list_and_a_double_press_writes_once(world: World, result: str) -> None:
    call, noon, one = asked(world, reachable(world)), at_hour(world, 12, days=1), new_id()

    assert tried(world, call, result, noon, one) is None
    assert tried(world, call, result, noon, one) is None

    assert CallBack.objects.using("owner").get().ended_at == noon
    assert CallTry.objects.using("owner").count() == 1
    with pytest.raises(Refused, match="sudah berakhir"):
        tried(world, call, result, noon)


def test_who_called_it_off_takes_it_off_the_list(world: World) -> None:
    call, user = asked(world, reachable(world)), officer(world)
    viewer = world.viewer(user)
    with acting(user):
        actions.end_call_back(viewer=viewer, call_id=call.id, at=world.now)
        assert waiting(viewer, at_hour(world, 12, days=2), 100) == []


@pytest.mark.parametrize("role", [Role.DATA_OFFICER, Role.ANALYST, Role.COMPANION])
def test_who_has_no_reach_sees_no_call_back(world: World, role: str) -> None:
    call, other = asked(world, reachable(world)), world.person(role)
    viewer = world.viewer(other)
    with acting(other):
        assert call_back_of(viewer, call.id) is None
        assert waiting(viewer, at_hour(world, 12, days=2), 100) == []


def test_a_duty_stands_only_while_it_is_safe_or_within_the_hour(world: World) -> None:
    filed = reachable(world, from_time=time(9), until_time=time(10))
    asked(world, filed, wanted=at_hour(world, 0, 1, days=1))
    user = officer(world)
    viewer = world.viewer(user)
    with acting(user):
        seen = [
            len(duties(viewer, at_hour(world, hour, minute, days=1), 100))
            for hour, minute in ((7, 59), (8, 0), (9, 30), (10, 0))
        ]
    assert seen == [0, 1, 1, 0]


# --- the pages ---------------------------------------------


@pytest.fixture
def any_hour() -> dict[str, Any]:
    return {"from_time": time(0), "until_time": time(23, 59, 59)}


def test_the_number_stands_on_no_page_until_it_is_asked_for(world: World, any_hour: dict[str, Any]) -> None:
    filed = reachable(world, **any_hour)
    call, client = asked(world, filed), world.client(officer(world))

    for page in ("/menelepon/", f"/menelepon/{call.id}/"):
        shown = client.get(page).content.decode()
        assert filed.reference in shown and "0812-0000-1111" not in shown
    shown = client.post(f"/menelepon/{call.id}/", {"go": "open"}).content.decode()

    assert "0812-0000-1111" in shown and "kopi susu" in shown


def test_outside_the_safe_hours_there_is_no_button_and_the_page_says_when(world: World) -> None:
    now = datetime.now(ZoneInfo("Asia/Jakarta"))
    tomorrow = (now + timedelta(days=1)).weekday()
    filed = reachable(world, weekdays=1 << tomorrow, from_time=time(9), until_time=time(10))
    call, client = asked(world, filed), world.client(officer(world))
    page = client.get(f"/menelepon/{call.id}/").content.decode()

    assert 'value="open"' not in page and "Boleh ditelepon mulai" in page
    answer = client.post(f"/menelepon/{call.id}/", {"go": "open"})
    assert answer.status_code == 409 and "0812-0000-1111" not in answer.content.decode()
    assert "Di luar jam yang aman" in answer.content.decode()


def test_a_call_back_is_asked_for_on_the_file_and_stands_there(
    world: World, any_hour: dict[str, Any]
) -> None:
    filed, client = reachable(world, **any_hour), world.client(officer(world))
    page = client.get(f"/laporan/{filed.reference}/hubungi/")
    fields = {"call_id": page.context["form"].initial["call_id"], "why": "Memastikan ia aman"}

    for _twice in range(2):
        assert client.post(f"/laporan/{filed.reference}/hubungi/", fields).status_code == 302

    assert CallBack.objects.using("owner").count() == 1
    assert "Menghubungi kembali" in client.get(f"/berkas/{filed.reference}/").content.decode()
    call = CallBack.objects.using("owner").get()
    answer = client.post(f"/menelepon/{call.id}/", {"go": "tell", "result": "reached"})
    assert answer.status_code == 302
    assert client.post(f"/menelepon/{call.id}/", {"go": "tell"}).status_code == 400


def test_a_stranger_finds_no_call_back(world: World) -> None:
    call = asked(world, reachable(world))
    elsewhere = world.client(world.person(Role.INTAKE_OFFICER, world.other))

    assert elsewhere.get(f"/menelepon/{call.id}/").status_code == 404
    assert elsewhere.get("/menelepon/").context["now"] == []
