"""One's own notices and choices, as a browser shows them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ruangaman.access.states import Role
from ruangaman.kernel.ids import new_id
from ruangaman.notices.states import Kind
from tests.notices.test_telling import wall
from tests.notices.working import told
from tests.worlds import World

PAGE = "/pemberitahuan/"


@pytest.mark.parametrize("role", Role.values)
def test_everybody_has_a_page_of_their_own_and_an_empty_one_says_what_would_fill_it(
    world: World, role: str
) -> None:
    answer = world.client(world.person(role)).get(PAGE)
    assert answer.status_code == 200
    assert "akan muncul di sini" in answer.content.decode()


def test_who_did_not_sign_in_is_asked_to(world: World) -> None:
    for address in (PAGE, f"{PAGE}pilihan/", f"{PAGE}pesan-unit/"):
        assert world.client().get(address)["Location"].startswith("/akun/login/")


def test_a_notice_leads_to_the_file_where_it_is_in_reach_and_tells_no_content(world: World) -> None:
    near, far = world.file(), world.file(place="32.76")
    officer = world.person(Role.INTAKE_OFFICER)
    told([officer], Kind.NEW_REPORT, cause="near", dossier=near.dossier.id)
    told([officer], Kind.GIVEN_FILE, cause="far", dossier=far.dossier.id)
    page = world.client(officer).get(PAGE).content.decode()
    assert f'href="/berkas/{near.reference}/"' in page
    assert far.reference not in page
    assert "Ada laporan baru" in page and "Berkas diserahkan kepada Anda" in page
    assert "Cerita rekaan" not in page


def test_who_is_walled_finds_no_trace(world: World) -> None:
    filed, officer = world.file(), world.person(Role.INTAKE_OFFICER)
    told([officer], Kind.NEW_REPORT, dossier=filed.dossier.id)
    wall(world, filed, officer.id)
    page = world.client(officer).get(PAGE).content.decode()
    assert "Ada laporan baru" not in page
    assert filed.reference not in page
    assert "side__count" not in page


def test_the_menu_counts_what_is_unread_up_to_99(world: World) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    browser = world.client(officer)
    assert "side__count" not in browser.get(PAGE).content.decode()
    told([officer], cause="0")
    assert '<span class="side__count num">1</span>' in browser.get(PAGE).content.decode()
    for number in range(1, 101):
        told([officer], cause=str(number))
    assert '<span class="side__count num">99+</span>' in browser.get(PAGE).content.decode()


def test_a_menu_costs_one_short_question_and_a_list_the_same_for_one_notice_and_for_fifty(
    world: World,
) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    browser = world.client(officer)
    asked = []
    for count in (1, 50):
        for number in range(count):
            told(
                [officer], cause=f"{count}/{number}", dossier=world.file().dossier.id if count == 1 else None
            )
        with CaptureQueriesContext(connection) as seen:
            browser.get(PAGE)
        asked.append(len(seen))
        assert sum("LIMIT 100" in one["sql"] for one in seen) == 1
    assert asked[0] == asked[1]


def test_one_is_marked_read_and_then_all_that_was_shown(world: World) -> None:
    officer, other = world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    for number in range(3):
        told([officer, other], cause=str(number))
    unread = "SELECT count(*) FROM notices_notice WHERE read_at IS NULL AND person_id = %s"
    ((one,),) = world.rows("SELECT id FROM notices_notice WHERE cause = '1' AND person_id = %s", [officer.id])
    browser = world.client(officer)
    browser.post(f"{PAGE}{one}/dibaca/")
    assert world.rows(unread, [officer.id]) == [(2,)]
    until = browser.get(PAGE).context["until"]
    told([officer], cause="while they looked")
    browser.post(f"{PAGE}dibaca/", {"until": until})
    assert world.rows(unread, [officer.id]) == [(1,)]
    assert world.rows(unread, [other.id]) == [(3,)]


def test_nobody_marks_the_notice_of_another(world: World) -> None:
    told([world.person(Role.HEAD)])
    ((one,),) = world.rows("SELECT id FROM notices_notice")
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    for number in (one, new_id()):
        assert browser.post(f"{PAGE}{number}/dibaca/").status_code == 302
    assert world.rows("SELECT read_at FROM notices_notice") == [(None,)]


@pytest.mark.parametrize("until", ["", "kemarin", "2026-02-31T00:00:00+00:00", "2026-01-01T00:00:00", "\x00"])
def test_a_broken_form_marks_nothing(world: World, until: str) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    told([officer])
    assert world.client(officer).post(f"{PAGE}dibaca/", {"until": until}).status_code == 302
    assert world.rows("SELECT read_at FROM notices_notice") == [(None,)]


def test_older_notices_stand_on_the_next_page_and_none_is_lost(world: World) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    for number in range(60):
        told([officer], cause=str(number))
    browser, seen, address = world.client(officer), [], PAGE
    while address:
        answer = browser.get(address)
        seen += [line.id for line, _address in answer.context["lines"]]
        older = answer.context["older_url"]
        address = PAGE + older if older else ""
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize(
    "mark", ["x", "1~x", "nan~x", "inf~01a2028d-3b10-7534-a711-91de781a83aa", "9" * 400, "~"]
)
def test_an_address_that_was_altered_shows_the_newest(world: World, mark: str) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    told([officer])
    answer = world.client(officer).get(PAGE, {"sebelum": mark})
    assert len(answer.context["lines"]) == 1


def test_choices_are_kept_and_what_was_typed_stays_when_one_is_wrong(world: World) -> None:
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    address = f"{PAGE}pilihan/"
    first = browser.get(address).content.decode()
    assert "govuk-error" not in first
    assert "Ada yang menunggu" in first and "jam berapa pun" in first
    fields = {"by_messenger": "on", "messenger_name": "@saya", "quiet_from": "21:30", "quiet_until": "05:00"}
    assert browser.post(address, fields).status_code == 302
    kept = (
        "SELECT by_mail, by_messenger, messenger_name, quiet_from::text, quiet_until::text "
        "FROM notices_preference"
    )
    assert world.rows(kept) == [(False, True, "@saya", "21:30:00", "05:00:00")]
    assert 'value="21:30"' in browser.get(address).content.decode()
    for wrong in (
        {**fields, "quiet_until": ""},
        {**fields, "quiet_until": "21:30"},
        {**fields, "quiet_from": "25:00"},
        {**fields, "messenger_name": ""},
    ):
        answer = browser.post(address, wrong)
        assert answer.status_code == 400
        assert f'value="{wrong["quiet_from"]}"' in answer.content.decode()
    assert world.rows(kept) == [(False, True, "@saya", "21:30:00", "05:00:00")]


def test_one_chooses_for_oneself_only(world: World) -> None:
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    browser.post(f"{PAGE}pilihan/", {"by_mail": "on", "person": str(world.person(Role.HEAD).id)})
    assert world.rows("SELECT person_id FROM notices_preference") == [(world.person(Role.INTAKE_OFFICER).id,)]


def test_only_who_looks_after_an_organisation_has_its_messenger_page(world: World) -> None:
    for role in Role.values:
        answer = world.client(world.person(role)).get(f"{PAGE}pesan-unit/")
        assert answer.status_code == (200 if role in (Role.ADMINISTRATOR, Role.HEAD) else 404), role
