"""The pages of the way home, as people use them and as others try them."""

from typing import Any

import pytest
from django.test import Client

from ruangaman.access.models import User
from ruangaman.access.states import Role, Stage
from ruangaman.cases.states import NeedState, Unmet
from ruangaman.closure import actions
from ruangaman.consent.states import Service
from ruangaman.kernel.ids import new_id
from tests.closure.stories import Story

PAGES = ("siapkan", "pertemuan", "kepulangan", "kunjungan", "selesai", "buka-lagi")


def address(story: Story, page: str) -> str:
    return f"/pulang/{story.filed.reference}/{page}/"


def browser(story: Story, user: User | None = None) -> Client:
    client: Client = story.world.client(user or story.companion)
    return client


def send(story: Story, page: str, user: User | None = None, **told: Any) -> Any:
    return browser(story, user).post(address(story, page), told)


def meeting(story: Story, *people: Any, **told: Any) -> dict[str, Any]:
    return {
        "row_id": str(new_id()),
        "held_on": story.day(-1).isoformat(),
        "known_around": "on",
        "approved": "on",
        "invitees": [str(one) for one in people],
        "agreed": "Tetangga menjaga malam hari.",
        **told,
    }


def test_a_case_goes_home_and_ends_page_by_page(story: Story) -> None:
    story.need(Service.REINTEGRATION)
    story.agree()
    sent = send(story, "siapkan", client=story.client.id, destination="own_family", preparation="Rumah bibi.")
    assert sent.status_code == 302, sent.content.decode()
    assert send(story, "pertemuan", **meeting(story, story.neighbour.id)).status_code == 302
    home = {"client": story.client.id, "returned_on": story.day(-9).isoformat()}
    assert send(story, "kepulangan", **home).status_code == 302
    reunion = {"client": story.client.id, "reunited_on": story.day(-8).isoformat()}
    assert send(story, "kepulangan", **reunion).status_code == 302
    for days in (-7, -1):
        found = {"no_violence": "yes", "no_stigma": "yes", "supported": "no"}
        sent = send(story, "kunjungan", visited_on=story.day(days).isoformat(), **found)
        assert sent.status_code == 302, sent.content.decode()
    assert story.world.rows("SELECT no_violence, supported FROM closure_homevisit") == [(True, False)] * 2
    ended = send(story, "selesai", story.manager, reason="needs_met", word_of="both")
    assert ended.status_code == 302 and ended.url == f"/berkas/{story.filed.reference}/"
    assert story.world.rows("SELECT stage FROM access_dossier") == [("closed",)]
    assert send(story, "buka-lagi", story.manager, reason="new_need").status_code == 302
    assert story.world.rows("SELECT stage FROM access_dossier") == [("case",)]


@pytest.mark.parametrize("page", PAGES)
def test_a_form_that_is_seen_first_is_not_red(story: Story, page: str) -> None:
    response = browser(story, story.manager).get(address(story, page))
    assert response.status_code == 200
    assert "govuk-error" not in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_form_is_refused_with_its_reasons(story: Story, page: str) -> None:
    response = send(story, page, story.manager)
    assert response.status_code == 400
    assert "govuk-error-summary" in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_strangers_find_nothing_on_any_page(story: Story, page: str) -> None:
    world = story.world
    strangers = [
        world.person(Role.COMPANION, tag="of another team"),
        world.person(Role.CASE_MANAGER, world.other),
        world.person(Role.SUPERVISOR, world.other),
        world.person(Role.PARTNER_OFFICER),
        world.person(Role.ADMINISTRATOR),
        world.person(Role.DATA_OFFICER),
        world.person(Role.INTAKE_OFFICER),
    ]
    for user in strangers:
        client = browser(story, user)
        assert client.get(address(story, page)).status_code == 404, user.name
        assert client.post(address(story, page), {}).status_code == 404, user.name
    assert world.client().get(address(story, page)).status_code == 302


@pytest.mark.parametrize("page", ["selesai", "buka-lagi"])
def test_a_companion_neither_ends_nor_reopens_a_case(story: Story, page: str) -> None:
    assert browser(story).get(address(story, page)).status_code == 404
    assert send(story, page, reason="moved", word_of="both").status_code == 404


def test_the_reported_person_is_not_offered_and_not_taken_when_his_number_is_sent(story: Story) -> None:
    """Source: flow.md 9; care.md 16."""
    story.agree()
    page = browser(story).get(address(story, "pertemuan")).content.decode()
    assert str(story.neighbour.id) in page and str(story.aunt.id) in page
    assert str(story.father.id) not in page and str(story.client.id) not in page
    for people in ([story.father.id], [story.neighbour.id, story.father.id], [story.client.id], ["x"]):
        refused = send(story, "pertemuan", **meeting(story, *people))
        assert refused.status_code == 400
        assert "Tetangga menjaga malam hari." in refused.content.decode()
    assert story.world.rows("SELECT count(*) FROM closure_meeting") == [(0,)]


@pytest.mark.parametrize("tick", ["known_around", "approved"])
def test_a_meeting_needs_both_ticks(story: Story, tick: str) -> None:
    """Source: care.md 16."""
    story.agree()
    told = meeting(story, story.neighbour.id)
    del told[tick]
    assert send(story, "pertemuan", **told).status_code == 400
    assert story.world.rows("SELECT count(*) FROM closure_meeting") == [(0,)]


def test_what_is_refused_stays_typed(story: Story) -> None:
    refused = send(
        story, "siapkan", client=story.client.id, destination="own_family", preparation="Rumah nenek."
    )
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Rumah nenek." in page and "Belum ada persetujuan" in page


def test_two_who_prepare_at_once_both_read_both(story: Story) -> None:
    """Source: security.md 19 (nothing is lost silently)."""
    story.agree()
    told = {"client": story.client.id, "destination": "own_family", "seen": ""}
    assert send(story, "siapkan", preparation="Rumah bibi.", **told).status_code == 302
    second = send(story, "siapkan", story.manager, preparation="Rumah nenek.", **told)
    page = second.content.decode()
    assert second.status_code == 409 and "Rumah bibi." in page and "Rumah nenek." in page
    told["seen"] = second.context["form"]["seen"].value()
    assert send(story, "siapkan", story.manager, preparation="Rumah nenek.", **told).status_code == 302
    assert story.world.rows("SELECT count(*) FROM closure_return") == [(1,)]


def test_a_preparation_is_changed_from_what_stands_there(story: Story) -> None:
    story.agree()
    story.do(actions.prepare_return, client=story.client, destination="own_family", preparation="Rumah bibi.")
    form = browser(story).get(address(story, "siapkan")).context["form"]
    assert form["preparation"].value() == "Rumah bibi."
    told = {name: form[name].value() for name in ("client", "seen", "destination")}
    assert send(story, "siapkan", preparation="Rumah bibi, lantai dua.", **told).status_code == 302


@pytest.mark.parametrize("day", ["2999-01-01", "31-02-2026", "0001-01-01", "besok"])
def test_a_day_that_can_not_be_is_told_on_the_page(story: Story, day: str) -> None:
    story.bring_home()
    found = {"no_violence": "yes", "no_stigma": "yes", "supported": "yes"}
    assert send(story, "kunjungan", visited_on=day, **found).status_code == 400
    assert story.world.rows("SELECT count(*) FROM closure_homevisit") == [(0,)]


def test_an_ended_case_takes_no_more_of_the_way_home(story: Story) -> None:
    story.need(Service.LEGAL, NeedState.UNMET, Unmet.DECLINED)
    story.end()
    for page in ("siapkan", "pertemuan", "kepulangan", "kunjungan"):
        assert browser(story, story.manager).get(address(story, page)).status_code == 404
    assert send(story, "selesai", story.manager, reason="moved", word_of="both").status_code == 409


def test_the_ledger_knows_each_step_and_no_word_of_it(story: Story) -> None:
    story.bring_home()
    story.visit(note="Rahasia di catatan.")
    story.end("moved", note="Rahasia di akhir.")
    story.do(actions.reopen_case, reason="new_need", note="Rahasia lagi.")
    rows = story.world.rows("SELECT verb, fields_named::text FROM ledger_entry")
    verbs = {verb for verb, _fields in rows}
    assert verbs >= {"return_prepared", "returned", "home_visited", "case_ended", "reopened", "stage_moved"}
    assert "Rahasia" not in str(rows)
    sealed = "SELECT note FROM closure_homevisit UNION ALL SELECT note FROM closure_ending"
    assert all(b"Rahasia" not in bytes(note) for (note,) in story.world.rows(sealed))


def test_the_page_of_the_case_tells_the_way_home(story: Story) -> None:
    story.bring_home()
    story.agree()
    story.do(
        actions.hold_meeting,
        held_on=story.day(-3),
        invitees=[story.neighbour],
        agreed="Tetangga menjaga malam hari.",
        approved=True,
        known_around=True,
    )
    story.visit(no_violence=False, note="Ayah datang.")
    page = browser(story).get(f"/berkas/{story.filed.reference}/").content.decode()
    for told in (
        "Tetangga menjaga malam hari.",
        "Y. T.",
        "Ayah datang.",
        "Kunjungan terakhir mencatat kekerasan lagi.",
    ):
        assert told in page
    assert address(story, "kunjungan") in page
    assert address(story, "selesai") not in page  # the manager's, not the companion's
    assert (
        address(story, "selesai")
        in browser(story, story.manager).get(f"/berkas/{story.filed.reference}/").content.decode()
    )


def test_an_ended_case_shows_its_end_and_the_way_back(story: Story) -> None:
    story.end("moved", note="Pindah kota.")
    page = browser(story, story.manager).get(f"/berkas/{story.filed.reference}/").content.decode()
    assert "Pindah kota." in page and address(story, "buka-lagi") in page
    assert story.dossier.stage == Stage.CLOSED and address(story, "siapkan") not in page
