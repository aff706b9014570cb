"""Two officers at one danger, one call, one attempt to reach her; a click too many: nothing is lost or doubled, and
each is told what the other did.
"""

import re
from datetime import time
from typing import Any

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.intake.actions import calling_back, calls, roster
from ruangaman.intake.actions.receiving import Told
from ruangaman.intake.models import CallBack, CallTry, Report
from ruangaman.intake.states import OutreachResult
from ruangaman.intake.states.ways import CallResult
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from tests.intake.calling import STORY, asked, begun, reachable
from tests.intake.reaching import NEIGHBOUR, act_at_once, decide, end, plan, plan_as_sent, planned
from tests.intake.roster import called, rings
from tests.intake.together import at_once, officers, text
from tests.worlds import World, acting

# --- what was done at once -------------------------------------------------------------------------------------------


def test_two_who_act_at_once_in_danger_are_both_on_record(world: World) -> None:
    filed = world.file(**NEIGHBOUR, danger_now="yes")
    first, second = officers(world)
    at_once(
        lambda: act_at_once(world, filed, "called_112", by=first),
        lambda: act_at_once(world, filed, "police", by=second),
    )
    told = sorted(world.rows("SELECT step, done_by_id FROM intake_firstact"))
    assert told == [("called_112", first.id), ("police", second.id)]


# --- a call of the duty roster ---------------------------------------------------------------------------------------


def test_two_who_take_one_call_at_once_do_not_both_take_it(world: World) -> None:
    filed, first, second, (past, ring) = called(world)

    def take(by: User, wanted: Any) -> str:
        viewer = world.viewer(by)
        with acting(by):
            return str(roster.take_ring(viewer=viewer, ring_id=wanted, at=clock.now()).outcome)

    told = at_once(lambda: take(first, past), lambda: take(second, ring))
    assert sorted(told) == ["taken", "theirs"]
    assert sorted(state for _turn, _person, state in rings(world, filed)).count("taken") == 1
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'ring_taken'") == [(1,)]
    holder = next(person for _turn, person, state in rings(world, filed) if state == "taken")
    late, wanted = (second, ring) if holder == first.id else (first, past)
    shown = world.client(late).get(f"/piket/panggilan/{wanted}/")
    assert "sudah menerima laporan ini. Anda tidak perlu melakukan apa-apa." in text(shown)


# --- a call on the telephone -----------------------------------------------------------------------------------------


def test_a_call_that_is_sent_twice_at_once_makes_one_report_with_one_code(world: World) -> None:
    draft, officer = begun(world), officers(world)[0]
    viewer = world.viewer(officer)

    def send() -> calls.Sent:
        with acting(officer):
            return calls.send_call(
                viewer=viewer, draft_id=draft, told=Told(story=STORY), subject="", limits="read",
                wants_code=True, call_again=False, at=clock.now(),
            )  # fmt: skip

    one, two = at_once(send, send)
    assert one == two and one.code
    assert Report.objects.using("owner").count() == 1


def test_who_finishes_a_call_in_a_second_window_is_shown_the_same_receipt_and_nothing_is_lost(
    world: World,
) -> None:
    draft, officer = begun(world), world.client(officers(world)[0])
    address = f"/telepon/{draft}/"
    seen = re.search(r'name="seen" value="([^"]+)"', officer.get(address).content.decode())
    assert seen
    typed = {"story": STORY, "limits": "read", "seen": seen[1], "window": "satu"}
    assert officer.post(address, {**typed, "go": "send"}).status_code == 302
    reference = Report.objects.using("owner").select_related("dossier").get().dossier.reference
    other = officer.post(address, {**typed, "window": "dua", "story": "Lebih panjang.", "go": "send"})
    assert f'Laporan tersimpan: <span class="num">{reference}</span>' in text(other)
    late = officer.post(
        f"{address}simpan/", {**typed, "window": "dua"}, headers={"accept": "application/json"}
    )
    assert (late.status_code, "sudah terkirim" in late.json()["refused"]) == (409, True)
    assert "sudah terkirim" not in text(officer.get(address))
    assert Report.objects.using("owner").count() == 1


# --- calling back ----------------------------------------------------------------------------------------------------


ANY_HOUR = {"from_time": time(0), "until_time": time(23, 59, 59)}


def test_of_two_who_called_her_the_second_reads_what_the_first_reached(world: World) -> None:
    call, (first, second) = asked(world, reachable(world, **ANY_HOUR)), officers(world)
    sent = {"go": "tell", "result": "reached", "try_id": str(new_id())}
    assert world.client(first).post(f"/menelepon/{call.id}/", sent).status_code == 302
    late = world.client(second).post(f"/menelepon/{call.id}/", {**sent, "try_id": str(new_id())})
    assert late.status_code == 409
    assert first.name in text(late) and str(CallResult.REACHED.label) in text(late)
    assert "Anda tidak perlu menelepon lagi" in text(late)
    assert 'value="tell"' not in text(late), "nothing more is asked of her"
    assert CallTry.objects.using("owner").count() == 1


def test_two_who_reach_her_at_once_are_one_end_of_the_call(world: World) -> None:
    call, people = asked(world, reachable(world, **ANY_HOUR)), officers(world)

    def tell(by: User) -> Any:
        viewer = world.viewer(by)
        with acting(by):
            return calling_back.tell_try(
                viewer=viewer, call_id=call.id, try_id=new_id(), result=CallResult.REACHED, at=clock.now()
            )

    told = at_once(*[lambda by=by: tell(by) for by in people])  # type: ignore[misc]
    assert sorted(map(str, told)) == ["None", "Panggilan ini sudah berakhir atau di luar jangkauan Anda."]
    assert CallTry.objects.using("owner").count() == 1
    assert CallBack.objects.using("owner").get().ended_at is not None


# --- outreach --------------------------------------------------------------------------------------------------------


def test_who_records_an_attempt_second_reads_the_first_record_whole_and_keeps_what_they_typed(
    world: World,
) -> None:
    filed, made = planned(world)
    supervisor = world.client(world.person(Role.SUPERVISOR))
    end(world, made, OutreachResult.NOT_FOUND, note="Sekolah libur hari ini.")
    sent = {"result": "reached", "safe_now": "yes", "note": "Tulisan saya."}
    late = supervisor.post(f"/penjangkauan/{made.id}/", sent)
    assert late.status_code == 400
    for said in ("Tidak bertemu", "Sekolah libur hari ini.", "Tulisan saya."):
        assert said in text(late)
    back = supervisor.get(f"/penjangkauan/{made.id}/")  # Back after the result
    assert (back.status_code, back["Location"]) == (302, f"/berkas/{filed.reference}/")
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'outreach_ended'") == [(1,)]


def test_two_who_record_an_attempt_at_once_record_it_once(world: World) -> None:
    _filed, made = planned(world)
    told = at_once(
        lambda: end(world, made, OutreachResult.NOT_FOUND).result,
        lambda: (
            end(world, made, OutreachResult.REACHED, by=world.person(Role.SUPERVISOR), safe_now="yes").result
        ),
    )
    assert told.count("Hasil penjangkauan ini sudah dicatat.") == 1
    assert world.rows("SELECT count(*) FROM intake_outreach WHERE ended_at IS NOT NULL") == [(1,)]


def test_care_5_two_who_plan_at_once_send_no_two_companions_who_do_not_know_of_each_other(
    world: World,
) -> None:
    filed = world.file(**NEIGHBOUR)
    decide(world, filed)
    companions = [world.person(Role.COMPANION), world.person(Role.COMPANION, tag="-lain")]
    told = at_once(
        lambda: str(plan(world, filed, companion=companions[0], seen=0).companion.name),
        lambda: str(
            plan(world, filed, by=officers(world)[1], companion=companions[1], seen=0).companion.name
        ),
    )
    assert sum("Rekan Anda baru saja merencanakan" in one for one in told) == 1
    assert world.rows("SELECT count(*) FROM intake_outreach") == [(1,)]


def test_who_plans_second_reads_the_first_plan_and_may_still_save_on_purpose(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    decide(world, filed)
    address = f"/laporan/{filed.reference}/penjangkauan/"
    second = world.client(officers(world)[1])
    assert 'name="seen" value="0"' in second.get(address).content.decode()
    plan(world, filed)
    typed = plan_as_sent(world.person(Role.COMPANION, tag="-lain"), seen="0", cover_reason="Alasan saya.")
    late = second.post(address, typed)
    assert late.status_code == 400
    for said in ("Sudah direncanakan", world.person(Role.COMPANION).name, "Sekolah", "Alasan saya."):
        assert said in text(late)
    assert 'name="seen" value="1"' in late.content.decode()
    assert second.post(address, {**typed, "seen": "1"}).status_code == 302
    assert world.rows("SELECT count(*) FROM intake_outreach") == [(2,)]
