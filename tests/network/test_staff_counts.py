"""How many officers were trained for a duty: a count, never more than there are, read by the counter alone."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from ruangaman.config.demo.organisations import OFFICERS
from ruangaman.network.models import StaffCount
from ruangaman.network.states import Duty
from tests.access.filled import tried
from tests.worlds import World


def count(world: World, trained: int, staff: int = 5) -> None:
    with transaction.atomic(using="owner"):
        StaffCount.objects.using("owner").create(
            organisation=world.unit,
            duty=Duty.COMPLAINTS,
            staff=staff,
            trained=trained,
            counted_on=date(2026, 1, 1),
        )


def test_more_trained_officers_than_officers_are_refused(world: World) -> None:
    with pytest.raises(IntegrityError, match="network_trained_are_staff"):
        count(world, trained=6)


def test_one_count_a_day_stands(world: World) -> None:
    count(world, trained=2)
    with pytest.raises(IntegrityError, match="network_one_staff_count_a_day"):
        count(world, trained=3)


def test_only_the_counter_reads_it_and_nobody_writes_it(world: World) -> None:
    count(world, trained=2)
    told = "SELECT staff, trained FROM network_staffcount"
    assert tried(told, using="default") is None
    assert world.rows(told, using="counter") == [(5, 2)]
    assert tried("UPDATE network_staffcount SET trained = 5", using="counter") is None


def test_the_demonstration_has_trained_and_untrained_officers_for_each_duty() -> None:
    assert set(OFFICERS) == set(Duty)
    assert all(0 < trained < staff for staff, trained in OFFICERS.values())
