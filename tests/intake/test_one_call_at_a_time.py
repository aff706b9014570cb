"""Nobody's telephone rings twice: who opens a number that a colleague has just opened is told so first, and may go on.

Source: care.md 7; people.policies.openings.
"""

import re
from datetime import datetime, time, timedelta
from threading import Thread as Worker
from typing import Any
from uuid import UUID

import pytest

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.intake.actions import calling_back
from ruangaman.intake.actions.opening import open_reporter
from ruangaman.intake.models import CallBack
from ruangaman.intake.states.ways import CallResult
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions as people
from ruangaman.people.actions.contact import set_contact
from ruangaman.people.policies import PerhapsCalling, Way
from ruangaman.people.policies.openings import CALLING, DOUBLE_CLICK
from ruangaman.people.states import ContactMeans
from tests.intake.calling import asked, at_hour, officer, reachable
from tests.intake.hers import client_of
from tests.intake.joining import merge, undo
from tests.intake.together import at_once, officers, text
from tests.worlds import Filed, World, acting

NUMBER, HERS = "0812-0000-1111", "0899-0000-2222"
ANY_HOUR = {"from_time": time(0), "until_time": time(23, 59, 59)}
NEXT_PRESS = "Tetap buka nomornya"


def call_of(world: World, **contact: Any) -> CallBack:
    return asked(world, reachable(world, **ANY_HOUR, **contact))


def opens(world: World, call: CallBack, by: User, at: datetime, told: UUID | None = None) -> str:
    viewer = world.viewer(by)
    with acting(by):
        return calling_back.open_number(viewer=viewer, call_id=call.id, told=told, at=at).phone


def opens_reporter(world: World, filed: Filed, by: User, at: datetime, told: UUID | None = None) -> str:
    viewer = world.viewer(by)
    with acting(by):
        return open_reporter(viewer=viewer, dossier=filed.dossier, told=told, at=at).phone


def opens_hers(world: World, filed: Filed, by: User, at: datetime) -> str:
    viewer = world.viewer(by)
    with acting(by):
        return people.open_contact(viewer=viewer, dossier=filed.dossier, at=at)[0].address


def her_own(world: World, filed: Filed) -> None:
    by = world.person(Role.SUPERVISOR)
    viewer, her = world.viewer(by), client_of(world, filed)
    way = Way(ContactMeans.CALL, address=HERS)
    with acting(by):
        set_contact(viewer=viewer, dossier=filed.dossier, person=her, way=way, at=clock.now())


def entries(world: World) -> list[Any]:
    return world.rows(
        "SELECT actor_id, fields_named FROM ledger_entry WHERE verb = 'opened' AND 'number' = ANY (fields_named) "
        "ORDER BY at, id"
    )


def told_field(page: str) -> str:
    found = re.search(r'name="told" value="([0-9a-f-]{36})"', page)
    assert found, page
    return found[1]


# --- the rule --------------------------------------------------------------------------------------------------------


def test_the_second_officer_is_told_who_may_be_calling_and_how_long_ago_before_she_sees_the_number(
    world: World,
) -> None:
    call, (first, second), noon = call_of(world), officers(world), at_hour(world, 12, days=1)
    assert opens(world, call, first, noon) == NUMBER

    with pytest.raises(PerhapsCalling) as told:
        opens(world, call, second, noon + timedelta(minutes=4))
    assert str(told.value.message) == f"{first.name} membuka nomor di berkas ini 4 menit yang lalu."
    assert [by for by, _fields in entries(world)] == [first.id], "who was only told has opened nothing"


def test_danger_is_never_blocked_one_more_press_opens_it_and_says_so_in_the_ledger(world: World) -> None:
    call, (first, second), noon = call_of(world), officers(world), at_hour(world, 12, days=1)
    opens(world, call, first, noon)
    with pytest.raises(PerhapsCalling) as told:
        opens(world, call, second, noon)
    assert opens(world, call, second, noon, told.value.opening.id) == NUMBER
    assert entries(world) == [
        (first.id, ["reporter", "number"]),
        (second.id, ["reporter", "number", "all_the_same"]),
    ]


def test_who_opens_it_again_is_not_asked_not_even_after_going_on_all_the_same(world: World) -> None:
    call, (first, second), noon = call_of(world), officers(world), at_hour(world, 12, days=1)
    opens(world, call, first, noon)
    assert opens(world, call, first, noon + timedelta(minutes=1)) == NUMBER
    with pytest.raises(PerhapsCalling) as told:
        opens(world, call, second, noon + timedelta(minutes=2))
    opens(world, call, second, noon + timedelta(minutes=2), told.value.opening.id)
    assert opens(world, call, second, noon + timedelta(minutes=3)) == NUMBER
    assert len(entries(world)) == 4, "each look has its own entry"


def test_what_one_was_told_of_does_not_open_it_past_a_third_who_came_in_between(world: World) -> None:
    call, (first, second), noon = call_of(world), officers(world), at_hour(world, 12, days=1)
    third = world.person(Role.SUPERVISOR)
    opens(world, call, first, noon)
    with pytest.raises(PerhapsCalling) as told:
        opens(world, call, second, noon)
    with pytest.raises(PerhapsCalling) as told_too:
        opens(world, call, third, noon)
    opens(world, call, third, noon + timedelta(minutes=1), told_too.value.opening.id)
    with pytest.raises(PerhapsCalling, match=third.name):
        opens(world, call, second, noon + timedelta(minutes=2), told.value.opening.id)


@pytest.mark.parametrize(("after", "asked_first"), [(CALLING - timedelta(seconds=1), True), (CALLING, False)])
def test_after_a_quarter_of_an_hour_nobody_is_asked(
    world: World, after: timedelta, asked_first: bool
) -> None:
    call, (first, second), noon = call_of(world), officers(world), at_hour(world, 12, days=1)
    opens(world, call, first, noon)
    if asked_first:
        with pytest.raises(PerhapsCalling, match="14 menit"):
            opens(world, call, second, noon + after)
    else:
        assert opens(world, call, second, noon + after) == NUMBER


def test_the_pause_ends_at_once_when_the_first_writes_what_came_of_the_call(world: World) -> None:
    filed = reachable(world, **ANY_HOUR)
    call, (first, second), noon = asked(world, filed), officers(world), at_hour(world, 12, days=1)
    opens(world, call, first, noon)
    viewer = world.viewer(first)
    with acting(first):
        calling_back.tell_try(
            viewer=viewer, call_id=call.id, try_id=new_id(), result=CallResult.NO_ANSWER,
            at=noon + timedelta(minutes=1),
        )  # fmt: skip
    assert opens_reporter(world, filed, second, noon + timedelta(minutes=2)) == NUMBER


def test_what_somebody_else_writes_does_not_end_it(world: World) -> None:
    filed = reachable(world, **ANY_HOUR)
    call, (first, second), noon = asked(world, filed), officers(world), at_hour(world, 12, days=1)
    opens(world, call, first, noon)
    supervisor = world.person(Role.SUPERVISOR)
    viewer = world.viewer(supervisor)
    with acting(supervisor):
        calling_back.end_call_back(viewer=viewer, call_id=call.id, at=noon + timedelta(minutes=1))
    with pytest.raises(PerhapsCalling, match=first.name):
        opens_reporter(world, filed, second, noon + timedelta(minutes=2))


def test_it_is_one_telephone_whichever_page_opens_its_number(world: World) -> None:
    filed = reachable(world, reporter_kind="victim", **ANY_HOUR)
    her_own(world, filed)
    call, (first, second), noon = asked(world, filed), officers(world), at_hour(world, 12, days=1)
    assert opens_hers(world, filed, first, noon) == HERS
    for way in (
        lambda: opens(world, call, second, noon),
        lambda: opens_reporter(world, filed, second, noon),
        lambda: opens_hers(world, filed, second, noon),
    ):
        with pytest.raises(PerhapsCalling, match=first.name):
            way()


def test_reports_that_were_merged_may_be_one_telephone_as_long_as_they_are(world: World) -> None:
    one, other = reachable(world, **ANY_HOUR), reachable(world, **ANY_HOUR)
    (first, second), now = officers(world), clock.now()
    bound = merge(world, other, one)
    opens_reporter(world, one, first, now)
    with pytest.raises(PerhapsCalling, match=f"{first.name} baru saja membuka nomor di berkas yang digabung"):
        opens_reporter(world, other, second, now)
    undo(world, bound)
    assert opens_reporter(world, other, second, now) == NUMBER


def test_another_report_is_another_telephone(world: World) -> None:
    (first, second), noon = officers(world), at_hour(world, 12, days=1)
    opens(world, call_of(world), first, noon)
    assert opens(world, call_of(world), second, noon) == NUMBER


def test_of_two_who_press_at_the_same_moment_one_sees_the_number_and_one_is_told(world: World) -> None:
    """The second waits for the first, whose entry nobody sees yet: only then is it known what to tell her."""
    call, (first, second), noon = call_of(world), officers(world), at_hour(world, 12, days=1)
    viewer, told = world.viewer(first), []
    other = Worker(target=lambda: told.extend(at_once(lambda: opens(world, call, second, noon))))
    with acting(first):
        assert calling_back.open_number(viewer=viewer, call_id=call.id, at=noon).phone == NUMBER
        other.start()
        other.join(timeout=1)
        assert not told, "she has to wait"
    other.join()
    assert told == [f"{first.name} baru saja membuka nomor di berkas ini."]
    assert len(entries(world)) == 1


def test_a_double_click_opens_once(world: World) -> None:
    call, first, noon = call_of(world), officer(world), at_hour(world, 12, days=1)
    for _press in range(2):
        assert opens(world, call, first, noon) == NUMBER
    assert len(entries(world)) == 1
    opens(world, call, first, noon + DOUBLE_CLICK)
    assert len(entries(world)) == 2


def test_looking_at_the_file_is_no_call(world: World) -> None:
    filed = reachable(world, **ANY_HOUR)
    first, second = officers(world)
    page = world.client(first).get(f"/berkas/{filed.reference}/").content.decode()
    assert NUMBER not in page and "Buka kontak pelapor" in page
    assert opens_reporter(world, filed, second, clock.now()) == NUMBER


# --- no oracle -------------------------------------------------------------------------------------------------------


def test_who_may_not_read_how_she_is_reached_learns_nothing_from_the_database_either(world: World) -> None:
    filed = reachable(world, **ANY_HOUR)
    opens_reporter(world, filed, officer(world), clock.now())
    asks = "SELECT name FROM door.numbers_opened(%s, now() - interval '1 day')"
    for nobody in (
        world.person(Role.DATA_OFFICER),
        world.person(Role.COMPANION),
        world.person(Role.INTAKE_OFFICER, world.other),
    ):
        with acting(nobody):
            assert world.rows(asks, [filed.dossier.id], using="default") == []
        answer = world.client(nobody).post(f"/laporan/{filed.reference}/kontak/buka/")
        assert answer.status_code in (404, 409) and officer(world).name not in text(answer)
        assert "membuka nomor" not in text(answer) and NUMBER not in text(answer)
    with acting(world.person(Role.SUPERVISOR)):
        assert world.rows(asks, [filed.dossier.id], using="default") == [(officer(world).name,)]


def test_it_is_no_history_of_who_called_when(world: World) -> None:
    filed = reachable(world, **ANY_HOUR)
    opens_reporter(world, filed, officer(world), clock.now() - timedelta(hours=2))
    with acting(world.person(Role.SUPERVISOR)):
        asks = "SELECT count(*) FROM door.numbers_opened(%s, '-infinity')"
        assert world.rows(asks, [filed.dossier.id], using="default") == [(0,)]


def test_who_works_elsewhere_is_not_named(world: World) -> None:
    filed = reachable(world, **ANY_HOUR)
    opens_reporter(world, filed, officer(world), clock.now())
    world.rows("UPDATE access_membership SET until = now() WHERE user_id = %s", [officer(world).id])
    with pytest.raises(PerhapsCalling, match=r"^Petugas lembaga lain baru saja membuka"):
        opens_reporter(world, filed, world.person(Role.SUPERVISOR), clock.now())


# --- the pages, without script ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/menelepon/{call}/", "/laporan/{reference}/kontak/buka/"])
def test_the_page_tells_it_warmly_and_one_more_press_goes_on(world: World, path: str) -> None:
    filed = reachable(world, **ANY_HOUR)
    call, (first, second) = asked(world, filed), officers(world)
    address = path.format(call=call.id, reference=filed.reference)
    assert NUMBER in text(world.client(first).post(address, {"go": "open"}))

    browser = world.client(second)
    told = browser.post(address, {"go": "open"})
    page = text(told)
    assert told.status_code == 409 and NUMBER not in page and "kopi susu" not in page
    assert f"{first.name} baru saja membuka nomor di berkas ini." in page
    assert f"Tanyakan dulu kepada {first.name}." in page and NEXT_PRESS in page
    assert 'value="tell"' not in page, "who has not called has no result to tell"
    opened = browser.post(address, {"go": "open", "told": told_field(page)})
    assert opened.status_code == 200 and NUMBER in text(opened) and "kopi susu" in text(opened)


def test_a_word_that_was_made_up_opens_nothing(world: World) -> None:
    call, (first, second) = call_of(world), officers(world)
    world.client(first).post(f"/menelepon/{call.id}/", {"go": "open"})
    for told in ("", "ya", str(new_id()), str(call.id)):
        answer = world.client(second).post(f"/menelepon/{call.id}/", {"go": "open", "told": told})
        assert answer.status_code == 409 and NUMBER not in text(answer), told


def test_the_same_holds_where_her_own_contact_is_opened(world: World) -> None:
    filed = reachable(world, reporter_kind="victim", **ANY_HOUR)
    her_own(world, filed)
    first, second = officers(world)
    address, back = f"/orang/{filed.reference}/kontak/buka/", f"/berkas/{filed.reference}/"
    assert HERS in text(world.client(first).post(address, {"next": back}))
    told = world.client(second).post(address, {"next": back})
    assert told.status_code == 409 and HERS not in text(told) and first.name in text(told)
    assert f'href="{back}"' in text(told)
    opened = world.client(second).post(address, {"next": back, "told": told_field(text(told))})
    assert HERS in text(opened)


def test_outside_her_safe_hours_the_number_of_a_report_says_so(world: World) -> None:
    tomorrow = at_hour(world, 0, days=1)
    filed = reachable(
        world, weekdays=1 << tomorrow.weekday(), from_time=time(9), until_time=time(10), hours="Pagi saja"
    )
    page = text(world.client(officer(world)).post(f"/laporan/{filed.reference}/kontak/buka/"))
    assert "Sekarang di luar jam yang aman baginya." in page and "Pagi saja" in page
    assert "Boleh ditelepon mulai" in page


def test_a_number_of_a_report_in_doubt_opens_for_nobody(world: World) -> None:
    filed = reachable(world, **ANY_HOUR)
    world.rows("UPDATE intake_safecontact SET doubted_at = now()")
    for role in (Role.INTAKE_OFFICER, Role.SUPERVISOR, Role.HEAD):
        answer = world.client(world.person(role)).post(f"/laporan/{filed.reference}/kontak/buka/")
        assert answer.status_code == 409 and NUMBER not in text(answer)
        assert "tidak aman lagi: jangan menelepon" in text(answer)
    assert entries(world) == []
    with pytest.raises(Refused):
        opens_reporter(world, filed, officer(world), clock.now())
