"""What is told of a person: needs, how to be met, background; sealed, newest first, and never required."""

from threading import Barrier, Thread

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.access.models import User
from ruangaman.access.states import Role, Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.ids import new_id
from ruangaman.people.actions import profiles as actions
from ruangaman.people.policies import profiles
from ruangaman.people.policies.profiles import Background, Courtesy, Overtaken, Support
from ruangaman.people.queries.profiles import newest_profile, profiles_of
from ruangaman.people.states import (
    Accommodation,
    Disability,
    Language,
    PersonRole,
    Religion,
)
from tests.people.people import added, case, put_on_team
from tests.people.profiles import HOME, PAPERS, RERE, adult, in_clear, page_for, sent, tell
from tests.worlds import World, acting

WORDS = st.text(max_size=profiles.LONGEST_WORD)


@given(
    st.builds(
        Support,
        disabilities=st.lists(st.sampled_from(Disability.values), unique=True).map(tuple),
        languages=st.lists(st.sampled_from(Language.values), unique=True).map(tuple),
        interpreter=st.sampled_from(["", *Language.values]),
        decides_with=WORDS,
        note=WORDS,
    )
    | st.builds(Courtesy, called=WORDS, address=WORDS, religion=st.sampled_from(Religion.values))
    | st.builds(Background, registered_name=WORDS, rt=WORDS, street=WORDS)
)
def test_what_was_told_survives_being_one_text(told: profiles.Profile) -> None:
    assert type(told).from_text(told.to_text()) == told


@pytest.mark.parametrize("text", ["", "[]", "null", "3", '{"unknown": "x"}', "{"])
def test_a_text_that_is_no_profile_does_not_open(text: str) -> None:
    with pytest.raises(Unreadable):
        Support.from_text(text)


@pytest.mark.parametrize("empty", [Support(), Courtesy(), Background()])
def test_everything_may_stay_empty(empty: profiles.Profile) -> None:
    profiles.check_profile(empty)
    assert empty.is_empty
    assert empty.to_text() == "{}"


@pytest.mark.parametrize(
    "wrong",
    [
        Support(disabilities=("mad",)),
        Support(accommodations=("gold",)),
        Support(languages=("xx",)),
        Support(interpreter="xx"),
        Support(interpreter=Language.INDONESIAN.value),
        Support(decides_with="x" * 81),
        Support(note="x" * 2001),
        Courtesy(officer="robot"),
        Courtesy(place="street"),
        Courtesy(religion="xx"),
        Courtesy(called="x" * 81),
        Background(registered_sex="u"),
        Background(education="xx"),
        Background(work="xx"),
        Background(marriage="xx"),
        Background(area="31.74; DROP"),
        Background(rt="0003"),
        Background(rw="1a"),
        Background(rt="٣"),
        Background(street="x" * 201),
    ],
)
def test_what_no_form_offers_is_refused(wrong: profiles.Profile) -> None:
    with pytest.raises(Refused):
        profiles.check_profile(wrong)


@pytest.mark.parametrize(
    ("language", "kind"),
    [
        (Language.BISINDO, Accommodation.SIGN_INTERPRETER),
        (Language.SIBI, Accommodation.SIGN_INTERPRETER),
        (Language.MADURESE, Accommodation.LANGUAGE_INTERPRETER),
    ],
)
def test_an_interpreter_for_a_language_is_a_need_by_itself(language: str, kind: str) -> None:
    told = profiles.whole(Support(interpreter=language, accommodations=("quiet",)))
    assert isinstance(told, Support)
    assert set(told.accommodations) == {"quiet", str(kind)}


# --- telling ---------------------------------------------------------------------------------------------------------


def test_what_is_told_is_sealed_and_the_newest_word_counts(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    tell(world, filed, manager, her, PAPERS)
    newest = tell(world, filed, manager, her, Background(registered_name="Nama Lain Rekaan"))
    with acting(manager):
        found = profiles_of(world.viewer(manager), filed.dossier.id, Section.BACKGROUND)
    assert {one: row.id for one, row in found.items()} == {her.one_id: newest.id}
    assert in_clear(filed, manager, newest) == Background(registered_name="Nama Lain Rekaan")
    (dump,) = world.rows("SELECT string_agg(p::text, ' ') FROM people_profile p")
    assert "Rekaan" not in dump[0]
    assert world.rows("SELECT count(*) FROM people_profile") == [(2,)]


def test_the_ledger_holds_that_it_was_told_and_not_what(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    row = tell(world, filed, manager, her, RERE)
    (entry,) = world.rows(
        "SELECT objects_named::text, fields_named::text, e::text FROM ledger_entry e WHERE verb = 'profile_told'"
    )
    assert str(her.id) in entry[0]
    assert str(row.id) in entry[0]
    assert "courtesy" in entry[1]
    assert "Rere" not in entry[2]


def test_one_form_sent_twice_and_the_same_words_again_are_written_once(world: World) -> None:
    filed, manager = case(world)
    her, row_id = adult(filed, manager), new_id()
    first = tell(world, filed, manager, her, RERE, profile_id=row_id, over=actions.NOTHING)
    again = tell(world, filed, manager, her, RERE, profile_id=row_id, over=actions.NOTHING)
    same = tell(world, filed, manager, her, RERE)
    assert first.id == again.id == same.id == row_id
    assert world.rows("SELECT count(*) FROM people_profile") == [(1,)]


def test_somebody_of_another_file_is_refused(world: World) -> None:
    filed, manager = case(world)
    elsewhere, _same = case(world)
    with pytest.raises(Refused, match="tidak tercatat"):
        tell(world, filed, manager, adult(elsewhere, manager), RERE)


def test_a_place_that_is_none_is_refused_and_a_known_one_finds_her_again(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    with pytest.raises(Refused, match="dari daftar"):
        tell(world, filed, manager, her, Background(area="99.99"))
    tokens = "SELECT count(*) FROM people_nametoken WHERE person_id = %s"
    (before,) = world.rows(tokens, [her.id])
    row = tell(world, filed, manager, her, Background(area=HOME))
    (after,) = world.rows(tokens, [her.id])
    assert after[0] > before[0]
    told = in_clear(filed, manager, row)
    assert isinstance(told, Background)
    assert told.area_name.count(",") == 2  # kelurahan, kecamatan, kota


def test_of_two_records_that_are_one_person_the_newest_word_of_either_counts(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    other = added(filed, manager, PersonRole.HOUSEHOLD, "Rere R.").person
    tell(world, filed, manager, her, RERE)
    world.rows("UPDATE people_person SET one_id = %s WHERE id = %s", [her.id, other.id])
    newest = tell(world, filed, manager, other, Courtesy(called="Re"))
    with acting(manager):
        viewer = world.viewer(manager)
        assert newest_profile(viewer, her, Section.COURTESY) == newest
        assert list(profiles_of(viewer, filed.dossier.id, Section.COURTESY)) == [her.id]


# --- two at once -----------------------------------------------------------------------------------------------------


def test_who_saves_on_top_of_another_is_told_what_they_said(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    theirs = tell(world, filed, manager, her, RERE, over=actions.NOTHING)
    with pytest.raises(Overtaken) as met:
        tell(world, filed, manager, her, Courtesy(called="Re"), over=actions.NOTHING)
    assert met.value.theirs == RERE
    assert met.value.newest == theirs.id
    tell(world, filed, manager, her, Courtesy(called="Re"), over=theirs.id)


def test_two_pages_that_save_at_once_show_both_texts_and_lose_none(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    page, where = world.client(manager), page_for(filed, her, "sapaan")
    mine = page.get(where).context["form"].initial
    assert sent(page, where, called="Rere", address="Kak").status_code == 302
    hidden = {name: str(mine[name]) for name in ("profile_id", "over")}
    late = page.post(where, {**hidden, "called": "Reza", "address": "Mas"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "Kak Rere" in text  # what the other saved
    assert "Reza" in text  # what was typed
    second = late.context["form"].data
    assert page.post(where, second).status_code == 302
    assert world.rows("SELECT count(*) FROM people_profile") == [(2,)]


def test_of_two_who_tell_at_the_same_moment_the_second_is_told_what_the_first_said(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    other = world.person(Role.CASE_MANAGER, tag="second")
    put_on_team(world, filed, other, Role.CASE_MANAGER)
    together, ends = Barrier(2), []

    def write(user: User, called: str) -> None:
        try:
            together.wait()
            tell(world, filed, user, her, Courtesy(called=called), over=actions.NOTHING)
            ends.append("saved")
        except Overtaken as met:
            ends.append(met.theirs.called if isinstance(met.theirs, Courtesy) else "lost")
        finally:
            connections.close_all()

    threads = [Thread(target=write, args=told) for told in ((manager, "Rere"), (other, "Reza"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (kept,) = world.rows("SELECT told_by_id FROM people_profile WHERE section = 'courtesy'")
    assert sorted(ends) == sorted(["saved", "Rere" if kept[0] == manager.id else "Reza"])
