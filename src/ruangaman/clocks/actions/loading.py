"""Loading the law and the days off that come with the program."""

from datetime import date, datetime
from importlib.metadata import version
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import yaml
from django.db import transaction

from ruangaman.clocks.models import Definition, Holiday
from ruangaman.clocks.states import DayOff, Event, Measure
from ruangaman.network.policies import DEFAULT_ZONE

# From when on the first version of each definition counts: before anything that an installation may hold.
BEGINNING = date(2000, 1, 1)
FIRST_YEAR = 2015
ESTIMATE = "(perkiraan)"
# Public holidays, and what the government adds for everybody: joint leave.
KINDS = {"public": DayOff.NATIONAL, "government": DayOff.JOINT_LEAVE}


def load_definitions(*, at: datetime, using: str = "owner") -> int:
    """This will add a version of each deadline of policy/clocks/national.yaml that is new or reads otherwise now.

    A version is never changed: what runs keeps the one it began with. No person stands behind this reference data, so
    there is neither ``by`` nor a ledger entry. It gives how many were added.

    :raises ValueError: where the file names an unknown event, measure or field; then nothing is added.
    """
    with transaction.atomic(using=using):
        rows = Definition.objects.using(using).filter(owner=None).order_by("from_on", "written_at", "id")
        newest = {row.code: row for row in rows}
        added = []
        for code, told in shipped().items():
            values = _values(code, told)
            old = newest.get(code)
            if old is None or any(getattr(old, name) != value for name, value in values.items()):
                from_on = BEGINNING if old is None else _today(at)
                added.append(Definition(code=code, from_on=from_on, written_at=at, **values))
        Definition.objects.using(using).bulk_create(added)
    return len(added)


def shipped() -> dict[str, dict[str, Any]]:
    """This will read policy/clocks/national.yaml."""
    text = files("ruangaman.policy").joinpath("clocks/national.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return found


def _values(code: str, told: dict[str, Any]) -> dict[str, Any]:
    known = {
        "name", "name_en", "duty", "duty_en", "article", "kind", "section", "starts_on", "ends_on", "length", "told",
        "before", "after", "escalate", "may_pause", "needs_decision", "lapses", "urgent",
    }  # fmt: skip
    if unknown := told.keys() - known:
        raise ValueError(f"policy/clocks/national.yaml: {code}: {sorted(unknown)} is not known.")
    section = told.get("section", "")
    amount, _space, measure = str(told["length"]).rpartition(" ")
    ends_on = [*told["ends_on"], *([Event.CASE_ENDED.value] if section else [])]
    return {
        **{name: told[name] for name in ("name", "name_en", "duty", "duty_en", "article", "kind")},
        "section": section,
        "starts_on": Event(told["starts_on"]).value,
        "ends_on": [Event(event).value for event in ends_on],
        "measure": Measure(measure).value,
        "amount": int(amount or 0),
        "told_roles": told["told"],
        "before_hours": told.get("before"),
        "after_hours": told.get("after"),
        "escalate_hours": told.get("escalate"),
        "may_pause": told.get("may_pause", False),
        "needs_decision": told.get("needs_decision", False),
        "lapses": told.get("lapses", False),
        "urgent": told.get("urgent", False),
    }


def load_days_off(*, at: datetime, using: str = "owner") -> bool:
    """This will bring the nation's days off up to date with the package `holidays`, and say whether any changed.

    From 2015 to the next year. What the package has corrected is corrected here; days of an organisation stay.
    """
    wanted = {row.day: row for row in national_days(years=range(FIRST_YEAR, _today(at).year + 2))}
    with transaction.atomic(using=using):
        there = {row.day: row for row in Holiday.objects.using(using).filter(owner=None)}
        wrong = [row for day, row in there.items() if day not in wanted or _said(row) != _said(wanted[day])]
        Holiday.objects.using(using).filter(id__in=[row.id for row in wrong]).delete()
        gone = {row.day for row in wrong}
        missing = [row for day, row in wanted.items() if day not in there or day in gone]
        Holiday.objects.using(using).bulk_create(missing)
    return bool(wrong or missing)


def _today(at: datetime) -> date:
    return at.astimezone(ZoneInfo(DEFAULT_ZONE)).date()


def national_days(*, years: range) -> list[Holiday]:
    """This will give the days off of the nation in some years; one that is both kinds counts as a holiday."""
    found: dict[date, Holiday] = {}
    for category, kind in KINDS.items():
        days = holidays.country_holidays("ID", years=years, language="id", categories=(category,))
        for day, name in sorted(days.items()):
            found.setdefault(day, _holiday(day, name, kind))
    return list(found.values())


def _holiday(day: date, name: str, kind: DayOff) -> Holiday:
    estimated = ESTIMATE in name
    named = name.replace(ESTIMATE, "").strip()
    return Holiday(
        day=day, kind=kind, name=named[:120], source=f"holidays {version('holidays')}", is_estimate=estimated
    )


def _said(row: Holiday) -> tuple[str, str, bool]:
    """What counts of a day: that a newer version of the package says the same is no change."""
    return row.kind, row.name, row.is_estimate
