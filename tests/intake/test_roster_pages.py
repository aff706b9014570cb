"""The pages of the duty roster: setting shifts, taking a call, handing over (issue 6, "Ways in")."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ruangaman.access.states import Role
from ruangaman.intake.actions import roster as actions
from ruangaman.intake.policies import roster as policies
from ruangaman.intake.policies.roster import Stretch, Turn
from ruangaman.intake.states.roster import ShiftKind
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from tests.intake.roster import announce, called, on_duty, pass_on, rings, wall
from tests.worlds import World, acting

ZONE = ZoneInfo("Asia/Jakarta")
WEEK = tuple(range(7))
THREE = [(time(7), time(15)), (time(15), time(23)), (time(23), time(7))]
TOMORROW = timedelta(days=1)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def plan(**more: Any) -> dict[str, Any]:
    day = (clock.now() + TOMORROW).astimezone(ZONE).date()
    return {
        "kind": "desk",
        "rank": "1",
        "hours": "own",
        "start": "07:00",
        "end": "15:00",
        "day": day.isoformat(),
        "days": [str(n) for n in WEEK],
        "go": "save",
        **more,
    }


# --- rules -----------------------------------------------------------------------------------------------------------


def test_three_shifts_of_seven_days_are_laid_out_in_turn_and_leave_no_gap() -> None:
    people = [new_id() for _ in range(4)]
    first = date(2026, 11, 23)
    made = policies.turns(
        people=people, first=first, last=first + timedelta(days=6), weekdays=WEEK, hours=THREE, zone=ZONE
    )
    assert len(made) == 21
    assert [turn.person for turn in made[:5]] == [*people, people[0]]
    assert made[2].when.ends_at == datetime(2026, 11, 24, 7, tzinfo=ZONE)
    begins, ends = made[0].when.starts_at, made[-1].when.ends_at
    assert policies.gaps([turn.when for turn in made], begins, ends) == []
    assert policies.overlapping(made, []) == []


def test_hours_that_nobody_covers_are_found_before_between_and_after() -> None:
    def hour(n: int) -> datetime:
        return datetime(2026, 11, 23, tzinfo=ZONE) + timedelta(hours=n)

    covered = [Stretch(hour(15), hour(20)), Stretch(hour(7), hour(15)), Stretch(hour(8), hour(9))]
    assert policies.gaps(covered, hour(0), hour(24)) == [
        Stretch(hour(0), hour(7)),
        Stretch(hour(20), hour(24)),
    ]
    assert policies.gaps([], hour(0), hour(24)) == [Stretch(hour(0), hour(24))]
    assert policies.gaps([Stretch(hour(-5), hour(30))], hour(0), hour(24)) == []


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"last": date(2026, 11, 22)}, "sebelum hari pertama"),
        ({"last": date(2027, 2, 1)}, "delapan minggu"),
        ({"weekdays": ()}, "Tidak ada giliran"),
        ({"people": []}, "Tidak ada giliran"),
    ],
)
def test_a_plan_that_makes_no_roster_is_refused(more: dict[str, Any], says: str) -> None:
    usual = {"people": [new_id()], "first": date(2026, 11, 23), "last": date(2026, 11, 23), "weekdays": WEEK}
    with pytest.raises(Refused, match=says):
        policies.turns(**{**usual, **more}, hours=THREE, zone=ZONE)


@pytest.mark.parametrize("words", ["Telepon 0812-3456-7890 besok", "NIK 3171 0101 0190 0001", "08123456789"])
def test_a_hand_over_holds_no_number_that_names_somebody(words: str) -> None:
    with pytest.raises(Refused, match="nomor laporan"):
        policies.check_hand_over(words)


def test_a_hand_over_names_reports_by_their_reference_even_where_it_is_all_digits() -> None:
    policies.check_hand_over("RA-1234-5678 dan RA-7K3M-Q9T4: hubungi sebelum 10.00, lihat berkas.")


# --- setting ---------------------------------------------------------------------------------------------------------


def test_a_supervisor_looks_first_then_saves_and_the_week_shows_who_and_when_nobody(world: World) -> None:
    officer, client = world.person(Role.INTAKE_OFFICER), world.client(world.person(Role.SUPERVISOR))
    looked = client.post("/piket/atur/", plan(people=[str(officer.id)], go="look"))
    assert looked.status_code == 200
    assert "Pratinjau" in text(looked)
    assert world.rows("SELECT count(*) FROM intake_shift") == [(0,)]
    saved = client.post("/piket/atur/", plan(people=[str(officer.id)]))
    assert saved.status_code == 302
    page = text(client.get(saved["Location"]))
    assert officer.name in page
    assert "07.00–15.00" in page
    assert "00.00–07.00" in page
    assert "15.00–24.00" in page
    verbs = world.rows("SELECT verb FROM ledger_entry WHERE verb LIKE 'shift%%'")
    assert verbs == [("shift_set",)]


def test_a_whole_week_of_three_shifts_is_set_at_once(world: World) -> None:
    people = [world.person(Role.INTAKE_OFFICER, tag=tag) for tag in ("", "-b", "-c", "-d")]
    client, day = world.client(world.person(Role.HEAD)), (clock.now() + TOMORROW).astimezone(ZONE).date()
    until = (day + timedelta(days=6)).isoformat()
    sent = plan(people=[str(one.id) for one in people], hours="three", until_day=until, start="", end="")
    assert client.post("/piket/atur/", sent).status_code == 302
    assert world.rows("SELECT count(*), count(DISTINCT person_id) FROM intake_shift") == [(21, 4)]


def test_nobody_is_on_duty_twice_at_once_and_the_conflict_is_named(world: World) -> None:
    officer, client = world.person(Role.INTAKE_OFFICER), world.client(world.person(Role.SUPERVISOR))
    assert client.post("/piket/atur/", plan(people=[str(officer.id)])).status_code == 302
    again = client.post("/piket/atur/", plan(people=[str(officer.id)], start="14:00", end="18:00"))
    assert again.status_code == 400
    assert f"{officer.name} sudah piket" in text(again)
    assert world.rows("SELECT count(*) FROM intake_shift") == [(1,)]


def test_the_database_itself_refuses_a_second_shift_at_one_time(world: World) -> None:
    officer, head = world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    on_duty(world, officer)
    with pytest.raises(Exception, match="on duty at that time") as refused:
        on_duty(world, officer, begins=timedelta(hours=1), ends=timedelta(hours=2))
    assert getattr(refused.value.__cause__, "sqlstate", "") == "RA004"
    on_duty(world, officer, begins=timedelta(hours=8), ends=timedelta(hours=9))  # right after it
    on_duty(world, head, begins=timedelta(0))


def test_two_who_set_the_same_hours_at_once_make_one_shift(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has looked before the first had saved."""
    officer, supervisor = world.person(Role.INTAKE_OFFICER), world.person(Role.SUPERVISOR)
    on_duty(world, officer)
    now = clock.now()
    monkeypatch.setattr("ruangaman.intake.queries.roster.turns_there", lambda *_values: [])
    with acting(supervisor), pytest.raises(Refused, match="Baru saja"):
        actions.set_shifts(
            viewer=world.viewer(supervisor),
            unit_id=world.unit.id,
            turns=[Turn(officer.id, Stretch(now, now + timedelta(hours=1)))],
            kind=ShiftKind.DESK,
            rank=1,
            at=now,
        )
    assert world.rows("SELECT count(*) FROM intake_shift") == [(1,)]


@pytest.mark.parametrize("role", [Role.COMPANION, Role.CASE_MANAGER, Role.HEAD, Role.ADMINISTRATOR])
def test_only_who_may_answer_reports_is_on_duty(world: World, role: str) -> None:
    person, supervisor = world.person(role), world.person(Role.SUPERVISOR)
    sent = world.client(supervisor).post("/piket/atur/", plan(people=[str(person.id)]))
    assert sent.status_code == 400
    now = clock.now()
    turn = Turn(person.id, Stretch(now, now + timedelta(hours=1)))
    with acting(supervisor), pytest.raises(Refused, match="petugas pengaduan atau penyelia"):
        actions.set_shifts(
            viewer=world.viewer(supervisor),
            unit_id=world.unit.id,
            turns=[turn],
            kind=ShiftKind.DESK,
            rank=1,
            at=now,
        )
    with acting(supervisor), pytest.raises(Exception, match="row-level security"):
        world.rows(
            "INSERT INTO intake_shift (id, unit_id, person_id, kind, rank, starts_at, ends_at, made_by_id, made_at) "
            "VALUES (gen_random_uuid(), %s, %s, 'desk', 1, now(), now() + interval '1 hour', %s, now())",
            [world.unit.id, person.id, supervisor.id],
            using="default",
        )


def test_who_works_elsewhere_or_has_no_rank_sets_and_sees_nothing(world: World) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    shift = on_duty(world, officer)
    for person in (officer, world.person(Role.COMPANION), world.person(Role.ANALYST)):
        assert world.client(person).get("/piket/atur/").status_code == 404
        assert world.client(person).post(f"/piket/{shift}/batal/").status_code == 404
    stranger = world.person(Role.SUPERVISOR, world.other)
    assert world.client(stranger).post(f"/piket/{shift}/batal/").status_code == 404
    assert world.client(stranger).get(f"/piket/?unit={world.unit.id}").status_code == 404
    assert officer.name not in text(world.client(stranger).get("/piket/"))
    with acting(stranger):
        assert world.rows("SELECT count(*) FROM intake_shift", using="default") == [(0,)]
    assert world.client(world.person(Role.COMPANION)).get("/piket/").status_code == 404


def test_a_shift_is_cancelled_once_and_never_after_it_is_over(world: World) -> None:
    officer, client = world.person(Role.INTAKE_OFFICER), world.client(world.person(Role.SUPERVISOR))
    shift = on_duty(world, officer)
    over = on_duty(world, officer, begins=-timedelta(hours=9), ends=-timedelta(hours=2))
    for _twice in range(2):
        assert client.post(f"/piket/{shift}/batal/").status_code == 302
    client.post(f"/piket/{over}/batal/")
    assert world.rows("SELECT id FROM intake_shift WHERE cancelled_at IS NOT NULL") == [(shift,)]
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'shift_cancelled'") == [(1,)]
    filed = world.file()
    announce(filed)
    assert rings(world, filed) == []


def test_the_minutes_are_a_units_own_and_danger_waits_no_longer_than_the_rest(world: World) -> None:
    client = world.client(world.person(Role.SUPERVISOR))
    client.post("/piket/menit/", {"danger_minutes": "3", "minutes": "15"})
    assert "3 menit" in text(client.get("/piket/"))
    client.post("/piket/menit/", {"danger_minutes": "20", "minutes": "15"})
    client.post("/piket/menit/", {"danger_minutes": "0", "minutes": "x"})
    assert world.rows("SELECT danger_minutes, minutes FROM intake_dutyrule") == [(3, 15)]
    assert world.client(world.person(Role.INTAKE_OFFICER)).post("/piket/menit/").status_code == 404


# --- taking a call ---------------------------------------------------------------------------------------------------


def test_who_is_called_takes_the_report_and_a_second_click_is_harmless(world: World) -> None:
    filed, _first, second, (_past, ring) = called(world)
    client = world.client(second)
    assert "Saya terima" in text(client.get(f"/piket/panggilan/{ring}/"))
    for _twice in range(2):
        sent = client.post(f"/piket/panggilan/{ring}/")
        assert (sent.status_code, sent["Location"]) == (302, f"/berkas/{filed.reference}/")
    assert [state for _turn, _person, state in rings(world, filed)] == ["passed_on", "taken"]
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'ring_taken'") == [(1,)]
    assert pass_on(clock.now() + timedelta(hours=2)) == 0


def test_a_call_that_was_passed_on_may_still_be_taken_while_nobody_has(world: World) -> None:
    filed, first, second, (past, ring) = called(world)
    assert world.client(first).post(f"/piket/panggilan/{past}/").status_code == 302
    assert [state for _turn, _person, state in rings(world, filed)] == ["taken", "done"]
    late = world.client(second).post(f"/piket/panggilan/{ring}/")
    assert late.status_code == 409
    assert f"{first.name} sudah menerima" in text(late)
    assert [state for _turn, _person, state in rings(world, filed)] == ["taken", "done"]


def test_nobody_takes_a_call_that_was_made_to_somebody_else(world: World) -> None:
    filed, first, _second, (_past, ring) = called(world)
    for person in (first, world.person(Role.SUPERVISOR), world.person(Role.COMPANION)):
        assert world.client(person).post(f"/piket/panggilan/{ring}/").status_code == 404
        with acting(person):
            found = world.rows("SELECT outcome FROM door.take_ring(%s, now())", [ring], using="default")
        assert found == [("none",)]
    assert [state for _turn, _person, state in rings(world, filed)] == ["passed_on", "waits"]


def test_who_is_walled_off_meanwhile_can_not_take_the_call(world: World) -> None:
    filed, _first, second, (_past, ring) = called(world)
    wall(world, filed, second)
    assert world.client(second).post(f"/piket/panggilan/{ring}/").status_code == 404
    with acting(second):
        assert world.rows("SELECT outcome FROM door.take_ring(%s, now())", [ring], using="default") == [
            ("none",)
        ]


def test_a_call_is_changed_by_no_page_but_by_its_door(world: World) -> None:
    _filed, _first, second, (_past, _ring) = called(world)
    with acting(second), pytest.raises(Exception, match="permission denied"):
        world.rows("UPDATE intake_ring SET state = 'taken', ended_at = now()", using="default")


def test_the_file_shows_who_was_called_and_the_button_to_who_may_take_it(world: World) -> None:
    filed, first, second, (_past, ring) = called(world)
    page = text(world.client(second).get(f"/berkas/{filed.reference}/"))
    assert "Panggilan piket" in page
    assert f"/piket/panggilan/{ring}/" in page
    supervisor = text(world.client(world.person(Role.SUPERVISOR)).get(f"/berkas/{filed.reference}/"))
    assert first.name in supervisor
    assert "/piket/panggilan/" not in supervisor
