"""The page of a dossier: where things stand on it, and what it does not say."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from ruangaman.access import doors, panels
from ruangaman.access.panels import Event, Look, Milestone, Panel
from ruangaman.access.states import Role, Stage
from tests.worlds import World


def page_of(world: World, filed: Any, role: str = Role.INTAKE_OFFICER) -> str:
    answer = world.client(world.person(role)).get(f"/berkas/{filed.reference}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_address_that_other_rooms_lead_to_is_the_one_that_is_served(world: World) -> None:
    filed = world.file()
    assert doors.page_of(filed.dossier) == reverse("desk:dossier", args=[filed.reference])


def test_the_name_is_sealed_and_one_button_opens_it(world: World) -> None:
    page = page_of(world, world.file(name="Dewi Rekaan", means="none"))
    assert "Dewi" not in page
    assert 'class="seal"' in page
    assert page.count("Buka identitas</button>") == 1


def test_events_of_all_rooms_stand_in_one_timeline_newest_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(day: int, text: str) -> Any:
        event = Event(datetime(2026, 11, day, 5, tzinfo=UTC), text, "di kantor", whole_day=True)
        return lambda look: Panel("", "", events=[event], reached=[Milestone.ASSESSMENT])

    makers = [(1, told(20, "Yang tengah")), (2, told(21, "Yang baru")), (3, told(19, "Yang lama"))]
    monkeypatch.setattr(panels, "_makers", makers)
    page = page_of(world, world.file())
    assert page.index("Yang baru") < page.index("Yang tengah") < page.index("Yang lama")
    assert "21 Nov 2026</time> · di kantor" in page
    assert 'aria-current="step">Asesmen' in page


def test_a_long_timeline_is_folded_and_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(look: Look) -> Panel:
        days = range(1, 29)
        return Panel("", "", events=[Event(datetime(2026, 2, d, tzinfo=UTC), f"Hari ke-{d}.") for d in days])

    monkeypatch.setattr(panels, "_makers", [(1, told)])
    page = page_of(world, world.file())
    assert all(f"Hari ke-{day}." in page for day in range(1, 29))
    assert page.index("Hari ke-17.") < page.index("Yang lebih lama") < page.index("Hari ke-16.")


def test_what_is_withheld_is_said_and_not_shown(world: World) -> None:
    page = page_of(world, world.file(name="Dewi Rekaan", means="none"), Role.DATA_OFFICER)
    assert "Ada bagian yang tidak ditampilkan untuk Anda:" in page
    assert "Cerita kejadian" in page
    assert "Cerita rekaan untuk uji." not in page
    assert "seal" not in page


def test_the_journal_stands_on_the_page_of_who_may_read_it_alone(world: World) -> None:
    filed = world.file()
    assert "laporan diterima" in page_of(world, filed, Role.DATA_OFFICER)
    assert "Jejak akses</h2>" not in page_of(world, filed, Role.INTAKE_OFFICER)


def test_of_a_report_the_decision_and_what_was_told_come_first_of_a_case_the_work(world: World) -> None:
    filed = world.file(name="Dewi Rekaan", means="none")
    client = world.client(world.person(Role.SUPERVISOR))
    for stage, first, then in (
        (Stage.INTAKE, "Triase", "Kebutuhan, persetujuan, layanan"),
        (Stage.CASE, "Kebutuhan, persetujuan, layanan", "Triase"),
    ):
        world.move(filed, stage)
        page = client.get(f"/berkas/{filed.reference}/").content.decode()
        work = page[page.index('class="file__work"') :]
        assert work.index(f">{first}</h2>") < work.index(f">{then}</h2>"), stage
