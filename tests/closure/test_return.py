"""The way home: asked for and agreed to, prepared, recorded as it happened, and visited."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils.timezone import localdate

from ruangaman.access.duties import Kind
from ruangaman.cases.models import Need
from ruangaman.cases.states import NeedState
from ruangaman.clocks import duties
from ruangaman.closure import actions
from ruangaman.closure.models import HomeVisit, Return
from ruangaman.consent.actions import withdraw_consent
from ruangaman.consent.states import Answer, Service
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.states import PersonRole
from ruangaman.services.models import Delivery
from tests.closure.stories import AUNT, Story
from tests.worlds import acting


def prepare(story: Story, **told: object) -> Return:
    given = {"destination": "own_family", "preparation": "Rumah bibi.", **told}
    found: Return = story.do(actions.prepare_return, client=story.client, **given)
    return found


@pytest.mark.parametrize("answer", [None, Answer.LATER, Answer.REFUSED])
def test_no_return_is_prepared_unless_she_asked_for_it_and_agreed(
    story: Story, answer: Answer | None
) -> None:
    """Source: flow.md 9; seed 003 (request and consent at the stage of the contract)."""
    if answer:
        story.agree(answer=answer)
    with pytest.raises(Refused, match="Belum ada persetujuan"):
        prepare(story)


def test_a_consent_to_another_service_prepares_no_return(story: Story) -> None:
    story.agree(Service.MEDICAL)
    with pytest.raises(Refused):
        prepare(story)


def test_what_a_barred_guardian_agreed_to_prepares_nothing_and_brings_nobody_home(story: Story) -> None:
    """care.md 10: suspected later, consents are taken again. He may want her home for himself."""
    story.agree()
    prepare(story)
    story.person(PersonRole.REPORTED, AUNT)
    with pytest.raises(Refused, match="Belum ada persetujuan"):
        prepare(story)
    with pytest.raises(Refused):
        story.do(actions.record_return, client=story.client, returned_on=story.day(0))


def test_a_consent_that_was_withdrawn_prepares_nothing_and_brings_nobody_home(story: Story) -> None:
    consent = story.agree()
    prepare(story)
    viewer = story.world.viewer(story.manager)
    with acting(story.manager):
        withdraw_consent(viewer=viewer, consent=consent, at=story.now)
    with pytest.raises(Refused):
        story.do(actions.record_return, client=story.client, returned_on=story.day(0))


def test_a_consent_that_has_run_out_prepares_nothing(story: Story) -> None:
    story.agree()
    with pytest.raises(Refused):
        prepare(story, at=story.now + timedelta(days=181))


def test_what_somebody_else_prepared_meanwhile_is_not_overwritten(story: Story) -> None:
    story.agree()
    first = prepare(story)
    with pytest.raises(Refused, match="orang lain"):
        prepare(story, preparation="Rumah nenek.")
    later = story.now + timedelta(minutes=1)
    prepare(story, preparation="Rumah nenek.", seen=first.prepared_at, at=later)
    with pytest.raises(Refused, match="orang lain"):
        prepare(story, preparation="Asrama.", seen=first.prepared_at)
    assert story.world.rows("SELECT count(*) FROM closure_return") == [(1,)]


def test_nobody_comes_home_unprepared_nor_in_the_future(story: Story) -> None:
    story.agree()
    with pytest.raises(Refused, match="Siapkan dulu"):
        story.do(actions.record_return, client=story.client, returned_on=story.day(0))
    prepare(story)
    with pytest.raises(Refused, match="belum sampai"):
        story.do(actions.record_return, client=story.client, returned_on=story.day(1))
    with pytest.raises(Refused, match="paling cepat"):
        story.do(
            actions.record_return,
            client=story.client,
            returned_on=story.day(-1),
            reunited_on=story.day(-2),
        )


def test_the_database_knows_no_reunion_without_a_return(story: Story) -> None:
    story.agree()
    row = prepare(story)
    with pytest.raises(DatabaseError), acting(story.manager):
        Return.objects.filter(id=row.id).update(reunited_on=story.day(0))


def test_coming_home_answers_the_need_and_later_the_reunion_answers_its_own(story: Story) -> None:
    """Source: seed 004, Lampiran D.V (V.7 counts who was returned, V.8 who was reunited)."""
    back, in_society = story.need(Service.RETURN), story.need(Service.REINTEGRATION)
    story.agree(Service.RETURN)
    story.bring_home(days_ago=9)

    def states() -> tuple[str, str]:
        with acting(story.manager):
            return Need.objects.get(id=back.id).state, Need.objects.get(id=in_society.id).state

    assert states() == (NeedState.MET, NeedState.OPEN)
    story.do(actions.record_reunion, client=story.client, reunited_on=story.day(-2))
    assert states() == (NeedState.MET, NeedState.MET)
    with acting(story.manager):
        assert Delivery.objects.count() == 2
    with pytest.raises(Refused, match="sudah tercatat"):
        story.do(actions.record_reunion, client=story.client, reunited_on=story.day(-1))


def test_a_return_she_did_not_agree_to_as_a_service_is_no_service_given(story: Story) -> None:
    back = story.need(Service.RETURN)
    story.bring_home(days_ago=9)
    with acting(story.manager):
        assert Need.objects.get(id=back.id).state == NeedState.OPEN
        assert not Delivery.objects.exists()


def test_whoever_had_to_leave_again_can_be_brought_home_a_second_time(story: Story) -> None:
    story.bring_home(days_ago=30)
    prepare(story, destination="substitute_family")
    story.do(actions.record_return, client=story.client, returned_on=story.day(-3))
    with pytest.raises(Refused, match="sebelum klien pulang"):
        story.visit(days_ago=10)


def test_no_home_visit_before_she_is_home(story: Story) -> None:
    story.agree()
    prepare(story)
    with pytest.raises(Refused, match="setelah klien pulang"):
        story.visit(0)


def test_a_home_visit_lies_after_the_return_and_not_ahead_and_the_next_one_later(story: Story) -> None:
    story.bring_home(days_ago=10)
    with pytest.raises(Refused, match="sebelum klien pulang"):
        story.visit(days_ago=11)
    with pytest.raises(Refused, match="belum terjadi"):
        story.visit(days_ago=-1)
    for next_on in (story.day(-5), story.day(-6), story.day(400)):
        with pytest.raises(Refused, match="berikutnya"):
            story.visit(days_ago=5, next_on=next_on)
    story.visit(days_ago=5, next_on=story.day(3))


def test_a_double_click_makes_one_visit(story: Story) -> None:
    story.bring_home()
    number = new_id()
    assert story.visit(visit_id=number).id == story.visit(visit_id=number).id == number
    assert story.world.rows("SELECT count(*) FROM closure_homevisit") == [(1,)]


def test_a_visit_is_never_changed(story: Story) -> None:
    story.bring_home()
    visit = story.visit()
    with pytest.raises(DatabaseError, match="permission denied"), acting(story.manager):
        HomeVisit.objects.filter(id=visit.id).update(no_violence=False)


def due(story: Story, by: object = None) -> list[tuple[str, object]]:
    person = by or story.companion
    with acting(person):  # type: ignore[arg-type]
        viewer = story.world.viewer(person)  # type: ignore[arg-type]
        found = duties.of_own_files(viewer, story.now, 9)
        return [(d.reference, localdate(d.due_at)) for d in found if d.kind == Kind.VISIT]


def test_after_a_return_the_first_visit_waits_for_the_team_then_the_one_that_was_set(story: Story) -> None:
    story.bring_home(days_ago=10)
    assert due(story) == [(story.filed.reference, story.day(4))]
    story.visit(days_ago=8, next_on=story.day(2))
    assert due(story) == [(story.filed.reference, story.day(2))]
    story.visit(days_ago=1, next_on=story.day(40))
    assert due(story) == []  # the newest visit says when, and that is not soon


def test_nobody_outside_the_team_is_asked_to_visit_and_nobody_once_the_case_ended(story: Story) -> None:
    story.bring_home(days_ago=20)
    other = story.world.person("companion", tag="2")
    assert due(story) and due(story, other) == [] == due(story, story.world.person("supervisor"))
    story.end("moved", "client")
    assert due(story) == due(story, story.manager) == []


def test_what_waits_is_asked_in_one_question_and_bounded(
    story: Story, django_assert_num_queries: object
) -> None:
    story.bring_home(days_ago=20)
    viewer = story.world.viewer(story.companion)
    with acting(story.companion), django_assert_num_queries(1):  # type: ignore[operator]
        assert len(duties.of_own_files(viewer, story.now, 1)) == 1
