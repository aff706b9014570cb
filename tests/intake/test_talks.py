"""The log of what was said outside the thread; and nothing of it stays on a telephone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils.timezone import localtime

from ruangaman.access.actions import join_team
from ruangaman.access.duties import duties_for
from ruangaman.access.states import Role, Stage
from ruangaman.intake.actions import talks as actions
from ruangaman.intake.models import Talk
from ruangaman.intake.states.ways import Direction, Medium
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from tests.worlds import Filed, World, acting

WORDS = "Tolong jangan telepon, dia ada di rumah."


@pytest.fixture
def filed(world: World) -> Filed:
    return world.file()


def log(world: World, filed: Filed, role: str = Role.INTAKE_OFFICER, **more: Any) -> Any:
    said = localtime(clock.now() - timedelta(hours=1))
    fields = {
        "medium": Medium.MESSENGER, "direction": Direction.IN, "text": WORDS,
        "said_at": f"{said:%Y-%m-%dT%H:%M}", **more,
    }  # fmt: skip
    return world.client(world.person(role)).post(f"/laporan/{filed.reference}/catat/", fields)


def waiting(world: World, role: str = Role.INTAKE_OFFICER) -> list[str]:
    person = world.person(role)
    viewer = world.viewer(person)
    with acting(person):
        return [
            d.reference for d in duties_for(viewer, clock.now()) if str(d.text) == "Hapus pesan dari ponsel"
        ]


def test_a_message_is_logged_sealed_and_shown_in_the_order_it_was_said(world: World, filed: Filed) -> None:
    old = localtime(clock.now() - timedelta(days=1))
    assert log(world, filed).status_code == 302
    log(world, filed, text="Pesan pertama.", said_at=f"{old:%Y-%m-%dT%H:%M}", wiped="on")
    page = world.client(world.person(Role.INTAKE_OFFICER)).get(f"/berkas/{filed.reference}/").content.decode()
    assert page.index("Pesan pertama.") < page.index(WORDS)
    assert "Yang disampaikan di luar situs" in page
    rows = str(world.rows("SELECT t::text FROM intake_talk t"))
    assert WORDS not in rows and WORDS.encode().hex() not in rows
    told = world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'talk_logged'")
    assert told == [(["messenger", "in"],)] * 2


def test_a_message_reminds_its_writer_until_nothing_is_left_on_the_telephone(
    world: World, filed: Filed
) -> None:
    log(world, filed)
    assert waiting(world) == [filed.reference]
    assert not waiting(world, Role.SUPERVISOR)
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    assert filed.reference in officer.get("/catatan/ponsel/").content.decode()
    talk = Talk.objects.using("owner").get()
    page = officer.get(f"/berkas/{filed.reference}/").content.decode()
    assert "masih di ponsel" in page and f"/catatan/{talk.id}/hapus-ponsel/" in page
    answer = officer.post(f"/catatan/{talk.id}/hapus-ponsel/", {"next": f"/berkas/{filed.reference}/"})
    assert answer["Location"] == f"/berkas/{filed.reference}/"
    assert not waiting(world)
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'talk_wiped'") == [(1,)]
    assert WORDS not in officer.get("/catatan/ponsel/").content.decode()


@pytest.mark.parametrize("medium", [Medium.PHONE, Medium.VISIT, Medium.LETTER])
def test_only_messages_lie_on_a_telephone(world: World, filed: Filed, medium: str) -> None:
    assert log(world, filed, medium=medium).status_code == 302
    assert not waiting(world)
    assert log(world, filed, medium=medium, wiped="on").status_code == 400


def test_the_reminder_stays_where_the_file_has_moved_out_of_the_writers_reach(
    world: World, filed: Filed
) -> None:
    log(world, filed)
    world.move(filed, Stage.CASE)
    officer = world.person(Role.INTAKE_OFFICER)
    with acting(officer):
        assert not Talk.objects.exists()
    assert waiting(world) == [filed.reference]
    talk = Talk.objects.using("owner").get()
    world.client(officer).post(f"/catatan/{talk.id}/hapus-ponsel/")
    assert Talk.objects.using("owner").get().wiped_at is not None
    assert not waiting(world)


def test_nobody_states_it_for_somebody_else_or_twice(world: World, filed: Filed) -> None:
    log(world, filed)
    talk = Talk.objects.using("owner").get()
    supervisor = world.person(Role.SUPERVISOR)
    viewer = world.viewer(supervisor)
    with acting(supervisor), pytest.raises(Refused):
        actions.state_wiped(viewer=viewer, talk_id=talk.id, at=clock.now())
    officer = world.person(Role.INTAKE_OFFICER)
    mine = world.viewer(officer)
    with acting(officer):
        actions.state_wiped(viewer=mine, talk_id=talk.id, at=clock.now())
    with acting(officer), pytest.raises(Refused):
        actions.state_wiped(viewer=mine, talk_id=talk.id, at=clock.now())


def test_an_entry_is_only_added(world: World, filed: Filed) -> None:
    log(world, filed)
    officer = world.person(Role.INTAKE_OFFICER)
    for change in ({"wiped_at": clock.now()}, {"text": b"x"}, {"medium": Medium.PHONE}):
        with pytest.raises(DatabaseError), acting(officer):
            Talk.objects.update(**change)
    with pytest.raises(DatabaseError), acting(officer):
        Talk.objects.all().delete()


def test_nobody_writes_in_somebody_elses_name(world: World, filed: Filed) -> None:
    log(world, filed)
    row = Talk.objects.using("owner").values().get()
    row |= {"id": new_id(), "written_by_id": world.person(Role.SUPERVISOR).id}
    with pytest.raises(DatabaseError), acting(world.person(Role.INTAKE_OFFICER)):
        Talk.objects.create(**row)


@pytest.mark.parametrize("role", [Role.HEAD, Role.DATA_OFFICER, Role.PARTNER_OFFICER, Role.ADMINISTRATOR])
def test_who_may_not_write_the_narrative_logs_nothing(world: World, filed: Filed, role: str) -> None:
    assert log(world, filed, role).status_code == 404
    assert not Talk.objects.using("owner").exists()


def test_a_companion_on_the_team_logs_what_she_was_told(world: World, filed: Filed) -> None:
    companion, supervisor = world.person(Role.COMPANION), world.person(Role.SUPERVISOR)
    assert log(world, filed, Role.COMPANION).status_code == 404
    with acting(supervisor):
        join_team(
            dossier=filed.dossier, person=companion.id, role=Role.COMPANION,
            until=clock.now() + timedelta(days=1), by=supervisor.id, at=clock.now(),
        )  # fmt: skip
    assert log(world, filed, Role.COMPANION, medium=Medium.VISIT).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [{"text": " "}, {"text": ""}, {"said_at": ""}, {"medium": "fax"}, {"said_at": "2999-01-01T00:00"}],
)
def test_what_is_wrong_is_told_with_everything_typed_kept(
    world: World, filed: Filed, wrong: dict[str, str]
) -> None:
    page = log(world, filed, **wrong)
    assert page.status_code == 400
    assert "text" in wrong or WORDS in page.content.decode()
    assert not Talk.objects.using("owner").exists()


def test_a_double_click_logs_once_and_another_text_is_not_lost(world: World, filed: Filed) -> None:
    again = str(new_id())
    log(world, filed, talk_id=again)
    log(world, filed, talk_id=again)
    assert Talk.objects.using("owner").count() == 1
    log(world, filed, talk_id=again, text="Kalimat lain.")
    assert Talk.objects.using("owner").count() == 2


def test_after_it_the_screenshot_is_attached(world: World, filed: Filed) -> None:
    answer = log(world, filed, attach="on")
    assert answer["Location"] == f"/dokumen/{filed.reference}/lampirkan/?jenis=screenshot"
    page = world.client(world.person(Role.INTAKE_OFFICER)).get(answer["Location"])
    assert page.status_code == 200
    assert '<option value="screenshot" selected>' in page.content.decode()
