"""The indicators as data: read from policy/standards/<set>.yaml once, and checked as they are read.

The regulation's own list of them is its section E, "Matrik".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from django.utils.translation import get_language

from ruangaman.closure.states import Destination
from ruangaman.consent.states import Service
from ruangaman.justice.states import Statute
from ruangaman.network.states import HealthServiceKind
from ruangaman.standards.states import CountedUnit, Rule

IN_FORCE = "jabar-2014"
# The parts that the regulation gives each indicator (Lampiran D, "sistematika"), as far as they are texts or lists.
PARTS = ("meaning", "operational", "numerator", "denominator", "data", "references", "steps", "staff")
MAY_BE_MISSING = frozenset({"formula", "target", "data", "references", "steps", "staff"})
OUTCOMES = frozenset({"delivered", "reunited"})
# What each rule is told besides its name: the key, and the codes it may hold.
PARAMETERS: dict[str, dict[str, frozenset[str]]] = {
    Rule.REPORTS: {},
    Rule.HEALTH: {"services": frozenset(Service.values)},
    Rule.NEEDS: {"services": frozenset(Service.values)},
    Rule.TRIALS: {"statutes": frozenset(Statute.values)},
    Rule.POLICE: {},
    Rule.RECORDED: {"destinations": frozenset(Destination.values)},
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text of ours in both languages; shown in the reader's."""

    id: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.id


@dataclass(frozen=True, slots=True)
class Target:
    """How much, in percent, and by which year."""

    percent: int
    year: int


@dataclass(frozen=True, slots=True)
class Example:
    """The regulation's worked example: as printed, by its own definition, and the value adopted here."""

    numerator: int
    denominator: int
    printed: str
    defined: Decimal
    adopted: Decimal


@dataclass(frozen=True, slots=True)
class Counting:
    """How a figure is worked out: a rule, and the codes it is told."""

    rule: str
    outcome: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator with all its parts and where each stands in the source."""

    code: str
    title: Text
    service: Text
    unit: CountedUnit
    place: str
    meaning: tuple[str, ...]
    operational: str
    numerator: str
    denominator: str
    target: Target | None
    data: tuple[str, ...]
    references: tuple[str, ...]
    steps: tuple[str, ...]
    staff: tuple[str, ...]
    agencies: tuple[str, ...]
    missing: frozenset[str]
    example: Example
    erratum: Text | None
    counting: Counting | None
    cohort: Text | None
    beside: Text | None
    agency_figure: Text | None

    @property
    def is_main(self) -> bool:
        return ".s" not in self.code


@dataclass(frozen=True, slots=True)
class Standard:
    """A set of indicators: whose, from which year, by which regulation."""

    code: str
    title: Text
    region: str
    from_year: int
    source: Text
    able: Mapping[str, int]
    indicators: Mapping[str, Indicator]

    def counted(self) -> list[Indicator]:
        """This will give the indicators that the unit's own records answer."""
        return [one for one in self.indicators.values() if one.counting]


def percent(numerator: int, denominator: int) -> Decimal | None:
    """This will give numerator / denominator × 100 to two places, halves up; nothing where there is no denominator.

    The constant of every indicator is 100 %. Source: Lampiran D, "Konstanta".
    """
    if denominator == 0:
        return None
    return (Decimal(100 * numerator) / denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


@lru_cache(maxsize=8)
def standard(code: str = IN_FORCE) -> Standard:
    """This will give a set of indicators.

    :raises ValueError: where the file leaves a part out, or holds what nobody can count.
    :raises FileNotFoundError: where there is no such set.
    """
    text = files("ruangaman.policy").joinpath("standards", f"{code}.yaml").read_text(encoding="utf-8")
    return made_of(yaml.safe_load(text))


def names() -> list[str]:
    """This will give the codes of all sets."""
    folder = files("ruangaman.policy").joinpath("standards")
    return sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml"))


def made_of(told: Mapping[str, Any]) -> Standard:
    """This will make a set from what its file says.

    :raises ValueError: naming the indicator and what is wrong with it.
    """
    _check(set(told["able"]) == set(HealthServiceKind.values), told["code"], "able names another facility")
    indicators = {}
    for code, one in told["indicators"].items():
        service = told["services"].get(code.split(".")[0])
        _check(service is not None, code, "is of no service")
        indicators[code] = _indicator(code, one, service)
    return Standard(
        code=told["code"],
        title=Text(**told["title"]),
        region=str(told["region"]),
        from_year=told["from_year"],
        source=Text(**told["source"]),
        able=told["able"],
        indicators=indicators,
    )


def _indicator(code: str, told: Mapping[str, Any], service: Mapping[str, Any]) -> Indicator:
    missing = frozenset(told.get("missing", ()))
    _check(missing <= MAY_BE_MISSING, code, f"may not miss {sorted(missing - MAY_BE_MISSING)}")
    for part in (*PARTS, "target"):
        _check(bool(told.get(part)) != (part in missing), code, f"{part}: given, or named as missing")
    _check(
        bool(told.get("count")) == bool(told.get("cohort")),
        code,
        "a count has a cohort rule, and only a count",
    )
    return Indicator(
        code=code,
        title=Text(**told["title"]),
        service=Text(**service["title"]),
        unit=CountedUnit(told["unit"]),
        place=told["place"],
        meaning=tuple(told["meaning"]),
        operational=told["operational"],
        numerator=told["numerator"],
        denominator=told["denominator"],
        target=Target(**told["target"]) if "target" in told else None,
        data=tuple(told.get("data", ())),
        references=tuple(told.get("references", ())),
        steps=tuple(told.get("steps", ())),
        staff=tuple(told.get("staff", ())),
        agencies=tuple(service["agencies"]),
        missing=missing,
        example=_example(code, told["example"], "erratum" in told),
        erratum=Text(**told["erratum"]) if "erratum" in told else None,
        counting=_counting(code, told["count"]) if "count" in told else None,
        cohort=Text(**told["cohort"]) if "cohort" in told else None,
        beside=Text(**told["beside"]) if "beside" in told else None,
        agency_figure=Text(**told["agency_figure"]) if "agency_figure" in told else None,
    )


def _example(code: str, told: Mapping[str, Any], has_erratum: bool) -> Example:
    made = Example(
        numerator=told["numerator"],
        denominator=told["denominator"],
        printed=told["printed"],
        defined=Decimal(told["defined"]),
        adopted=Decimal(told["adopted"]),
    )
    _check(
        percent(made.numerator, made.denominator) == made.defined, code, "the example does not give its value"
    )
    printed = Decimal(made.printed.replace(",", "."))
    agrees = made.adopted.quantize(printed, ROUND_HALF_UP) == printed
    _check(agrees or has_erratum, code, "the adopted value is not the printed one, and no erratum says why")
    return made


def _counting(code: str, told: Mapping[str, Any]) -> Counting:
    rule, outcome = Rule(told["rule"]), told.get("done", "delivered")
    _check(outcome in OUTCOMES, code, f"{outcome} is no outcome")
    wanted = PARAMETERS[rule]
    _check(set(told) - {"rule", "done"} == set(wanted), code, f"{rule} is told {sorted(wanted)}")
    codes: Iterable[str] = ()
    for key, allowed in wanted.items():
        codes = told[key]
        _check(bool(codes) and set(codes) <= allowed, code, f"{key} holds an unknown code")
    return Counting(rule, outcome, tuple(codes))


def _check(holds: bool, code: str, fault: str) -> None:
    if not holds:
        raise ValueError(f"policy/standards: {code}: {fault}.")
