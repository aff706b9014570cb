"""A case by its pages alone, as people walk through it; and what a page says when it says no."""

import pytest
from django.test import Client
from django.utils import timezone

from ruangaman.access.states import Role, Stage
from ruangaman.cases.models import Need
from ruangaman.consent.states import Service
from ruangaman.ledger.states import Verb
from tests.cases.cases import case, way
from tests.worlds import World, acting


def row_id(browser: Client, page: str) -> str:
    return browser.get(page).content.decode().split('name="row_id" value="')[1].split('"')[0]


def test_a_report_becomes_a_planned_case_by_its_pages(world: World) -> None:
    made = way(world, team=False)
    supervisor, companion, manager = (
        world.client(p) for p in (made.supervisor, made.companion, made.manager)
    )
    assert companion.get(made.page("asesmen")).status_code == 404
    for role, person in (("companion", made.companion), ("case_manager", made.manager)):
        assert supervisor.post(made.page("tim"), {"colleague": f"{role}~{person.id}"}).status_code == 302
    sent = {"chronology": "Rekaan.", "hopes": "Aman.", "seen_alone": "on"}
    assert companion.post(made.page("asesmen"), sent).status_code == 302
    note = {"row_id": row_id(companion, made.page("keamanan")), "level": "high", "text": "Jangan menelepon."}
    assert companion.post(made.page("keamanan"), note).status_code == 302
    coding = {
        "client": str(made.client.id),
        "happened_on": "2024-05-06",
        "forms": ["physical", "psychological"],
    }
    assert companion.post(made.page("kejadian"), coding).status_code == 302
    needed = {"client": str(made.client.id), "services": ["medical", "legal"]}
    assert companion.post(made.page("kebutuhan"), needed).status_code == 302
    assert "Sudah dicatat" in companion.get(made.page("kebutuhan")).content.decode()
    assert "Ambil kasus" in manager.get(f"/berkas/{made.reference}/").content.decode()
    assert manager.get(made.page("ambil")).status_code == 200
    assert manager.post(made.page("ambil")).status_code == 302
    made.dossier.stage = Stage.CASE
    made.consent(Service.MEDICAL)
    need = Need.objects.using("owner").get(service="medical")
    planned = {
        "row_id": row_id(manager, made.page("rencana")),
        "what": f"{need.id}~",
        "provider": str(made.companion.id),
        "sessions": "2",
        "starts_on": timezone.localdate().isoformat(),
        "aim": "Diperiksa tanpa ditanya ulang.",
    }
    answered = manager.post(made.page("rencana"), planned)
    assert answered.status_code == 302, answered.content.decode()
    page = manager.get(f"/berkas/{made.reference}/").content.decode()
    for told in ("Jangan menelepon.", "bahaya: Tinggi", "Fisik, Psikis", "memegang kasus ini", "Rekaan."):
        assert told in page
    verbs = {row[0] for row in world.rows("SELECT DISTINCT verb FROM ledger_entry")}
    assert verbs >= {
        Verb.TEAM_JOINED, Verb.ASSESSED, Verb.SAFETY_NOTED, Verb.INCIDENT_CODED, Verb.NEED_RECORDED,
        Verb.CASE_TAKEN, Verb.STAGE_MOVED, Verb.PLANNED,
    }  # fmt: skip
    told = str(world.rows("SELECT fields_named, objects_named FROM ledger_entry"))
    assert not [value for value in ("high", "physical", "Rekaan", "Jangan") if value in told]


def test_somebody_who_is_taken_off_the_team_sees_nothing_at_the_next_click(world: World) -> None:
    made = way(world)
    supervisor, companion = world.client(made.supervisor), world.client(made.companion)
    assert companion.get(made.page("asesmen")).status_code == 200
    assert made.companion.name in supervisor.get(made.page("tim")).content.decode()
    assert supervisor.post(made.page("tim"), {"remove": str(made.companion.id)}).status_code == 302
    assert companion.get(made.page("asesmen")).status_code == 404
    assert made.companion.name + "</strong>" not in supervisor.get(made.page("tim")).content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"colleague": ""}, {"colleague": "head~x"}, {"remove": "x"}, {"remove": ""}]
)
def test_nobody_joins_or_leaves_by_a_broken_form(world: World, sent: dict[str, str]) -> None:
    made = way(world)
    before = world.rows("SELECT * FROM access_grant ORDER BY id")
    answered = world.client(made.supervisor).post(made.page("tim"), sent)
    assert answered.status_code == (302 if "remove" in sent else 400)
    assert world.rows("SELECT * FROM access_grant ORDER BY id") == before


def test_a_companion_can_neither_change_the_team_nor_take_the_case(world: World) -> None:
    made = way(world)
    made.assess()
    browser = world.client(made.companion)
    for page in ("tim", "ambil"):
        assert browser.get(made.page(page)).status_code == 404
        assert (
            browser.post(made.page(page), {"colleague": f"companion~{made.companion.id}"}).status_code == 404
        )
    page = browser.get(f"/berkas/{made.reference}/").content.decode()
    assert "Atur tim" not in page and "Ambil kasus</a>" not in page


def test_taking_too_early_says_what_is_missing(world: World) -> None:
    made = way(world)
    answered = world.client(made.manager).post(made.page("ambil"))
    assert answered.status_code == 409
    assert "Belum ada asesmen. Catat asesmen dulu" in answered.content.decode()


def test_the_intake_officer_reads_nothing_of_a_case_once_it_is_taken(world: World) -> None:
    made = way(world)
    made.assess(by=world.person(Role.INTAKE_OFFICER))
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    assert officer.get(made.page("asesmen")).status_code == 200
    made.take()
    assert officer.get(made.page("asesmen")).status_code == 404
    with acting(world.person(Role.INTAKE_OFFICER)):
        for table in ("assessment", "safetynote", "incident", "need", "planitem"):
            assert world.rows(f"SELECT count(*) FROM cases_{table}", using="default") == [(0,)]
        assert world.rows("SELECT count(*) FROM cases_case", using="default") == [(1,)]


def test_nothing_is_written_into_a_file_that_was_erased(world: World) -> None:
    made = case(world)
    world.rows("UPDATE access_datakey SET wrapped = NULL, destroyed_at = now()")
    world.rows("UPDATE access_dossier SET erased_at = now()")
    browser = world.client(made.manager)
    needed = {"client": str(made.client.id), "services": ["legal"]}
    answered = browser.post(made.page("kebutuhan"), needed)
    assert answered.status_code == 409
    assert "sudah dihapus" in answered.content.decode()
    note = {"level": "high", "text": "Jangan menelepon."}
    answered = browser.post(made.page("keamanan"), note)
    assert answered.status_code == 409
    assert "Jangan menelepon." in answered.content.decode()


def test_what_was_typed_survives_the_end_of_a_session(world: World) -> None:
    made = way(world)
    gone = Client()
    typed = {"chronology": "Panjang sekali, jangan hilang.", "hopes": ""}
    assert gone.post(made.page("asesmen"), typed).status_code == 302
    kept = gone.session["kept_form"]
    browser = world.client(made.companion)
    session = browser.session
    session["kept_form"] = kept
    session.save()
    assert "Panjang sekali, jangan hilang." in browser.get(made.page("asesmen")).content.decode()
