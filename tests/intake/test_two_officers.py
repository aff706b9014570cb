"""Two officers at one triage, Back after a decision, and a decision taken back: nothing is lost, nothing doubled, and
each is told what the other did.
"""

import re

import pytest

from ruangaman.access.models import User
from ruangaman.access.states import Role, Stage
from ruangaman.intake import actions, policies
from ruangaman.intake.models import Report, TriageMove
from ruangaman.intake.states import DECISIONS, PublicStatus, Triage, TriageReason
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.intake.reaching import NEIGHBOUR, decide, end, planned
from tests.intake.test_thread import answer, with_code
from tests.intake.together import at_once, officers, text
from tests.worlds import Filed, World, acting

HERSELF = {"reporter_kind": "victim"}
OUTREACH = {"seen": "received", "decision": "outreach:cannot_come"}
OFFICE = {"seen": "received", "decision": "head_office:comes_herself"}
AWAY = {"seen": "received", "decision": "not_in_scope:no_violence", "note": "Sengketa warisan."}


def page(filed: Filed) -> str:
    return f"/laporan/{filed.reference}/triase/"


def state(filed: Filed) -> str:
    return Report.objects.using("owner").get(dossier_id=filed.dossier.id).triage


def word(filed: Filed) -> str:
    found = re.search(r"Keadaan sekarang: ([\w ]+)", text(with_code(filed).get("/cek/")))
    assert found
    return found[1].strip()


# --- triage ----------------------------------------------------------------------------------------------------------


def test_who_decides_second_reads_who_decided_first_and_why_even_where_nothing_was_chosen(
    world: World,
) -> None:
    filed = world.file(**HERSELF)
    first, second = (world.client(one) for one in officers(world))
    assert first.post(page(filed), OUTREACH).status_code == 302
    for sent in (OFFICE, {"seen": "received"}):
        late = second.post(page(filed), sent)
        assert late.status_code == 400
        for said in ("Yang baru saja disimpan orang lain", "Penjangkauan", "tidak bisa datang dengan aman"):
            assert said in text(late)
        assert officers(world)[0].name in text(late)
    assert state(filed) == Triage.OUTREACH
    assert TriageMove.objects.using("owner").count() == 1


def test_the_same_decision_sent_twice_is_one_and_back_shows_what_stands_now(world: World) -> None:
    filed = world.file(**HERSELF)
    officer = world.client(officers(world)[0])
    assert officer.post(page(filed), OUTREACH).status_code == 302
    again = officer.post(page(filed), OUTREACH)
    assert again.status_code == 400
    assert TriageMove.objects.using("owner").count() == 1
    shown = officer.get(page(filed))  # Back: nothing is kept by the browser, so it asks anew
    assert shown["Cache-Control"] == "no-store"
    assert "Keputusan sekarang: Penjangkauan" in text(shown)
    assert 'name="seen" value="outreach"' in text(shown)


def test_after_a_decision_the_next_report_is_offered_danger_first_until_none_is_left(world: World) -> None:
    calm = [world.file(**HERSELF) for _ in range(3)]
    urgent = world.file(**HERSELF, danger_now="yes")
    officer = world.client(officers(world)[0])
    first = officer.post(page(calm[0]), {**OUTREACH, "go": "next"})
    assert first["Location"] == page(urgent), "danger first, however late it came"
    shown = text(officer.get(page(urgent)))
    assert calm[0].reference in shown and "Salah pilih?" in shown
    act = officer.get(f"/laporan/{urgent.reference}/langkah/?lalu=triase")
    sent = {"act_id": act.context["form"].initial["act_id"], "step": "called_112"}
    back = officer.post(f"/laporan/{urgent.reference}/langkah/?lalu=triase", sent)
    assert back["Location"] == page(urgent), "from what was done at once back to the decision"
    for one, then in ((urgent, page(calm[1])), (calm[1], page(calm[2]))):
        assert officer.post(page(one), {**OUTREACH, "go": "next"})["Location"] == then
    assert "laporan berikutnya" not in text(officer.get(page(calm[2])))
    last = officer.post(page(calm[2]), {**OUTREACH, "go": "next"})
    assert last["Location"] == f"/berkas/{calm[2].reference}/"
    assert Report.objects.using("owner").filter(triage=Triage.OUTREACH).count() == 4


def test_what_was_reported_is_read_where_it_is_decided_and_that_is_recorded(world: World) -> None:
    filed = world.file(**NEIGHBOUR, story="Ada teriakan dari rumah sebelah; cerita rekaan.")
    shown = text(world.client(officers(world)[0]).get(page(filed)))
    for said in ("Ada teriakan dari rumah sebelah", "belum dijawab", "Saya tetangga atau warga yang tahu"):
        assert said in shown
    assert world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'opened'") == [(["narrative"],)]


# --- a decision taken back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["not_in_scope:no_violence", "withdrawn:reporter_wish", "outreach:cannot_come",
                                "head_office:comes_herself", "other_agency:other_duty"])  # fmt: skip
def test_a_wrong_choice_is_taken_back_and_both_stay_on_record(world: World, to: str) -> None:
    filed = world.file(**HERSELF)
    answer(world, filed, "Kami baca.")
    officer = world.client(officers(world)[0])
    chosen = {"seen": "answered", "decision": to, "note": "Salah baris."}
    assert officer.post(page(filed), chosen).status_code == 302
    assert page(filed) in officer.get(f"/berkas/{filed.reference}/").content.decode()
    decided = to.split(":")[0]
    assert "Batalkan keputusan" in text(officer.get(page(filed)))
    back = officer.post(page(filed), {"go": "undo", "seen": decided})
    assert (back.status_code, back["Location"]) == (302, page(filed))
    assert state(filed) == Triage.ANSWERED, "answered it was, and still is"
    assert word(filed) == PublicStatus.IN_PROGRESS.label
    moves = TriageMove.objects.using("owner").order_by("decided_at").values_list("before", "after", "reason")
    assert list(moves)[1:] == [
        ("answered", decided, to.split(":")[1]),
        (decided, "answered", TriageReason.MISTAKEN),
    ]
    assert filed.reference in text(officer.get("/hari-ini/")), "it waits for a decision again"


def test_what_was_closed_by_mistake_is_asked_to_be_answered_again(world: World) -> None:
    filed = world.file(**HERSELF)
    officer = world.client(officers(world)[0])
    assert officer.post(page(filed), AWAY).status_code == 302
    assert word(filed) == PublicStatus.DONE.label
    officer.post(page(filed), {"go": "undo", "seen": "not_in_scope"})
    assert (state(filed), word(filed)) == (Triage.RECEIVED, PublicStatus.IN_PROGRESS.label)
    running = "SELECT code FROM clocks_clock WHERE dossier_id = %s AND ended_at IS NULL"
    assert world.rows(running, [filed.dossier.id]) == [("answer",)]


def test_no_decision_is_taken_back_on_which_somebody_was_sent_out(world: World) -> None:
    filed, made = planned(world)
    officer = world.client(officers(world)[0])
    assert "Batalkan keputusan" not in text(officer.get(page(filed)))
    refused = officer.post(page(filed), {"go": "undo", "seen": "outreach"})
    assert refused.status_code == 400
    assert "sudah direncanakan" in text(refused)
    end(world, made)
    assert officer.post(page(filed), {"go": "undo", "seen": "outreach"}).status_code == 400
    assert state(filed) == Triage.OUTREACH


@pytest.mark.parametrize("now", [*Triage])
def test_what_may_be_taken_back_is_offered_and_nothing_else(now: Triage) -> None:
    for attempts in (True, False):
        offered = policies.may_be_taken_back(now=now, attempts=attempts)
        try:
            policies.check_can_undo_decision(now=now, attempts=attempts, stage=Stage.INTAKE)
            taken = True
        except Refused:
            taken = False
        assert taken == offered
        assert not offered or now in DECISIONS
    with pytest.raises(Refused, match="sudah menjadi kasus"):
        policies.check_can_undo_decision(now=now, attempts=False, stage=Stage.CASE)


def test_two_who_take_back_at_once_do_it_once_and_a_decision_meant_by_nobody_stays(world: World) -> None:
    filed = world.file(**HERSELF)
    decide(world, filed, Triage.OUTREACH, TriageReason.CANNOT_COME)

    def undo(by: User) -> str:
        viewer = world.viewer(by)
        with acting(by):
            actions.undo_decision(viewer=viewer, dossier=filed.dossier, seen=Triage.OUTREACH, at=clock.now())
        return "undone"

    told = at_once(*[lambda by=by: undo(by) for by in officers(world)])  # type: ignore[misc]
    assert sorted(told) == sorted(
        ["undone", "Rekan Anda baru saja memutuskan triase laporan ini. Baca keputusannya dulu."]
    )
    assert state(filed) == Triage.RECEIVED
    decide(world, filed, Triage.HEAD_OFFICE, TriageReason.COMES_HERSELF)
    with pytest.raises(Refused, match="Rekan Anda baru saja"):
        undo(officers(world)[1])
    assert state(filed) == Triage.HEAD_OFFICE


def test_nobody_else_takes_a_decision_back(world: World) -> None:
    filed = world.file(**HERSELF)
    decide(world, filed, Triage.OUTREACH, TriageReason.CANNOT_COME)
    for role, unit in ((Role.COMPANION, world.unit), (Role.ANALYST, world.unit), (Role.HEAD, world.other)):
        sent = {"go": "undo", "seen": "outreach"}
        assert world.client(world.person(role, unit)).post(page(filed), sent).status_code == 404
    assert state(filed) == Triage.OUTREACH
