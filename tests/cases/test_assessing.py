"""The assessment: what two people write at once is never lost, and the child is seen alone."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connections

from ruangaman.access.states import Role, Section
from ruangaman.cases import actions, queries
from ruangaman.cases.policies import Conflict
from ruangaman.kernel import clock
from ruangaman.people.models import Person
from tests.cases.cases import HOPES, STORY, Way, way
from tests.worlds import World, acting

MINE, HERS = "Yang saya dengar di sekolah.", "Yang saya dengar di rumah tetangga."


def stored(made: Way) -> tuple[str, str, int]:
    from ruangaman.access.queries import key_of

    with acting(made.supervisor):
        found = queries.assessment_of(made.dossier.id, key_of(made.dossier.id, Section.NARRATIVE))
    assert found
    return found.chronology, found.hopes, found.row.version


def test_an_assessment_stands_sealed_and_opens_for_who_may_read_it(world: World) -> None:
    made = way(world)
    made.assess()
    assert stored(made) == (STORY, HOPES, 1)
    sealed = b"".join(
        bytes(v) for row in world.rows("SELECT chronology, hopes FROM cases_assessment") for v in row
    )
    assert STORY.encode() not in sealed and HOPES.encode() not in sealed
    told = str(world.rows("SELECT * FROM ledger_entry"))
    assert STORY not in told and "assessed" in told


def test_what_two_officers_save_at_once_stands_on_one_page_and_nothing_is_overwritten(world: World) -> None:
    made = way(world)
    made.assess()
    hers, mine = world.client(made.companion), world.client(made.supervisor)
    seen = {name: browser.get(made.page("asesmen")) for name, browser in (("hers", hers), ("mine", mine))}
    assert all(b'name="version" value="1"' in page.content for page in seen.values())
    first = hers.post(
        made.page("asesmen"), {"version": "1", "chronology": HERS, "hopes": "", "seen_alone": "on"}
    )
    assert first.status_code == 302
    second = mine.post(made.page("asesmen"), {"version": "1", "chronology": MINE, "hopes": "Pulang."})
    assert second.status_code == 409
    page = second.content.decode()
    assert HERS in page and MINE in page and "Pulang." in page
    assert 'name="version" value="2"' in page
    assert stored(made)[0] == HERS
    merged = mine.post(made.page("asesmen"), {"version": "2", "chronology": f"{HERS} {MINE}", "hopes": ""})
    assert merged.status_code == 302
    assert stored(made) == (f"{HERS} {MINE}", "", 3)


def test_a_first_assessment_that_came_second_is_a_conflict_too(world: World) -> None:
    made = way(world)
    made.assess(story=HERS)
    with pytest.raises(Conflict) as theirs:
        made.assess(by=made.supervisor, story=MINE)
    assert (theirs.value.chronology, theirs.value.version) == (HERS, 1)


def test_two_first_assessments_at_the_same_moment_leave_one_and_tell_the_other(world: World) -> None:
    made = way(world)
    made.note("low", "Agar kunci lain tidak ikut berlomba.")
    with acting(made.supervisor):
        from ruangaman.access.actions import key_for

        key_for(dossier=made.dossier, section=Section.NARRATIVE)
    together, told = Barrier(2), []

    def write(person: object, story: str) -> None:
        try:
            together.wait()
            made.assess(by=person, story=story)  # type: ignore[arg-type]
            told.append("saved")
        except Conflict as theirs:
            told.append(theirs.chronology)
        finally:
            connections.close_all()

    threads = [
        Thread(target=write, args=(made.companion, HERS)),
        Thread(target=write, args=(made.supervisor, MINE)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = stored(made)[0]
    assert sorted(told) == sorted(["saved", kept])


def test_the_same_form_sent_twice_is_no_conflict(world: World) -> None:
    made = way(world)
    made.assess()
    made.assess()
    assert stored(made)[2] == 1


def test_without_a_client_the_page_leads_to_recording_one_and_keeps_what_was_typed(world: World) -> None:
    made = way(world)
    world.rows("UPDATE people_part SET status = 'ended'")
    browser = world.client(made.companion)
    assert f"/orang/{made.reference}/tambah/" in browser.get(made.page("asesmen")).content.decode()
    answered = browser.post(made.page("asesmen"), {"chronology": MINE, "hopes": ""})
    assert answered.status_code == 409
    assert MINE in answered.content.decode()


def test_an_empty_chronology_is_told_and_the_hopes_stay(world: World) -> None:
    made = way(world)
    answered = world.client(made.companion).post(
        made.page("asesmen"), {"chronology": "", "hopes": "Sekolah lagi."}
    )
    assert answered.status_code == 400
    assert "Tulis kronologinya" in answered.content.decode()
    assert "Sekolah lagi." in answered.content.decode()


def test_the_page_says_that_a_child_is_seen_alone_in_part_care_11(world: World) -> None:
    made = way(world)
    browser = world.client(made.companion)
    assert "tanpa wali" not in browser.get(made.page("asesmen")).content.decode().split("<form")[0]
    Person.objects.using("owner").filter(id=made.client.id).update(age_band="13-17")
    assert "hanya berdua dengannya, tanpa wali" in browser.get(made.page("asesmen")).content.decode()


def test_opening_the_form_with_the_story_in_it_is_recorded(world: World) -> None:
    made = way(world)
    made.assess()
    before = world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'opened'")[0][0]
    world.client(made.companion).get(made.page("asesmen"))
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'opened'")[0][0] == before + 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"happened_on": "2099-01-01"}, "belum terjadi"),
        ({"happened_on": "1989-12-31"}, "sesudah kejadian"),
        ({"happened_on": "31-02-2024"}, "tanggal yang ada"),
        ({"forms": []}, "paling sedikit satu bentuk"),
        ({"forms": ["dibuat-buat"]}, "tidak ada di daftar"),
        ({"place_code": "99.99"}, "tidak ada di daftar"),
        ({"client": "00000000-0000-0000-0000-000000000000"}, "tidak ada di daftar"),
    ],
)
def test_an_impossible_incident_is_refused_and_what_was_typed_stays(
    world: World, changed: dict[str, object], said: str
) -> None:
    made = way(world)
    sent = {
        "client": str(made.client.id),
        "happened_on": "2024-03-02",
        "forms": ["physical"],
        "online": "sextortion",
    }
    answered = world.client(made.companion).post(made.page("kejadian"), sent | changed)
    assert answered.status_code in (400, 409)
    page = answered.content.decode()
    assert said in page
    assert 'value="sextortion" selected' in page
    assert world.rows("SELECT count(*) FROM cases_incident") == [(0,)]


def test_a_second_coding_replaces_the_first_and_keeps_it(world: World) -> None:
    made = way(world)
    browser = world.client(made.companion)
    sent = {
        "client": str(made.client.id),
        "happened_on": "2024-03-02",
        "setting": "home",
        "place_code": "31.73.01",
    }
    assert browser.post(made.page("kejadian"), sent | {"forms": ["physical"]}).status_code == 302
    shown = browser.get(made.page("kejadian")).content.decode()
    assert 'value="2024-03-02"' in shown and 'value="home" selected' in shown
    assert browser.post(made.page("kejadian"), sent | {"forms": ["physical", "sexual"]}).status_code == 302
    with acting(made.companion):
        coded = queries.incidents_of(world.viewer(made.companion), made.dossier.id)
    assert [one.forms for one in coded] == [("physical", "sexual")]
    assert coded[0].row.place_id == "31.73.01"
    assert world.rows("SELECT count(*) FROM cases_incident") == [(2,)]
    assert world.rows(
        "SELECT count(*) FROM cases_violence v JOIN cases_incident i ON i.id = v.incident_id "
        "WHERE i.replaced_at IS NULL"
    ) == [(2,)]


def test_who_is_born_after_the_incident_is_refused_also_when_she_is_recorded_later(world: World) -> None:
    from ruangaman.people.queries import happened_on

    made = way(world)
    viewer = world.viewer(made.companion)
    with acting(made.companion):
        actions.code_incident(
            viewer=viewer, dossier=made.dossier, client=made.client, happened_on=date(2001, 2, 3), setting="",
            place_code="", online="", forms={"physical"}, at=clock.now(),
        )  # fmt: skip
        assert happened_on(viewer, made.dossier.id) == date(2001, 2, 3)


def test_a_safety_note_sent_twice_is_one_and_the_newest_stands_on_top(world: World) -> None:
    made = way(world)
    browser = world.client(made.companion)
    page = browser.get(made.page("keamanan")).content.decode()
    row_id = page.split('name="row_id" value="')[1].split('"')[0]
    for _twice in range(2):
        sent = {"row_id": row_id, "level": "high", "text": "Hanya lewat gurunya."}
        assert browser.post(made.page("keamanan"), sent).status_code == 302
    assert world.rows("SELECT count(*) FROM cases_safetynote") == [(1,)]
    made.note("low", "Ia sudah pindah.")
    dossier = browser.get(f"/berkas/{made.reference}/").content.decode()
    assert "Ia sudah pindah." in dossier and "Hanya lewat gurunya." not in dossier


def test_a_lawyer_outside_the_team_and_a_companion_of_another_file_reach_no_page(world: World) -> None:
    made, other = way(world), way(world, team=False)
    stranger = world.person(Role.COMPANION, tag="_lain")
    with acting(made.supervisor):
        actions.assign(
            viewer=world.viewer(made.supervisor), dossier=other.dossier, person=stranger.id, role=Role.COMPANION,
            at=clock.now(),
        )  # fmt: skip
    for person in (stranger, world.person(Role.LAWYER), world.person(Role.HEAD, world.other)):
        browser = world.client(person)
        for page in (
            "asesmen",
            "keamanan",
            "kejadian",
            "kebutuhan",
            "tim",
            "ambil",
            "rencana",
            "rencana/tidak",
        ):
            assert browser.get(made.page(page)).status_code == 404, (person.email, page)
    assert world.client(stranger).get(other.page("asesmen")).status_code == 200
