"""Who records the legal process, who reads it, and that it is only ever added to."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError
from django.utils import timezone

from ruangaman.access.actions import join_team
from ruangaman.access.states import Role, Stage
from ruangaman.justice import actions, queries
from ruangaman.justice.models import LegalStep
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.actions import Identity, add_person
from ruangaman.people.states import PersonRole
from tests.worlds import Filed, World, acting


class Process:
    """A case with a lawyer on its team."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.filed: Filed = world.file(reporter_kind="public")
        self.lawyer, supervisor = world.person(Role.LAWYER), world.person(Role.SUPERVISOR)
        with acting(supervisor):
            part = add_person(
                dossier=self.filed.dossier,
                role=PersonRole.CLIENT,
                identity=Identity("Ratna Wulandari"),
                by=supervisor.id,
                at=world.now,
            )
            self.client = part.person
        world.move(self.filed, Stage.CASE)
        with acting(supervisor):
            join_team(
                dossier=self.filed.dossier,
                person=self.lawyer.id,
                role=Role.LAWYER,
                until=world.now + timedelta(days=90),
                by=supervisor.id,
                at=world.now,
            )

    @property
    def address(self) -> str:
        return f"/hukum/{self.filed.reference}/"

    def day(self, days: int) -> date:
        return timezone.localdate(self.world.now) + timedelta(days=days)

    def record(self, step: str, days: int, **told: Any) -> LegalStep:
        with acting(self.lawyer):
            found: LegalStep = actions.record_step(
                viewer=self.world.viewer(self.lawyer),
                dossier=self.filed.dossier,
                client=self.client,
                step=step,
                happened_on=self.day(days),
                **{"step_id": new_id(), "at": self.world.now, **told},
            )
            return found

    def send(self, user: Any = None, **told: Any) -> Any:
        browser = self.world.client(user or self.lawyer)
        return browser.post(self.address, {"client": str(self.client.id), "step_id": str(new_id()), **told})


@pytest.fixture
def process(world: World) -> Process:
    return Process(world)


def count(world: World) -> int:
    return int(world.rows("SELECT count(*) FROM justice_legalstep")[0][0])


def test_a_process_goes_from_the_report_to_restitution_page_by_page(process: Process) -> None:
    road = ("police_report", "questioning", "investigation", "p21", "stage_two", "prosecution", "trial")
    for number, step in enumerate(road):
        sent = process.send(
            step=step, happened_on=process.day(number - 20).isoformat(), number=f"LP/{number}"
        )
        assert sent.status_code == 302, sent.content.decode()
    verdict = {"step": "verdict", "happened_on": process.day(-2).isoformat()}
    assert process.send(**verdict).status_code == 409
    assert process.send(**verdict, statute="pkdrt", outcome="convicted").status_code == 302
    assert process.send(step="restitution", happened_on=process.day(-1).isoformat()).status_code == 302
    page = process.world.client(process.lawyer).get(f"/berkas/{process.filed.reference}/").content.decode()
    for told in ("P21 (berkas lengkap)", "LP/3", "Terbukti bersalah", "UU 23/2004 (KDRT)", "Restitusi"):
        assert told in page


def test_what_is_refused_stays_typed_and_says_what_is_missing(process: Process) -> None:
    sent = process.send(step="p21", happened_on=process.day(-1).isoformat(), note="Kata jaksa: lengkap.")
    page = sent.content.decode()
    assert sent.status_code == 409
    assert "Kata jaksa: lengkap." in page and "Laporan polisi" in page
    assert count(process.world) == 0


def test_a_report_that_became_known_late_is_recorded_late(process: Process) -> None:
    process.record("police_report", -30)
    process.record("p21", -10)
    process.record("investigation", -20)
    with pytest.raises(Refused, match="Periksa kedua tanggalnya"):
        process.record("inquiry", -5)
    with acting(process.lawyer):
        viewer = process.world.viewer(process.lawyer)
        steps = queries.steps_of(viewer, process.filed.dossier.id)
    assert [one.step for one in steps] == ["police_report", "investigation", "p21"]


def test_a_day_ahead_is_refused_on_the_page_and_by_the_rule(process: Process) -> None:
    with pytest.raises(Refused, match="belum terjadi"):
        process.record("police_report", 1)
    assert process.send(step="police_report", happened_on=process.day(1).isoformat()).status_code == 400


def test_a_double_click_records_one_step(process: Process) -> None:
    number = new_id()
    for _click in range(2):
        sent = process.send(
            step="police_report", happened_on=process.day(-1).isoformat(), step_id=str(number)
        )
        assert sent.status_code == 302
    assert count(process.world) == 1
    assert process.world.rows("SELECT id FROM justice_legalstep") == [(number,)]


@pytest.mark.parametrize("broken", ["", "x", "0"])
def test_a_broken_number_of_the_form_is_no_fault_of_who_writes(process: Process, broken: str) -> None:
    sent = process.send(step="police_report", happened_on=process.day(-1).isoformat(), step_id=broken)
    assert sent.status_code == 302
    assert isinstance(process.world.rows("SELECT id FROM justice_legalstep")[0][0], UUID)


def test_a_step_is_never_changed_or_taken_away(process: Process) -> None:
    process.record("police_report", -1)
    for change in (lambda: LegalStep.objects.update(note=None), lambda: LegalStep.objects.all().delete()):
        with pytest.raises(DatabaseError, match="permission denied"), acting(process.lawyer):
            change()


def test_the_database_itself_wants_statute_and_outcome_of_a_verdict(process: Process) -> None:
    process.record("police_report", -1)
    sql = "UPDATE justice_legalstep SET step = 'verdict'"
    with pytest.raises(DatabaseError, match="justice_verdict_is_told"):
        process.world.rows(sql)


def test_a_step_is_recorded_only_in_a_running_case(process: Process) -> None:
    process.world.move(process.filed, Stage.CLOSED)
    assert process.world.client(process.lawyer).get(process.address).status_code == 404
    process.filed.dossier.stage = Stage.CLOSED
    with pytest.raises(Refused, match="sedang berjalan"):
        process.record("police_report", -1)


def test_numbers_and_notes_are_sealed_and_the_ledger_holds_none_of_them(process: Process) -> None:
    process.record("police_report", -1, number="LP/B/123", note="Rahasia.")
    number, note = process.world.rows("SELECT number, note FROM justice_legalstep")[0]
    assert b"LP/B" not in bytes(number) and b"Rahasia" not in bytes(note)
    entries = process.world.rows("SELECT fields_named::text FROM ledger_entry WHERE verb = 'legal_step'")
    assert entries == [("{police_report}",)]


def test_whoever_is_not_of_the_case_finds_nothing(process: Process) -> None:
    process.record("police_report", -1)
    world = process.world
    for role, where in (
        (Role.LAWYER, world.other),
        (Role.PARTNER_OFFICER, world.hospital),
        (Role.INTAKE_OFFICER, world.unit),
        (Role.ADMINISTRATOR, world.unit),
        (Role.DATA_OFFICER, world.unit),
        (Role.PSYCHOLOGIST, world.unit),
    ):
        user = world.person(role, where)
        assert world.client(user).get(process.address).status_code == 404, role
        assert process.send(user, step="police_report", happened_on="2026-01-01").status_code == 404, role
        with acting(user):
            assert not LegalStep.objects.exists(), role
    assert world.client().get(process.address).status_code == 302


def test_a_supervisor_reads_the_process_and_does_not_write_it(process: Process) -> None:
    process.record("police_report", -1, number="LP/B/123")
    supervisor = process.world.person(Role.SUPERVISOR)
    assert process.world.client(supervisor).get(process.address).status_code == 404
    page = process.world.client(supervisor).get(f"/berkas/{process.filed.reference}/").content.decode()
    assert "LP/B/123" in page and f'href="{process.address}"' not in page
    assert f'href="{process.address}balik/"' not in page


def test_a_dossier_without_a_client_says_what_comes_first(process: Process) -> None:
    process.world.rows("UPDATE people_part SET status = 'ended'")
    page = process.world.client(process.lawyer).get(process.address)
    assert page.status_code == 200 and "Belum ada klien" in page.content.decode()
    assert process.send(step="police_report", happened_on=process.day(-1).isoformat()).status_code == 400
