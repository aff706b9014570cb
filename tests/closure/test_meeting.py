"""A closed meeting: only what is known already, only whom she approved, never the reported person."""

from datetime import timedelta

import pytest

from ruangaman.closure import actions
from ruangaman.closure.models import Invitee
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.actions import give_part
from ruangaman.people.models import Person
from ruangaman.people.states import PersonRole, Relation
from tests.closure.stories import FATHER, NEIGHBOUR, Story
from tests.worlds import acting


def meet(story: Story, *people: Person, **told: object) -> object:
    given = {
        "held_on": story.day(-1),
        "agreed": "Tetangga menjaga malam hari.",
        "approved": True,
        "known_around": True,
        **told,
    }
    return story.do(actions.hold_meeting, invitees=list(people), **given)


def test_people_she_trusts_meet_with_her_consent(story: Story) -> None:
    story.agree()
    meet(story, story.neighbour, story.aunt, story.aunt)
    with acting(story.manager):
        assert set(Invitee.objects.values_list("person_id", flat=True)) == {story.neighbour.id, story.aunt.id}
    assert story.world.rows("SELECT count(*) FROM closure_invitee") == [(2,)]


def test_there_is_no_meeting_by_default(story: Story) -> None:
    """Source: care.md 16 (none by default); flow.md 9 (only where she asked and consented)."""
    with pytest.raises(Refused, match="Belum ada persetujuan"):
        meet(story, story.neighbour)


def test_no_meeting_where_it_is_not_known_around_her_yet(story: Story) -> None:
    """Source: care.md 16."""
    story.agree()
    with pytest.raises(Refused, match="membuka rahasia"):
        meet(story, story.neighbour, known_around=False)


def test_no_meeting_without_her_word_on_each_person(story: Story) -> None:
    """Source: care.md 16."""
    story.agree()
    with pytest.raises(Refused, match="disetujui klien"):
        meet(story, story.neighbour, approved=False)
    with pytest.raises(Refused, match="Pilih siapa"):
        meet(story)


def test_the_reported_person_never_takes_part(story: Story) -> None:
    """Source: flow.md 9; care.md 16."""
    story.agree()
    for people in ([story.father], [story.neighbour, story.father]):
        with pytest.raises(Refused, match="tidak pernah ikut"):
            meet(story, *people)


def test_the_reported_person_does_not_take_part_as_somebody_who_is_trusted_too(story: Story) -> None:
    story.agree()
    with acting(story.manager):
        give_part(dossier=story.dossier, person=story.father, role=PersonRole.TRUSTED, at=story.now)
    with pytest.raises(Refused, match="tidak pernah ikut"):
        meet(story, story.father)


@pytest.mark.parametrize(
    "name", [FATHER, "Kusnadi Darmawan", "Bapak Darmawan Kusnady", "DARMAWAN KUSNADI, S.E."]
)
def test_the_reported_person_does_not_take_part_under_a_second_entry(story: Story, name: str) -> None:
    story.agree()
    second = story.person(PersonRole.TRUSTED, name, Relation.COMMUNITY_LEADER)
    with pytest.raises(Refused, match="tidak pernah ikut"):
        meet(story, second)


def test_somebody_who_was_reported_after_the_neighbour_was_asked_does_not_take_part(story: Story) -> None:
    story.agree()
    story.person(PersonRole.REPORTED, NEIGHBOUR)
    with pytest.raises(Refused, match="tidak pernah ikut"):
        meet(story, story.neighbour)


def test_a_name_that_does_not_open_lets_nobody_in(story: Story) -> None:
    """What can't be compared might be his."""
    story.agree()
    story.world.rows("UPDATE people_person SET name = '\\x00' WHERE id = %s", [story.father.id])
    with pytest.raises(Refused, match="tidak terbaca"):
        meet(story, story.neighbour)


def test_nobody_but_people_she_trusts_is_asked(story: Story) -> None:
    """Source: seed 003 (only those who are trusted to protect her)."""
    story.agree()
    with pytest.raises(Refused, match="dipercaya"):
        meet(story, story.person(PersonRole.WITNESS, "Oktavia Rumengan"))


def test_the_client_is_no_guest_of_a_meeting_about_her(story: Story) -> None:
    story.agree()
    with pytest.raises(Refused):
        meet(story, story.client)


def test_nobody_of_another_dossier_is_asked(story: Story) -> None:
    from tests.closure.stories import a_case

    story.agree()
    other = a_case(story.world)
    with pytest.raises(Refused):
        meet(story, other.neighbour)


def test_a_meeting_lies_behind(story: Story) -> None:
    story.agree()
    with pytest.raises(Refused, match="belum terjadi"):
        meet(story, story.neighbour, held_on=story.day(1))


def test_a_double_click_makes_one_meeting(story: Story) -> None:
    story.agree()
    number = new_id()
    for minutes in (0, 1):
        meet(story, story.neighbour, meeting_id=number, at=story.now + timedelta(minutes=minutes))
    assert story.world.rows("SELECT count(*) FROM closure_meeting") == [(1,)]
    assert story.world.rows("SELECT count(*) FROM closure_invitee") == [(1,)]
