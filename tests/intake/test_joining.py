"""Several reports become one case and one report several; both are taken back, and nothing is lost."""

from threading import Thread as Worker
from typing import Any

import pytest
from django.db import connections, transaction

from ruangaman.access.actions import join_team, leave_team
from ruangaman.access.models import Dossier, User, Wall
from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section, Stage
from ruangaman.cases.actions import take_case
from ruangaman.intake import actions, policies, queries
from ruangaman.intake.models import Joining, Report, TriageMove
from ruangaman.intake.states import Triage, TriageReason
from ruangaman.intake.states.handling import JoinKind, JoinReason
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.access.filled import tried
from tests.intake.joining import merge, split, undo
from tests.intake.reaching import NEIGHBOUR, act_at_once, decide, plan, planned
from tests.intake.test_thread import answer, with_code
from tests.worlds import Filed, World, acting

VICTIM = {"reporter_kind": "victim"}


def triage_of(filed: Filed | Dossier) -> str:
    dossier = filed.dossier if isinstance(filed, Filed) else filed
    return Report.objects.using("owner").get(dossier_id=dossier.id).triage


def word_of(filed: Filed) -> str:
    page = " ".join(with_code(filed).get("/cek/").content.decode().split())
    return page.split("Keadaan sekarang: ")[1].split("<")[0].strip(" .")


def reads(world: World, person: User, filed: Filed | Dossier) -> str | None:
    """The story, as far as somebody reads it."""
    dossier = filed.dossier if isinstance(filed, Filed) else filed
    viewer = world.viewer(person)
    with acting(person):
        return queries.story_of(viewer, dossier.id, key_of(dossier.id, Section.NARRATIVE))


def on_team(world: World, filed: Filed, person: User, role: str) -> None:
    with acting(world.person(Role.SUPERVISOR)):
        join_team(
            dossier=Dossier.objects.get(id=filed.dossier.id),
            person=person.id,
            role=role,
            until=clock.now() + policies.TEAM_TIME,
            by=world.person(Role.SUPERVISOR).id,
            at=clock.now(),
        )


# --- merging -------------------------------------------------------------------------------------------------------


def test_a_merged_report_keeps_its_reporter_its_words_and_its_thread_and_goes_back_to_where_it_stood(
    world: World,
) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR, story="Cerita kedua.")
    officer = world.person(Role.INTAKE_OFFICER)
    joining = merge(world, second, first)
    assert triage_of(second) == Triage.DUPLICATE
    assert reads(world, officer, second) == "Cerita kedua."
    assert word_of(second) == "Sedang ditangani"
    assert with_code(second).get("/cek/").status_code == 200
    undo(world, joining)
    assert triage_of(second) == Triage.RECEIVED, "where it stood before"
    moves = TriageMove.objects.using("owner").filter(dossier_id=second.dossier.id).order_by("decided_at")
    assert [(m.before, m.after, m.reason) for m in moves] == [
        ("received", "duplicate", "same_event"),
        ("duplicate", "received", "mistaken"),
    ]
    verbs = world.rows(
        "SELECT verb FROM ledger_entry WHERE verb IN ('merged', 'join_undone') ORDER BY at, id"
    )
    assert verbs == [("merged",), ("join_undone",)]


def test_what_was_answered_while_it_was_merged_is_answered_when_it_is_taken_back(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR)
    joining = merge(world, second, first)
    answer(world, second, "Kami baca.")
    assert triage_of(second) == Triage.DUPLICATE
    undo(world, joining)
    assert triage_of(second) == Triage.ANSWERED


def test_an_outreach_that_stood_open_is_open_again_and_one_without_a_plan_is_asked_for(world: World) -> None:
    first, second, third = (world.file(**NEIGHBOUR) for _ in range(3))
    for one in (second, third):
        decide(world, one)
    plan(world, second)
    joinings = [merge(world, one, first) for one in (second, third)]
    for joining in joinings:
        undo(world, joining)
    rows = dict(world.rows("SELECT dossier_id, awaits_outreach FROM intake_report WHERE triage = 'outreach'"))
    assert rows == {second.dossier.id: False, third.dossier.id: True}


def test_who_works_on_the_file_reads_the_merged_report_as_long_as_both_hold(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR, story="Cerita kedua.")
    companion, late = world.person(Role.COMPANION), world.person(Role.CASE_MANAGER)
    on_team(world, first, companion, Role.COMPANION)
    assert reads(world, companion, second) is None
    joining = merge(world, second, first)
    assert reads(world, companion, second) == "Cerita kedua."
    on_team(world, first, late, Role.CASE_MANAGER)
    assert reads(world, late, second) == "Cerita kedua.", "who takes the case later reads it too"
    with acting(world.person(Role.SUPERVISOR)):
        leave_team(
            dossier=first.dossier, person=companion.id, by=world.person(Role.SUPERVISOR).id, at=clock.now()
        )
    assert reads(world, companion, second) is None
    undo(world, joining)
    assert reads(world, late, second) is None
    assert reads(world, late, first) is not None


def test_ones_own_place_on_the_team_outlives_the_merging(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR, story="Cerita kedua.")
    companion = world.person(Role.COMPANION)
    for one in (first, second):
        on_team(world, one, companion, Role.COMPANION)
    undo(world, merge(world, second, first))
    assert reads(world, companion, second) == "Cerita kedua."


def test_a_wall_before_the_merged_report_holds_for_the_team_of_the_file(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR)
    companion, supervisor = world.person(Role.COMPANION), world.person(Role.SUPERVISOR)
    on_team(world, first, companion, Role.COMPANION)
    with acting(supervisor):
        actions.keep_out(
            viewer=world.viewer(supervisor), dossier=second.dossier, person=companion.id, at=clock.now()
        )
    merge(world, second, first)
    assert reads(world, companion, first) is not None
    assert reads(world, companion, second) is None


def test_care_1_the_reporter_reads_done_when_the_file_ends_and_no_sooner(world: World) -> None:
    first, second, third = (world.file(**VICTIM) for _ in range(3))
    merge(world, third, second)
    merge(world, second, first)
    assert {word_of(one) for one in (second, third)} == {"Sedang ditangani"}
    decide(world, first, Triage.WITHDRAWN, TriageReason.REPORTER_WISH)
    assert [word_of(one) for one in (first, second, third)] == ["Selesai"] * 3


def test_files_that_can_not_take_a_report_refuse_it(world: World) -> None:
    first, second, third = (world.file(**VICTIM) for _ in range(3))
    with pytest.raises(Refused, match="berkas yang sama"):
        merge(world, first, first)
    merge(world, second, first)
    with pytest.raises(Refused, match="sendiri sudah digabung"):
        merge(world, third, second)
    decide(world, first, Triage.WITHDRAWN, TriageReason.REPORTER_WISH)
    with pytest.raises(Refused, match="Tidak ada lagi yang bekerja"):
        merge(world, third, first)
    head = world.person(Role.HEAD)
    world.seat(head, world.other, Role.HEAD)
    elsewhere = world.file(place="32.76", **VICTIM)
    with pytest.raises(Refused, match="unit lain"):
        merge(world, third, elsewhere, by=head)


def test_danger_is_met_before_a_report_is_merged(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR, danger_now="yes")
    supervisor = world.person(Role.SUPERVISOR)
    with pytest.raises(Refused, match="langkah pertama"):
        merge(world, second, first, by=supervisor)
    act_at_once(world, second)
    merge(world, second, first, by=supervisor)


@pytest.mark.parametrize("round_about", [False, True])
def test_the_database_closes_no_ring(world: World, round_about: bool) -> None:
    first, second, third = (world.file(**NEIGHBOUR) for _ in range(3))
    merge(world, second, first)
    if round_about:
        merge(world, first, third)
    last = third if round_about else first
    row = (
        "INSERT INTO intake_joining (id, dossier_id, unit_id, stage, other_id, kind, reason, before, joined_by_id, "
        "joined_at) SELECT gen_random_uuid(), id, unit_id, stage, %s, 'merged', 'same_event', 'received', %s, now() "
        "FROM access_dossier WHERE id = %s"
    )
    person = world.person(Role.SUPERVISOR)
    with acting(person), pytest.raises(Exception, match="can not be joined"), transaction.atomic():
        connections["default"].cursor().execute(row, [second.dossier.id, person.id, last.dossier.id])


def test_two_who_merge_two_reports_into_each_other_make_no_ring(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR)
    people = [world.person(Role.INTAKE_OFFICER), world.person(Role.INTAKE_OFFICER, tag="-dua")]
    outcomes: list[str] = []

    def try_it(by: User, one: Filed, other: Filed) -> None:
        try:
            merge(world, one, other, by=by)
            outcomes.append("merged")
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    workers = [
        Worker(target=try_it, args=(people[0], first, second)),
        Worker(target=try_it, args=(people[1], second, first)),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == ["merged", "refused"]
    assert Joining.objects.using("owner").count() == 1


def test_a_joining_is_written_in_ones_own_name_and_undone_once(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR)
    joining = merge(world, second, first)
    officer, other = world.person(Role.INTAKE_OFFICER), world.person(Role.SUPERVISOR)
    with acting(officer):
        sql = "UPDATE intake_joining SET undone_at = now(), undone_by_id = %s"
        assert tried(sql, [other.id]) is None
        for column in ("other_id", "before", "joined_at", "kind"):
            assert tried(f"UPDATE intake_joining SET {column} = {column}") is None
        assert tried("DELETE FROM intake_joining") is None
    undo(world, joining)
    with pytest.raises(Refused, match="sudah dibatalkan"):
        undo(world, joining)
    again = "UPDATE intake_joining SET undone_at = NULL, undone_by_id = NULL"
    with pytest.raises(Exception, match="was undone"):
        world.rows(again)


# --- splitting -----------------------------------------------------------------------------------------------------


def test_a_part_is_a_report_of_its_own_with_its_own_words_and_no_second_code(world: World) -> None:
    whole = world.file(**VICTIM, story="Saya dan adik saya.")
    part = split(world, whole, story="Adik saya.")
    report = Report.objects.using("owner").get(dossier_id=part.id)
    assert (report.channel, report.reporter_kind, report.for_whom) == ("split", "witness", "adult")
    assert report.place_id == "31.73.01"
    officer = world.person(Role.INTAKE_OFFICER)
    assert (reads(world, officer, whole), reads(world, officer, part)) == (
        "Saya dan adik saya.",
        "Adik saya.",
    )
    assert world.rows("SELECT locator FROM intake_thread WHERE dossier_id = %s", [part.id]) == [(None,)]
    answer(world, whole, "Kami baca.")
    assert (triage_of(whole), triage_of(part)) == (Triage.ANSWERED, Triage.ANSWERED)
    running = "SELECT count(*) FROM clocks_clock WHERE dossier_id = %s AND ended_at IS NULL"
    assert world.rows(running, [part.id]) == [(0,)]


def test_a_part_of_what_was_answered_is_answered_and_its_danger_is_not(world: World) -> None:
    whole = world.file(**NEIGHBOUR)
    answer(world, whole, "Kami baca.")
    part = split(world, whole, danger_now=True)
    assert triage_of(part) == Triage.ANSWERED
    running = (
        "SELECT d.code FROM clocks_clock c JOIN clocks_definition d ON d.id = c.definition_id "
        "WHERE c.dossier_id = %s AND c.ended_at IS NULL"
    )
    assert world.rows(running, [part.id]) == [("danger",)]


def test_the_same_form_splits_once(world: World) -> None:
    whole, number = world.file(**NEIGHBOUR), None
    made = split(world, whole)
    number = made.id
    assert split(world, whole, part_id=number).id == number
    assert Joining.objects.using("owner").count() == 1


def test_who_may_not_see_the_whole_may_not_see_its_part(world: World) -> None:
    whole = world.file(**NEIGHBOUR)
    supervisor, kept = world.person(Role.SUPERVISOR), world.person(Role.INTAKE_OFFICER, tag="-dua")
    with acting(supervisor):
        actions.keep_out(
            viewer=world.viewer(supervisor), dossier=whole.dossier, person=kept.id, at=clock.now()
        )
    part = split(world, whole)
    assert Wall.objects.using("owner").filter(dossier_id=part.id, person_id=kept.id).exists()
    assert world.client(kept).get(f"/berkas/{part.reference}/").status_code == 404


def test_a_part_is_taken_back_while_it_is_nothing_of_its_own(world: World) -> None:
    whole = world.file(**NEIGHBOUR)
    first, second = split(world, whole), split(world, whole)
    of = {one.dossier_id: one for one in Joining.objects.using("owner").filter(kind=JoinKind.SPLIT)}
    undo(world, of[first.id])
    assert (triage_of(first), triage_of(whole)) == (Triage.DUPLICATE, Triage.RECEIVED)
    decide(world, Filed(second, whole.code))
    plan(world, Filed(second, whole.code))
    with pytest.raises(Refused, match="sudah dikerjakan sendiri"):
        undo(world, of[second.id])


def test_only_who_takes_reports_splits_one(world: World) -> None:
    filed, _made = planned(world)
    manager = world.person(Role.CASE_MANAGER)
    on_team(world, filed, manager, Role.CASE_MANAGER)
    with pytest.raises(Refused, match="petugas pengaduan"):
        split(world, filed, by=manager)


# --- pages ---------------------------------------------------------------------------------------------------------


def test_an_officer_merges_sees_it_on_both_pages_and_takes_it_back(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR)
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    page = officer.get(f"/laporan/{second.reference}/gabung/")
    assert first.reference in page.content.decode(), "the other report from the same place is offered"
    assert "govuk-error" not in page.content.decode()
    sent = {"seen": "received", "near": first.reference, "reference": "", "reason": "same_event"}
    assert officer.post(f"/laporan/{second.reference}/gabung/", sent).status_code == 302
    joining = Joining.objects.using("owner").get()
    there = officer.get(f"/berkas/{second.reference}/").content.decode()
    assert "Laporan ini digabung ke" in there
    assert f"/gabungan/{joining.id}/batal/" in there
    here = officer.get(f"/berkas/{first.reference}/").content.decode()
    assert "Laporan lain tentang kejadian ini" in here
    assert second.reference in here
    assert officer.get(f"/gabungan/{joining.id}/batal/").status_code == 200
    assert officer.post(f"/gabungan/{joining.id}/batal/", {}).status_code == 302
    assert "Laporan ini digabung ke" not in officer.get(f"/berkas/{second.reference}/").content.decode()


@pytest.mark.parametrize("wanted", ["RA-XXXX-XXXX", "bukan nomor", ""])
def test_a_file_that_is_not_there_and_one_out_of_reach_read_alike(world: World, wanted: str) -> None:
    filed = world.file(**NEIGHBOUR)
    hidden = world.file(place="32.76")
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    sent: dict[str, Any] = {"seen": "received", "near": "", "reason": "same_event"}
    pages = [
        officer.post(f"/laporan/{filed.reference}/gabung/", {**sent, "reference": reference})
        for reference in (wanted, hidden.reference)
    ]
    assert {page.status_code for page in pages} == {400}
    assert hidden.reference not in pages[0].content.decode()
    if wanted:
        assert all("dalam jangkauan Anda" in page.content.decode() for page in pages)
    assert triage_of(filed) == Triage.RECEIVED


def test_an_officer_splits_a_report_and_the_reading_is_in_the_ledger(world: World) -> None:
    filed = world.file(**NEIGHBOUR, story="Dua kejadian.")
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    page = officer.get(f"/laporan/{filed.reference}/pisah/").content.decode()
    assert "Dua kejadian." in page
    assert world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'opened'") == [(["narrative"],)]
    sent = {
        "reason": JoinReason.SEVERAL_EVENTS.value,
        "story": "Kejadian kedua.",
        "for_whom": "",
        "place": "",
    }
    answered = officer.post(f"/laporan/{filed.reference}/pisah/", sent)
    assert answered.status_code == 302, answered.content.decode()
    part = Report.objects.using("owner").select_related("dossier").get(channel="split")
    assert "Laporan ini dipisahkan dari" in officer.get(f"/berkas/{part.dossier.reference}/").content.decode()
    assert part.dossier.reference in officer.get(f"/berkas/{filed.reference}/").content.decode()


def test_a_merged_report_becomes_no_case_of_its_own(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR)
    manager = world.person(Role.CASE_MANAGER)
    on_team(world, second, manager, Role.CASE_MANAGER)
    merge(world, second, first)
    viewer = world.viewer(manager)
    with acting(manager), pytest.raises(Refused, match="digabung ke berkas lain"):
        take_case(viewer=viewer, dossier=second.dossier, at=clock.now())


def test_a_case_that_has_ended_takes_no_report(world: World) -> None:
    first, second = world.file(**NEIGHBOUR), world.file(**NEIGHBOUR)
    world.move(first, Stage.CLOSED)
    with pytest.raises(Refused, match="Tidak ada lagi yang bekerja"):
        merge(world, second, first, by=world.person(Role.SUPERVISOR))
