"""Where the systems that do this fail their users about consent, and this one does not. Source: peers.md."""

import pytest
from django.db import DatabaseError, transaction

from ruangaman.access.states import Role
from ruangaman.kernel import clock
from ruangaman.services.states import ReferralStatus
from tests.consent.test_recalls import recalls
from tests.services.referring import sent, withdraw
from tests.worlds import World, acting


@pytest.mark.parametrize("accepted", [False, True])
def test_a_consent_that_was_withdrawn_does_not_keep_a_referral_from_being_taken_back(
    world: World, accepted: bool
) -> None:
    """Primero runs the rule on every save, so that after a withdrawal the referral can't be ended either."""
    one = sent(world)
    if accepted:
        one.accept()
    withdraw(one.way, one.consent)
    manager = world.client(one.way.manager)
    assert manager.get(one.page).status_code == 200
    assert manager.post(f"{one.page}tarik/").status_code == 302
    assert one.status == ReferralStatus.WITHDRAWN


@pytest.mark.parametrize("role", [Role.HEAD, Role.SUPERVISOR, Role.CASE_MANAGER])
def test_whoever_may_change_referrals_changes_none_of_a_file_that_is_not_theirs(
    world: World, role: str
) -> None:
    """In Primero "update" on a transition was enough, without access to the record."""
    one = sent(world)
    withdraw(one.way, one.consent)
    stranger = world.person(role, world.other)
    with acting(stranger):
        for sql in (
            "UPDATE services_referral SET status = 'done'",
            "UPDATE consent_consent SET withdrawn_at = now()",
            "UPDATE access_grant SET withdrawn_at = NULL",
        ):
            with transaction.atomic():
                rows = world.rows(
                    f"WITH done AS ({sql} RETURNING 1) SELECT count(*) FROM done", using="default"
                )
            assert rows == [(0,)], sql
        answered = (
            "UPDATE consent_recall SET answer = 'deleted', answered_by_id = %s, answered_at = %s RETURNING 1"
        )
        assert world.rows(answered, [stranger.id, clock.now()], using="default") == []
    assert one.status == ReferralStatus.SENT
    assert recalls(world)[0].answered_at is None


def test_what_a_partner_had_can_be_asked_back_and_nobody_unmakes_that(world: World) -> None:
    """None of them asks a partner to delete what it took; here the question outlives every account."""
    one = sent(world)
    withdraw(one.way, one.consent)
    for person in (one.officer, one.way.manager, one.way.supervisor):
        with acting(person), pytest.raises(DatabaseError, match="denied"), transaction.atomic():
            world.rows("DELETE FROM consent_recall", using="default")
    assert len(recalls(world)) == 1
