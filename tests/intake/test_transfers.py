"""A report goes to another region's unit with what may be passed on, and an answer comes back."""

from threading import Thread as Worker
from typing import Any

import pytest
from django.db import connections

from ruangaman.access.models import Dossier
from ruangaman.access.queries import key_of
from ruangaman.access.states import OrganisationKind, Role, Section
from ruangaman.intake import actions, jobs, policies, queries
from ruangaman.intake.models import Report, Transfer
from ruangaman.intake.states import Triage
from ruangaman.intake.states.handling import PassBasis, Passed, TransferState
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.access.filled import tried
from tests.intake.joining import answered, send, taker
from tests.intake.reaching import NEIGHBOUR, act_at_once
from tests.intake.test_joining import triage_of, word_of
from tests.notices.working import working
from tests.worlds import World, acting

ALLOWED: dict[str, Any] = {
    "to_unit": True,
    "own": False,
    "outside": "",
    "basis": PassBasis.AGREED,
    "passes": {Passed.STORY},
    "needs": "",
    "why": "Ia tinggal di sana.",
    "danger": False,
    "roles": {Role.INTAKE_OFFICER},
}
TOLD = {
    **NEIGHBOUR,
    "story": "Cerita untuk daerah lain.",
    "name": "Nama Rekaan",
    "means": "text",
    "phone": "0812-0000",
}


def refused(**changed: Any) -> bool:
    try:
        policies.check_can_send(**{**ALLOWED, **changed})
    except Refused as no:
        assert str(no.message)
        return True
    return False


def test_nothing_is_passed_on_without_consent_but_needs_without_a_name() -> None:
    """flow.md, "Principles": nothing without the client's consent."""
    assert not refused()
    unasked = {"basis": PassBasis.NONE, "needs": "Tempat aman."}
    assert not refused(**unasked, passes={Passed.NEEDS})
    for passes in (
        {Passed.STORY},
        {Passed.CONTACT},
        {Passed.NEEDS, Passed.STORY},
        {Passed.NEEDS, Passed.CONTACT},
    ):
        assert refused(**unasked, passes=passes)


def test_danger_is_a_ground_for_a_supervisor_where_danger_was_told() -> None:
    ground = {"basis": PassBasis.DANGER}
    assert refused(**ground, danger=True)
    assert refused(**ground, roles={Role.SUPERVISOR})
    assert not refused(**ground, danger=True, roles={Role.SUPERVISOR})


@pytest.mark.parametrize(
    "changed",
    [
        {"to_unit": False},
        {"outside": "P2TP2A Kota Lain"},
        {"own": True},
        {"passes": set()},
        {"passes": {Passed.NEEDS}, "needs": "  "},
        {"why": " "},
    ],
)
def test_a_hand_over_names_one_other_unit_and_what_goes_along(changed: dict[str, Any]) -> None:
    assert refused(**changed)


def test_what_is_passed_on_becomes_a_report_there_and_the_reporter_stays_here(world: World) -> None:
    filed = world.file(**TOLD)
    transfer = send(world, filed)
    assert triage_of(filed) == Triage.OTHER_REGION
    made = answered(world, transfer, accept=True, answer="Kami terima.")
    assert made is not None
    report = Report.objects.using("owner").get(dossier_id=made.id)
    assert (report.channel, report.unit_id, report.reporter_kind) == ("region", world.other.id, "public")
    there = taker(world)
    with acting(there):
        viewer = world.viewer(there)
        story = queries.story_of(viewer, made.id, key_of(made.id, Section.NARRATIVE))
        contact = queries.contact_of(viewer, made.id, key_of(made.id, Section.REPORTER))
    assert story == "Cerita untuk daerah lain.\n\nYang perlu segera: Tempat aman malam ini."
    assert contact is not None
    assert contact["phone"] == "0812-0000"
    kept = Transfer.objects.using("owner").get()
    assert (kept.state, kept.became, kept.parcel) == (TransferState.ACCEPTED, made.id, None)
    assert word_of(filed) == "Sedang ditangani"
    running = "SELECT count(*) FROM clocks_clock WHERE about = %s AND ended_at IS NULL"
    assert world.rows(running, [transfer.id]) == [(0,)]
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    page = officer.get(f"/berkas/{filed.reference}/").content.decode()
    assert "Kami terima." in page
    assert made.reference not in page
    assert officer.get(f"/berkas/{made.reference}/").status_code == 404


def test_only_what_was_ticked_goes_along(world: World) -> None:
    filed = world.file(**TOLD)
    send(world, filed, basis=PassBasis.NONE, passes=[Passed.NEEDS])
    made = answered(world, Transfer.objects.using("owner").get(), accept=True)
    assert made is not None
    there = taker(world)
    with acting(there):
        story = queries.story_of(world.viewer(there), made.id, key_of(made.id, Section.NARRATIVE))
    assert story == "Yang perlu segera: Tempat aman malam ini."
    assert Report.objects.using("owner").get(dossier_id=made.id).reporter_kind == ""
    for table in ("intake_safecontact", "people_person"):
        assert world.rows(f"SELECT count(*) FROM {table} WHERE dossier_id = %s", [made.id]) == [(0,)]


def test_a_no_comes_back_with_its_reason_and_the_report_waits_again(world: World) -> None:
    filed = world.file(**TOLD)
    transfer = send(world, filed)
    with pytest.raises(Refused, match="mengapa tidak diterima"):
        answered(world, transfer, accept=False)
    answered(world, transfer, accept=False, answer="Ia tinggal di wilayah Anda.")
    assert triage_of(filed) == Triage.RECEIVED
    last = world.rows(
        "SELECT before, after, reason, decided_by_id FROM intake_triagemove ORDER BY decided_at DESC LIMIT 1"
    )
    assert last == [("other_region", "received", "came_back", taker(world).id)]
    page = world.client(world.person(Role.INTAKE_OFFICER)).get(f"/berkas/{filed.reference}/").content.decode()
    assert "Ia tinggal di wilayah Anda." in page
    told = world.rows(
        "SELECT kind, dossier_id FROM notices_notice WHERE person_id = %s", [transfer.sent_by_id]
    )
    assert told == [("transfer", None)]
    send(world, filed)
    assert Transfer.objects.using("owner").count() == 2


def test_what_nobody_answered_is_taken_back_and_then_it_is_gone(world: World) -> None:
    filed = world.file(**TOLD)
    transfer = send(world, filed)
    officer = world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    with acting(officer):
        found = queries.transfer_of(viewer, transfer.id)
        assert found is not None
        actions.take_back(viewer=viewer, transfer=found, at=clock.now())
    assert triage_of(filed) == Triage.RECEIVED
    assert Transfer.objects.using("owner").get().parcel is None
    with pytest.raises(Refused, match="sudah dijawab atau ditarik"):
        answered(world, transfer, accept=True)
    assert Dossier.objects.using("owner").filter(unit=world.other).count() == 0


def test_two_who_take_it_at_once_make_one_report(world: World) -> None:
    transfer = send(world, world.file(**TOLD))
    people = [taker(world), taker(world, tag="-dua")]
    outcomes: list[str] = []

    def try_it(by: Any) -> None:
        try:
            answered(world, transfer, accept=True, by=by)
            outcomes.append("taken")
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    workers = [Worker(target=try_it, args=(one,)) for one in people]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == ["refused", "taken"]
    assert Dossier.objects.using("owner").filter(unit=world.other).count() == 1


def test_the_same_form_hands_over_once(world: World) -> None:
    filed = world.file(**TOLD)
    transfer = send(world, filed)
    assert send(world, filed, transfer_id=transfer.id).id == transfer.id
    with pytest.raises(Refused):
        send(world, filed)


def test_only_the_unit_it_goes_to_sees_it_and_nothing_opens_before_it_is_taken(world: World) -> None:
    filed = world.file(**TOLD)
    transfer = send(world, filed)
    third = world.organisation(OrganisationKind.UNIT, "Unit Ketiga", "33")
    strangers = [
        world.person(Role.INTAKE_OFFICER, third),
        world.person(Role.HEAD, third),
        world.person(Role.COMPANION, world.other),
        world.person(Role.ANALYST),
        world.person(Role.ADMINISTRATOR),
    ]
    for person in strangers:
        with acting(person):
            assert tried("SELECT id FROM intake_transfer") == []
            answer = "SELECT door.answer_transfer(%s, true, NULL, gen_random_uuid())"
            assert tried(answer, [transfer.id]) == [(False,)]
        browser = world.client(person)
        assert browser.get(f"/rujukan-daerah/{transfer.id}/").status_code == 404
        assert browser.post(f"/rujukan-daerah/{transfer.id}/", {"decision": "accept"}).status_code == 404
    there = taker(world)
    with acting(there):
        assert tried("SELECT id FROM intake_transfer") == [(transfer.id,)]
        assert tried("UPDATE intake_transfer SET state = 'accepted', answered_at = now()") in (None, [])
        assert tried("SELECT id FROM intake_report") == []
        assert tried("SELECT id FROM access_dossier") == []
    page = world.client(there).get(f"/rujukan-daerah/{transfer.id}/").content.decode()
    for hidden in ("Cerita untuk daerah lain", "Nama Rekaan", "0812", "Tempat aman", filed.reference):
        assert hidden not in page
    assert "Unit Uji" in page
    with acting(world.person(Role.INTAKE_OFFICER)):
        assert tried("UPDATE intake_transfer SET state = 'accepted', answered_at = now()") is None


def test_who_may_answer_it_is_told_that_something_waits_and_nobody_else(world: World) -> None:
    filed = world.file(**TOLD)
    there, head = taker(world), world.person(Role.HEAD, world.other)
    supervisor = world.person(Role.SUPERVISOR, world.other)
    transfer = send(world, filed)
    world.rows("DELETE FROM notices_delivery; DELETE FROM notices_notice")
    with working():
        jobs.tell_region(dossier_id=str(filed.dossier.id), transfer_id=str(transfer.id))
    told = world.rows("SELECT person_id, kind, dossier_id FROM notices_notice")
    assert {row[0] for row in told} == {there.id, supervisor.id}
    assert head.id not in {row[0] for row in told}
    assert {row[1:] for row in told} == {("transfer", None)}


def test_an_erased_report_leaves_nothing_on_the_way(world: World) -> None:
    filed = world.file(**TOLD)
    transfer = send(world, filed)
    world.rows("UPDATE access_dossier SET erased_at = now() WHERE id = %s", [filed.dossier.id])
    kept = Transfer.objects.using("owner").get()
    assert (kept.state, kept.parcel) == (TransferState.TAKEN_BACK, None)
    with pytest.raises(Refused):
        answered(world, transfer, accept=True)


def test_danger_is_met_here_before_a_report_goes_elsewhere(world: World) -> None:
    filed = world.file(**TOLD, danger_now="yes")
    told = {"by": world.person(Role.SUPERVISOR), "basis": PassBasis.DANGER}
    with pytest.raises(Refused, match="langkah pertama"):
        send(world, filed, **told)
    act_at_once(world, filed)
    send(world, filed, **told)
    assert Transfer.objects.using("owner").get().danger_now


def test_a_unit_outside_is_told_by_the_sender_who_writes_its_answer_down(world: World) -> None:
    filed = world.file(**TOLD)
    transfer = send(world, filed, to_unit=None, outside="P2TP2A Kota Lain, 021-000")
    assert Transfer.objects.using("owner").get().parcel is None
    officer = world.person(Role.INTAKE_OFFICER)
    assert answered(world, transfer, accept=True, by=officer, answer="Diterima lewat telepon.") is None
    assert triage_of(filed) == Triage.OTHER_REGION
    assert Transfer.objects.using("owner").get().state == TransferState.ACCEPTED


def test_the_pages_hand_over_list_and_take(world: World) -> None:
    filed = world.file(**TOLD)
    officer, there = world.client(world.person(Role.INTAKE_OFFICER)), world.client(taker(world))
    page = officer.get(f"/laporan/{filed.reference}/rujuk-daerah/").content.decode()
    assert "32.76 · Unit Lain" in page
    assert str(world.unit.id) not in page
    sent = {
        "seen": "received",
        "to_unit": str(world.other.id),
        "basis": "agreed",
        "passes": ["story", "needs"],
        "needs": "Dijemput sebelum malam.",
        "why": "Ia pindah ke sana.",
    }
    answer = officer.post(f"/laporan/{filed.reference}/rujuk-daerah/", {**sent, "basis": "none"})
    assert answer.status_code == 400
    assert "Ia pindah ke sana." in answer.content.decode(), "what was typed stays"
    assert officer.post(f"/laporan/{filed.reference}/rujuk-daerah/", sent).status_code == 302
    transfer = Transfer.objects.using("owner").get()
    mine = officer.get("/rujukan-daerah/").content.decode()
    assert filed.reference in mine
    theirs = there.get("/rujukan-daerah/").content.decode()
    assert f"/rujukan-daerah/{transfer.id}/" in theirs
    assert filed.reference not in theirs
    assert f"/rujukan-daerah/{transfer.id}/" in there.get("/hari-ini/").content.decode()
    answer = there.post(f"/rujukan-daerah/{transfer.id}/", {"decision": "take_back"})
    assert answer.status_code == 400, "only the sender takes it back"
    answer = there.post(f"/rujukan-daerah/{transfer.id}/", {"decision": "accept", "answer": "Kami terima."})
    assert answer.status_code == 302, answer.content.decode()
    assert there.get(answer.headers["Location"]).status_code == 200
    assert "Kami terima." in officer.get(f"/rujukan-daerah/{transfer.id}/").content.decode()
