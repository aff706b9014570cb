"""Who may be known already, while names are typed: two identifiers, one trace a question, never an oracle.

Source: care.md 18.
"""

from typing import Any
from uuid import UUID

import pytest

from ruangaman.access.models import User
from ruangaman.intake.actions import calls
from ruangaman.intake.models import CallDraft, Talk
from ruangaman.intake.policies.calls import MOST_QUESTIONS
from ruangaman.intake.queries.calls import Alike, digits
from ruangaman.kernel.errors import Refused
from ruangaman.people.models import Probe
from ruangaman.people.policies.likenesses import Wanted
from ruangaman.people.states import PersonRole
from tests.intake.calling import STORY, begun, officer, sent
from tests.people.looking import BORN, NAME, recorded, wall
from tests.worlds import World, acting

VILLAGE = "31.73.01.1001"


def suggested(
    world: World, draft: UUID, wanted: Wanted, phone: str = "", user: User | None = None
) -> list[Alike]:
    user = user or officer(world)
    viewer = world.viewer(user)
    with acting(user):
        return calls.look_while_typing(
            viewer=viewer, draft_id=draft, wanted=wanted, phone=phone, at=world.now
        )


def entries(world: World) -> int:
    return int(world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'looked_up'")[0][0])


def test_a_client_is_suggested_by_name_and_year_with_initials_and_why_and_no_name(world: World) -> None:
    filed, person = recorded(world, born_on=BORN)

    (one,) = suggested(world, begun(world), Wanted(NAME, 1991))

    assert (one.dossier.id, one.person_id, one.initials) == (filed.dossier.id, person.id, "S. R. A.")
    assert one.why == ("name_same", "year_same")


def test_who_reported_before_is_suggested_by_name_and_place(world: World) -> None:
    filed = world.file(name=NAME, place="31.73.01")

    (one,) = suggested(world, begun(world), Wanted(NAME, area=VILLAGE))

    assert one.dossier.id == filed.dossier.id and "same_place" in one.why
    assert suggested(world, begun(world), Wanted(NAME, area="31.74.01")) == []


def test_the_same_number_is_a_second_identifier_that_agrees(world: World) -> None:
    filed = world.file(name=NAME, place="31.74.01", means="call", phone="+62 812-0000-1111")
    draft = begun(world)

    assert suggested(world, draft, Wanted(NAME, area=VILLAGE)) == []
    (one,) = suggested(world, draft, Wanted(NAME, area=VILLAGE), "0812 0000 1111")
    assert one.dossier.id == filed.dossier.id and "same_phone" in one.why


@pytest.mark.parametrize(
    "wanted", [Wanted(NAME), Wanted("", 1991), Wanted("", 1991, VILLAGE), Wanted("S", 1991)]
)
def test_a_single_identifier_shows_nothing_and_asks_nothing(world: World, wanted: Wanted) -> None:
    recorded(world, born_on=BORN)

    assert suggested(world, begun(world), wanted, "0812 0000 1111") == []
    assert entries(world) == 0 and Probe.objects.using("owner").count() == 0


def test_a_namesake_with_another_year_is_not_shown(world: World) -> None:
    recorded(world, born_on=BORN)

    assert suggested(world, begun(world), Wanted(NAME, 1960)) == []


def test_a_reported_person_is_never_suggested(world: World) -> None:
    recorded(world, PersonRole.REPORTED, born_on=BORN)

    assert suggested(world, begun(world), Wanted(NAME, 1991)) == []


def test_a_file_behind_a_wall_or_of_another_unit_is_not_suggested(world: World) -> None:
    filed, _person = recorded(world, born_on=BORN)
    recorded(world, born_on=BORN, place="32.76")
    wall(world, filed, officer(world))

    assert suggested(world, begun(world), Wanted(NAME, 1991)) == []


def test_a_case_that_an_officer_may_not_open_is_not_suggested(world: World) -> None:
    filed, _person = recorded(world, born_on=BORN)
    world.move(filed, "case")

    assert suggested(world, begun(world), Wanted(NAME, 1991)) == []


def test_each_question_leaves_one_entry_and_the_whole_call_one_look_up(world: World) -> None:
    recorded(world, born_on=BORN)
    draft = begun(world)

    for _key in range(5):
        suggested(world, draft, Wanted(NAME, 1991))
    suggested(world, draft, Wanted(NAME.upper(), 1991))
    suggested(world, draft, Wanted(NAME, 1992))

    assert entries(world) == 2
    probe = Probe.objects.using("owner").get()
    assert (probe.asked_by_id, probe.settled_at) == (officer(world).id, None)


def test_the_trace_is_the_same_whether_somebody_is_known_or_not(world: World) -> None:
    """Neither the entries nor the number of questions to the database tell of what is hidden."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    hidden, _person = recorded(world, born_on=BORN)
    world.move(hidden, "case")
    user, asked = officer(world), []
    viewer = world.viewer(user)
    for name in (NAME, "Tak Seorang Pun Rekaan"):
        draft = begun(world)
        with acting(user), CaptureQueriesContext(connection) as made:
            calls.look_while_typing(
                viewer=viewer, draft_id=draft, wanted=Wanted(name, 1991), phone="", at=world.now
            )
        asked.append([one["sql"].split(" ")[0] for one in made.captured_queries])

    assert asked[0] == asked[1]
    assert entries(world) == 2 and Probe.objects.using("owner").count() == 2


def test_the_draft_remembers_no_name_in_clear_and_what_was_typed_stays_as_it_was(world: World) -> None:
    draft = begun(world)
    before = CallDraft.objects.using("owner").get().saved_at
    suggested(world, draft, Wanted(NAME, 1991))

    after = CallDraft.objects.using("owner").get()
    assert after.saved_at == before and NAME.encode() not in bytes(after.answers)


def test_ever_more_names_in_one_call_are_refused(world: World) -> None:
    draft = begun(world)
    for year in range(MOST_QUESTIONS):
        suggested(world, draft, Wanted(NAME, 1950 + year))

    with pytest.raises(Refused, match="Sudah banyak nama"):
        suggested(world, draft, Wanted(NAME, 1900))
    assert suggested(world, draft, Wanted(NAME, 1950)) == [], "what was asked before may be asked again"


def test_another_unit_is_only_named_and_only_when_asked(world: World) -> None:
    recorded(world, born_on=BORN, place="32.76")
    draft, user = begun(world), officer(world)
    viewer = world.viewer(user)
    assert suggested(world, draft, Wanted(NAME, 1991)) == []

    with acting(user):
        answer = calls.ask_other_units(viewer=viewer, draft_id=draft, wanted=Wanted(NAME, 1991), at=world.now)

    assert answer.found == [] and [one.name for one in answer.elsewhere] == ["Unit Lain"]
    assert Probe.objects.using("owner").count() == 2


def test_a_report_that_comes_of_it_settles_the_look_ups_of_the_call(world: World) -> None:
    draft = begun(world)
    suggested(world, draft, Wanted(NAME, 1991))

    sent(world, draft, name=NAME)

    assert Probe.objects.using("owner").get().dossier_id == draft


def test_a_call_that_is_thrown_away_leaves_its_look_up_open(world: World) -> None:
    """The alarm of an unsettled look-up is `people.firing`'s."""
    draft, user = begun(world), officer(world)
    suggested(world, draft, Wanted(NAME, 1991))
    viewer = world.viewer(user)
    with acting(user):
        calls.discard_call(viewer=viewer, draft_id=draft, why="test", at=world.now)

    assert Probe.objects.using("owner").get().settled_at is None


def test_what_was_told_goes_into_the_file_that_is_there_and_no_second_report_is_made(world: World) -> None:
    filed, _person = recorded(world, born_on=BORN)
    draft, client = begun(world), world.client(officer(world))
    seen = client.get(f"/telepon/{draft}/").context["seen"]
    fields = {"seen": seen, "name": NAME, "born_year": "1991", "story": STORY}
    fragment = client.post(f"/telepon/{draft}/mirip/", fields).content.decode()
    assert filed.reference in fragment and NAME not in fragment

    answer = client.post(f"/telepon/{draft}/", {**fields, "log_in": filed.reference})

    assert answer["Location"] == f"/berkas/{filed.reference}/"
    assert Talk.objects.using("owner").get().dossier_id == filed.dossier.id
    assert CallDraft.objects.using("owner").count() == 0
    assert Probe.objects.using("owner").get().dossier_id == filed.dossier.id
    assert STORY in client.get(f"/berkas/{filed.reference}/").content.decode()


def test_nothing_goes_into_a_file_out_of_reach(world: World) -> None:
    filed, _person = recorded(world, place="32.76")
    draft, client = begun(world), world.client(officer(world))
    seen = client.get(f"/telepon/{draft}/").context["seen"]

    answer = client.post(f"/telepon/{draft}/", {"seen": seen, "story": STORY, "log_in": filed.reference})

    assert answer.status_code == 409 and STORY in answer.content.decode()
    assert Talk.objects.using("owner").count() == 0 and CallDraft.objects.using("owner").count() == 1


@pytest.mark.parametrize(
    "typed", [{"born_year": "19"}, {"born_year": "²"}, {"place": "x"}, {"born_year": "9" * 400}]
)
def test_what_is_half_typed_asks_nothing_and_breaks_nothing(world: World, typed: dict[str, Any]) -> None:
    draft, client = begun(world), world.client(officer(world))

    answer = client.post(f"/telepon/{draft}/mirip/", {"name": NAME, **typed})

    assert answer.status_code == 200 and "satu hal lagi" in answer.content.decode()
    assert entries(world) == 0


def test_without_script_the_button_shows_the_same(world: World) -> None:
    filed, _person = recorded(world, born_on=BORN)
    draft, client = begun(world), world.client(officer(world))
    seen = client.get(f"/telepon/{draft}/").context["seen"]
    fields = {"seen": seen, "name": NAME, "born_year": "1991"}

    shown = client.post(f"/telepon/{draft}/", {**fields, "go": "alike"}).content.decode()

    assert filed.reference in shown and "Tanya unit lain" in shown


@pytest.mark.parametrize("told", ["0812-0000-1111", "+62 812 0000 1111", "62812.0000.1111"])
def test_a_number_is_the_same_however_it_is_written(told: str) -> None:
    assert digits(told) == "6281200001111"
