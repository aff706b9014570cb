"""The telephone in the demonstration."""

from datetime import timedelta

from django.db import connections

from ruangaman.config import demo
from ruangaman.config.demo import loading
from ruangaman.config.demo.arrival import Staff
from ruangaman.config.demo.calls import OFFICER, take_calls
from ruangaman.intake.queries.calling_back import later, waiting
from ruangaman.intake.queries.calls import unfinished
from ruangaman.kernel import clock


def test_a_newcomer_finds_an_unfinished_call_and_three_call_backs(owner: None) -> None:
    at = clock.now()
    application, connections["default"] = connections["default"], connections["owner"]
    try:
        assert demo.load(at=at, reports=0, cases=0)
        staff = Staff(loading._users(), loading._organisations(), at)
        take_calls(staff, loading._districts())
    finally:
        connections["default"] = application

    with staff.acting(OFFICER) as officer:
        ((_draft, kept),) = unfinished(officer)
        assert kept.typed["name"] == "Ibu Ratna"
        found = waiting(officer, at, 100) + later(officer, at, 100)
        (now,) = [one for one in found if one.may_call_at(at)]
        (never,) = [one for one in found if one.safe and not one.safe.may_be_called]
        (then,) = [one for one in found if one not in (now, never)]
        window = then.window(at)
        assert window is not None and window[0] > at + timedelta(days=1)
