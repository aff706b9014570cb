"""Where a report goes: every rule of the decision, and somebody who tries to get around it."""

import re
from itertools import product
from threading import Thread as Worker
from typing import Any

import pytest
from django.db import connections

from ruangaman.access.states import Role, Section, Stage
from ruangaman.intake import policies
from ruangaman.intake.models import Report, TriageMove
from ruangaman.intake.policies.triage import NAMED
from ruangaman.intake.states import (
    DECISIONS,
    REASONS,
    TRIAGE_ENDS,
    TRIAGE_MOVES,
    UNDECIDED,
    OutreachResult,
    PublicStatus,
    ReporterKind,
    Triage,
    TriageReason,
)
from ruangaman.kernel.errors import Refused
from tests.access.filled import tried
from tests.intake.reaching import NEIGHBOUR, begin, decide, end, plan, planned
from tests.intake.test_thread import answer, with_code
from tests.worlds import Filed, World, acting

NOT_THE_VICTIM = ["", *(kind for kind in ReporterKind.values if kind != ReporterKind.VICTIM)]
ALLOWED: dict[str, Any] = {
    "now": Triage.RECEIVED,
    "to": Triage.OUTREACH,
    "reason": TriageReason.CANNOT_COME,
    "reporter_kind": ReporterKind.VICTIM,
    "reached": False,
    "danger": False,
    "acted": False,
    "child_alone": False,
    "about_staff": False,
    "note": "Bukan kekerasan; diarahkan ke dinas sosial.",
    "roles": {Role.INTAKE_OFFICER},
    "stage": Stage.INTAKE,
}


def refused(**changed: Any) -> bool:
    try:
        policies.check_can_triage(**{**ALLOWED, **changed})
    except Refused as no:
        assert str(no.message)
        return True
    return False


# --- rules ---------------------------------------------------------------------------------------------------------


def test_no_move_outside_the_table_is_ever_taken() -> None:
    for now, to, reason, kind, reached in product(
        Triage, Triage, TriageReason, ["", *ReporterKind.values], [True, False]
    ):
        taken = not refused(now=now, to=to, reason=reason, reporter_kind=kind, reached=reached)
        if taken:
            assert (now, to) in TRIAGE_MOVES
            assert reason in REASONS[to]
            assert to != Triage.HEAD_OFFICE or kind == ReporterKind.VICTIM or reached
            assert to != Triage.WITHDRAWN or kind == ReporterKind.VICTIM


def test_every_move_of_the_table_can_be_taken_by_somebody() -> None:
    for now, to in TRIAGE_MOVES:
        assert any(not refused(now=now, to=to, reason=reason) for reason in TriageReason), (now, to)


def test_what_has_ended_moves_no_more() -> None:
    for now, to, reason in product(TRIAGE_ENDS, Triage, TriageReason):
        goes_back = reason == TriageReason.MISTAKEN and (now, to) in TRIAGE_MOVES and to in REASONS
        assert refused(now=now, to=to, reason=reason) != (goes_back and reason in REASONS[to])
        assert refused(now=now, to=to, reason=reason) or not_chosen(now=now, to=to, reason=reason)


def not_chosen(**decision: str) -> bool:
    try:
        policies.check_is_chosen(**decision)
    except Refused as no:
        assert str(no.message)
        return True
    return False


def test_what_names_a_file_or_a_unit_or_undoes_is_not_decided_on_the_page_of_triage() -> None:
    for now, to in TRIAGE_MOVES:
        for reason in REASONS[to]:
            elsewhere = (
                to in (Triage.DUPLICATE, Triage.OTHER_REGION)
                or now in (Triage.DUPLICATE, Triage.OTHER_REGION, Triage.NOT_IN_SCOPE)
                or reason in (TriageReason.ANSWERED, TriageReason.MISTAKEN)
            )
            assert not_chosen(now=now, to=to, reason=reason) == elsewhere, (now, to, reason)


@pytest.mark.parametrize("kind", NOT_THE_VICTIM)
def test_care_5_outreach_is_mandatory_where_the_reporter_is_not_the_victim(kind: str) -> None:
    office = {"to": Triage.HEAD_OFFICE, "reason": TriageReason.COMES_HERSELF, "reporter_kind": kind}
    with pytest.raises(Refused, match=r"63/2014, Lampiran D\.I\.2"):
        policies.check_can_triage(**{**ALLOWED, **office})
    assert not refused(to=Triage.OUTREACH, reason=TriageReason.NOT_FROM_VICTIM, reporter_kind=kind), (
        "outreach itself is what the rule asks for"
    )
    assert not refused(**office, now=Triage.OUTREACH, reached=True), "she was met and wants to come"
    assert Triage.HEAD_OFFICE not in policies.offered_moves(
        now=Triage.RECEIVED,
        reporter_kind=kind,
        reached=False,
        child_alone=False,
        answered=False,
        roles={Role.HEAD},
    )


def test_care_1_withdrawal_of_somebody_who_is_not_the_victim_ends_nothing_here() -> None:
    for kind in NOT_THE_VICTIM:
        with pytest.raises(Refused, match="Hanya korban sendiri"):
            policies.check_can_triage(
                **{
                    **ALLOWED,
                    "to": Triage.WITHDRAWN,
                    "reason": TriageReason.REPORTER_WISH,
                    "reporter_kind": kind,
                }
            )
    assert not refused(to=Triage.WITHDRAWN, reason=TriageReason.REPORTER_WISH)


def test_a_victim_who_reports_is_not_called_somebody_else() -> None:
    assert refused(reason=TriageReason.NOT_FROM_VICTIM)


@pytest.mark.parametrize("to", sorted(TRIAGE_ENDS))
def test_a_report_that_tells_of_danger_is_ended_by_a_supervisor_only(to: str) -> None:
    reason = next(iter(REASONS[to]))
    assert refused(to=to, reason=reason, danger=True, acted=True)
    assert not refused(to=to, reason=reason, danger=True, acted=True, roles={Role.SUPERVISOR})
    assert not refused(to=to, reason=reason)


def test_flow_2_danger_now_gets_emergency_help_before_any_decision() -> None:
    for now, to in TRIAGE_MOVES:
        if to not in UNDECIDED:
            for reason, roles in product(REASONS[to], ({Role.SUPERVISOR}, {Role.INTAKE_OFFICER})):
                assert refused(now=now, to=to, reason=reason, danger=True, acted=False, roles=roles)
    with pytest.raises(Refused, match="langkah pertama"):
        policies.check_can_triage(**{**ALLOWED, "danger": True})
    assert not refused(danger=True, acted=True)


@pytest.mark.parametrize("band", ["under_12", "under_15", "under_18"])
def test_care_12_a_child_who_reports_alone_is_reached_or_a_supervisor_decides(band: str) -> None:
    assert policies.is_child_alone(age_band=band, reporter_kind="victim")
    for now, to in TRIAGE_MOVES:
        for reason in REASONS[to] - {TriageReason.NOT_FROM_VICTIM, TriageReason.CHILD_ALONE}:
            if to not in UNDECIDED:
                assert refused(now=now, to=to, reason=reason, child_alone=True)
    assert not refused(reason=TriageReason.CHILD_ALONE, child_alone=True)
    office = {"to": Triage.HEAD_OFFICE, "reason": TriageReason.COMES_HERSELF, "child_alone": True}
    assert refused(**office)
    assert not refused(**office, roles={Role.SUPERVISOR})
    offered = {
        "now": Triage.RECEIVED,
        "reporter_kind": "victim",
        "reached": False,
        "child_alone": True,
        "answered": False,
    }
    assert policies.offered_moves(**offered, roles={Role.INTAKE_OFFICER}) == [Triage.OUTREACH]  # type: ignore[arg-type]
    assert Triage.HEAD_OFFICE in policies.offered_moves(**offered, roles={Role.HEAD})  # type: ignore[arg-type]


def test_only_a_child_of_its_own_is_called_a_child_alone() -> None:
    assert refused(reason=TriageReason.CHILD_ALONE)
    assert not policies.is_child_alone(age_band="adult", reporter_kind="victim")
    assert not policies.is_child_alone(age_band="under_12", reporter_kind="family")
    assert not policies.is_child_alone(age_band="", reporter_kind="victim")


def test_a_report_about_staff_is_decided_by_rank_above_theirs_only() -> None:
    for role in Role.values:
        assert refused(about_staff=True, roles={role}) == (role not in ("supervisor", "head"))


def test_who_is_sent_away_is_told_why_in_words() -> None:
    away = {"to": Triage.NOT_IN_SCOPE, "reason": TriageReason.NO_VIOLENCE}
    assert not refused(**away)
    for note in ("", "   \n"):
        assert refused(**away, note=note)


def test_what_is_a_case_already_is_not_decided_here() -> None:
    for stage in (Stage.CASE, Stage.CLOSED):
        assert refused(stage=stage)


# --- what is written -------------------------------------------------------------------------------------------------


def test_a_decision_keeps_who_why_and_when_and_is_in_the_ledger(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    move = decide(world, filed)
    officer = world.person(Role.INTAKE_OFFICER)
    kept = TriageMove.objects.using("owner").get()
    assert (kept.before, kept.after, kept.reason) == ("received", "outreach", "not_from_victim")
    assert kept.decided_by_id == officer.id
    report = Report.objects.using("owner").get()
    assert (report.triage, report.triaged_at, report.awaits_outreach) == (
        "outreach",
        move.decided_at,
        True,
    )
    told = world.rows("SELECT actor_id, objects_named, fields_named FROM ledger_entry WHERE verb = 'triaged'")
    assert told == [(officer.id, [move.id], ["outreach", "not_from_victim"])]


def test_a_refused_decision_writes_nothing(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    with pytest.raises(Refused):
        decide(world, filed, Triage.HEAD_OFFICE, TriageReason.COMES_HERSELF)
    assert Report.objects.using("owner").get().triage == Triage.RECEIVED
    assert not TriageMove.objects.using("owner").exists()
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'triaged'") == [(0,)]


def test_after_she_was_met_she_may_come_to_the_office(world: World) -> None:
    filed, made = planned(world)
    with pytest.raises(Refused):
        decide(world, filed, Triage.HEAD_OFFICE, TriageReason.COMES_HERSELF)
    end(world, made, OutreachResult.REACHED)
    decide(world, filed, Triage.HEAD_OFFICE, TriageReason.COMES_HERSELF)
    assert Report.objects.using("owner").get().triage == Triage.HEAD_OFFICE


def test_a_decision_stays_as_it_was_taken(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    decide(world, filed)
    with acting(world.person(Role.SUPERVISOR)):
        assert tried("SELECT after FROM intake_triagemove") == [("outreach",)]
        assert tried("UPDATE intake_triagemove SET reason = 'cannot_come'") is None
        assert tried("DELETE FROM intake_triagemove") is None


def test_only_who_writes_the_administration_decides(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    companion = world.person(Role.COMPANION)
    for section in Section.values:
        world.grant(filed, companion.id, section, writes=True)
    strangers = [
        companion,
        world.person(Role.DATA_OFFICER),
        world.person(Role.ANALYST),
        world.person(Role.ADMINISTRATOR),
        world.person(Role.HEAD, world.other),
    ]
    for person in strangers:
        with pytest.raises(Refused, match="di luar jangkauan"):
            decide(world, filed, by=person)
        address = f"/laporan/{filed.reference}/triase/"
        assert world.client(person).get(address).status_code == 404
        sent = {"decision": "outreach:not_from_victim"}
        assert world.client(person).post(address, sent).status_code == 404
    assert Report.objects.using("owner").get().triage == Triage.RECEIVED


def test_a_report_that_was_erased_meanwhile_is_not_decided(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    world.rows("UPDATE access_dossier SET erased_at = now()")
    with pytest.raises(Refused, match="baru saja dihapus"):
        decide(world, filed)
    assert Report.objects.using("owner").get().triage == Triage.RECEIVED


# --- two at once -----------------------------------------------------------------------------------------------------


def test_of_two_officers_at_once_one_decides_and_the_other_is_told(world: World) -> None:
    filed = world.file(reporter_kind="victim")
    first, second = world.person(Role.INTAKE_OFFICER), world.person(Role.INTAKE_OFFICER, tag="-dua")
    outcomes: list[str] = []

    def try_it(by: Any, after: str, reason: str) -> None:
        try:
            decide(world, filed, after, reason, by=by, seen=Triage.RECEIVED)
            outcomes.append("decided")
        except Refused as no:
            outcomes.append(str(no.message))
        finally:
            connections.close_all()

    workers = [
        Worker(target=try_it, args=(first, Triage.OUTREACH, TriageReason.CANNOT_COME)),
        Worker(target=try_it, args=(second, Triage.HEAD_OFFICE, TriageReason.COMES_HERSELF)),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == sorted(
        ["decided", "Rekan Anda baru saja memutuskan triase laporan ini. Baca keputusannya dulu."]
    )
    assert TriageMove.objects.using("owner").count() == 1


def test_the_page_shows_what_a_colleague_decided_and_keeps_what_was_chosen(world: World) -> None:
    filed = world.file(reporter_kind="victim")
    browser = world.client(world.person(Role.INTAKE_OFFICER, tag="-dua"))
    decide(world, filed, Triage.OUTREACH, TriageReason.CANNOT_COME)
    address = f"/laporan/{filed.reference}/triase/"
    sent = {"seen": "received", "decision": "head_office:comes_herself"}
    answered = browser.post(address, sent)
    shown = answered.content.decode()
    assert answered.status_code == 400
    assert "Rekan Anda baru saja memutuskan" in shown
    assert "Korban tidak bisa datang dengan aman" in shown
    assert world.person(Role.INTAKE_OFFICER).name in shown
    assert 'name="seen" value="outreach"' in shown
    assert browser.post(address, {**sent, "seen": "outreach"}).status_code == 302
    assert Report.objects.using("owner").get().triage == Triage.HEAD_OFFICE


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"decision": "outreach"},
        {"decision": "elsewhere:x"},
        {"decision": "head_office:comes_herself"},
        {"decision": "outreach:not_from_victim", "seen": "elsewhere"},
        {"decision": "outreach\0:not_from_victim"},
    ],
)
def test_a_form_that_says_too_little_or_nonsense_is_told_so(world: World, sent: dict[str, str]) -> None:
    filed = world.file(**NEIGHBOUR)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    answered = browser.post(f"/laporan/{filed.reference}/triase/", sent)
    assert answered.status_code == 400
    assert Report.objects.using("owner").get().triage == Triage.RECEIVED


def test_a_form_that_was_not_sent_yet_shows_no_error(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    assert "govuk-error" not in browser.get(f"/laporan/{filed.reference}/triase/").content.decode()


# --- what the reporter sees ------------------------------------------------------------------------------------------


def public_page(filed: Filed) -> str:
    """The page behind the code, without what every form has anew, and without the word that says how far it is."""
    page = with_code(filed).get("/cek/").content.decode()
    page = re.sub(r'name="(csrfmiddlewaretoken|\w+_id)" value="[^"]+"', "", page)
    page = re.sub(r'<ol class="track".*?</ol>', "", page, flags=re.DOTALL)
    return re.sub(r'<p class="govuk-visually-hidden">Keadaan sekarang:.*?</p>', "", page)


def test_care_1_the_code_shows_the_same_bytes_before_and_after_triage_and_outreach(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    answer(world, filed, "Terima kasih sudah melapor.")
    whole = [with_code(filed).get("/cek/").content.decode()]
    pages = [public_page(filed)]
    decide(world, filed)
    pages.append(public_page(filed))
    made = plan(world, filed)
    pages.append(public_page(filed))
    begin(world, made)
    end(world, made, note="Ia mau bertemu lagi.")
    pages.append(public_page(filed))
    assert len(set(pages)) == 1
    assert str(PublicStatus.IN_PROGRESS.label) in whole[0]


@pytest.mark.parametrize("to", [to for to in DECISIONS if to not in NAMED])
def test_care_1_the_reporter_reads_one_of_three_words_and_no_reason(world: World, to: Triage) -> None:
    filed = world.file(reporter_kind="victim")
    wrong = {TriageReason.NOT_FROM_VICTIM, TriageReason.CHILD_ALONE, TriageReason.MISTAKEN}
    reason = next(iter(REASONS[to] - wrong))
    decide(world, filed, to, reason, note="Diarahkan ke dinas sosial.")
    page = with_code(filed).get("/cek/").content.decode()
    word = PublicStatus.DONE if to in TRIAGE_ENDS else PublicStatus.IN_PROGRESS
    assert f"Keadaan sekarang: {word.label}" in " ".join(page.split())
    for said in (
        str(to.label),
        str(TriageReason(reason).label),
        "Triase",
        world.person("intake_officer").name,
    ):
        assert said not in page
