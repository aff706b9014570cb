"""A report about a member of staff that nobody of its unit may read: handed to another unit, or told to who can help.

It happens at filing, where a unit has no supervisor and no head who is not meant, and later, when the last of them
leaves. And one about somebody who comes later, or takes another name: their name is compared with the one it tells.
Source: issue 6, "a report about a member of staff: wall and another triager".
"""

import json
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models, transaction

from ruangaman.access.models import Organisation
from ruangaman.access.states import OrganisationKind
from ruangaman.intake import policies
from ruangaman.intake.models import SafeContact, Story
from ruangaman.intake.queries.about_staff import alike_among_all
from ruangaman.intake.queries.transfers import bound_to, key_of_unit
from ruangaman.intake.states import Means
from ruangaman.intake.states.handling import Passed
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.fields import Key, seal_under, unseal, unwrap
from ruangaman.notices.sending import tell
from ruangaman.notices.states import Kind
from ruangaman.people.models import Person

BATCH = 100
COMPARED = 500  # reports in a run of the task of every minute, and names in a look at one of them
SEALED_CONTACT = ("phone", "hours", "code_word", "trusted", "must_not_know")
PLAIN_CONTACT = ("means", "never_call", "weekdays", "from_time", "until_time")
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Unread:
    """A report about staff that nobody of its unit may read: where it lies, who may be meant, and who could take it."""

    dossier: UUID
    unit: UUID
    taker: UUID | None
    alike: list[UUID]
    report: dict[str, Any]
    keys: dict[str, Key]
    accused: str


@contextmanager
def handing_on(dossier: UUID) -> Iterator[None]:
    """This will carry, in a transaction, the ticket by which one such report is handed on, and nothing else."""
    ticket = tickets.sign(purpose="job_handing_on", scope=dossier, at=clock.now())
    with tickets.carry(ticket), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT door.job_hold_names()")
        yield


def waiting() -> list[UUID]:
    """This will give the reports about staff that nobody of their units may read, the oldest first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM door.job_unread(%s)", [BATCH])
        return [row[0] for row in cursor.fetchall()]


def unread(dossier: UUID) -> Unread | None:
    """This will look at one of them under ``handing_on``'s ticket: of its content the name of the accused is opened,
    and no more. None where somebody of its unit may read it, or another unit is asked already.
    """
    report = _report(dossier)
    if report is None:
        return None
    keys = _keys(report)
    accused = _text(Story, report["story"], "accused", keys["narrative"])
    alike = alike_among_all(accused)
    taker = _taker(report, alike) if report["goes_on"] else None
    return Unread(dossier, UUID(report["unit"]), taker, alike, report, keys, accused)


def send(one: Unread, *, begun: Sequence[dict[str, str | None]], number: UUID) -> list[str] | None:
    """This will send it to the unit that was chosen, under ``handing_on``'s ticket; gives what of it was passed on.

    It goes as a parcel that opens when a supervisor or head of that unit takes it. Consent does not decide it, as it
    does for a hand-over that officers choose: who reports told the service and asked it to act, not the people of that
    one unit, and the one told of is among those people; asked first, they would have to be asked by a colleague of the
    one they fear. So no more goes than what a unit needs to take it over: the words, whether there is danger, how who
    reports is reached safely, and what triage asks of it. What was recorded in the file since stays behind. Who reports
    reads the three words they always read; their conversation goes to whoever takes the report.

    ``begun``: the clocks that it starts. None where the unit can't take it any more. Source: issue 6; care.md 1.
    """
    assert one.taker is not None
    parcel = _parcel(one.report, one.keys, one.accused)
    passes = sorted([Passed.STORY.value, *([Passed.CONTACT.value] if "contact" in parcel else [])])
    sealed = seal_under(key_of_unit(one.taker), json.dumps(parcel).encode(), bound_to(number, "parcel"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT door.job_hand_on(%s, %s, %s, %s::uuid[], %s, %s, %s)",
            [one.dossier, number, one.taker, one.alike, sealed, ",".join(passes), json.dumps(begun)],
        )
        return passes if cursor.fetchone()[0] else None


def tell_who_can_help(one: Unread, at: datetime) -> None:
    """This will tell the administrators of the highest organisation that the unit lacks somebody of rank, where work on
    the report has begun or no other unit is left. Nothing of the report: administrators open no dossier (security.md).

    Once a day and unit, whatever the number of reports: how many there are is told to nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.job_administrators(%s, %s::uuid[])", [one.dossier, one.alike])
        people = [row[0] for row in cursor.fetchall()]
    tell(people=people, kind=Kind.NO_READER, cause=f"no-reader:{one.unit}:{at:%Y%m%d}", at=at)


@contextmanager
def comparing(dossier: UUID) -> Iterator[None]:
    """This will carry, in a transaction, the ticket by which names are compared with that of one report alone."""
    ticket = tickets.sign(purpose="job_comparing_names", scope=dossier, at=clock.now())
    with tickets.carry(ticket), transaction.atomic():
        yield


def uncompared() -> list[UUID]:
    """This will give the reports about staff with which somebody's name is to be compared, who waits longest first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM door.job_uncompared(%s)", [COMPARED])
        return [row[0] for row in cursor.fetchall()]


def keep_out_later(dossier: UUID) -> tuple[UUID, list[tuple[UUID, UUID]]] | None:
    """This will compare one report with the names that came after it, under ``comparing``'s ticket, and raise a wall
    before each who may be meant. Of its content the name of the accused is opened, and no more.

    Gives its unit, and each wall with whom it keeps out; None where nobody waits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.job_later_names(%s, %s)", [dossier, COMPARED])
        found = cursor.fetchone()[0]
        if found is None:
            return None
        report = json.loads(found)
        key = _keys(report)["narrative"]
        told = [_text(Story, story, "accused", key) for story in report["stories"]]
        people = [policies.Bearer(UUID(one), *rest) for one, *rest in report["people"]]
        meant = policies.meant(told=told, people=people)
        cursor.execute(
            "SELECT wall, person FROM door.job_compared(%s, %s::uuid[], %s::uuid[])",
            [dossier, [one.id for one in people], meant],
        )
        return UUID(report["unit"]), cursor.fetchall()


def _report(dossier: UUID) -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.job_unread_report(%s)", [dossier])
        found = cursor.fetchone()[0]
    if found is None:
        return None
    report: dict[str, Any] = json.loads(found)
    return report


def _keys(report: dict[str, Any]) -> dict[str, Key]:
    return {
        section: unwrap(UUID(key_id), number, b64decode(wrapped))
        for section, (key_id, number, wrapped) in report["keys"].items()
    }


def _parcel(report: dict[str, Any], keys: dict[str, Key], accused: str) -> dict[str, Any]:
    """What is passed on, opened for the time of sealing it anew."""
    parcel: dict[str, Any] = {
        "story": _text(Story, report["story"], "text", keys["narrative"]),
        "accused": accused,
        **{name: report[name] for name in ("reporter_kind", "for_whom", "age_band")},
    }
    contact, reporter, key_of_reporter = report["contact"], report["reporter"], keys.get("reporter")
    if key_of_reporter and (contact or reporter):
        found: dict[str, Any] = {}
        if contact:
            found = {name: _text(SafeContact, contact, name, key_of_reporter) for name in SEALED_CONTACT}
            found |= {name: contact[name] for name in PLAIN_CONTACT}
            if not contact["safe"]:
                # A number that is not safe any more goes nowhere. Source: care.md 7.
                found |= {"means": Means.CODE.value, "phone": "", "hours": "", "code_word": ""}
        if reporter:
            found["name"] = _text(Person, reporter, "name", key_of_reporter)
        parcel["contact"] = found
    return parcel


def _text(model: type[models.Model], row: dict[str, Any], field: str, key: Key) -> str:
    sealed = model(id=UUID(row["id"]), **{field: b64decode(row[field])} if row[field] else {})
    return unseal(sealed, field, key) or ""


def _taker(report: dict[str, Any], alike: Sequence[UUID]) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit, person FROM door.job_seniors()")
        read = {unit for unit, person in cursor.fetchall() if person not in alike}
    all_of_them = list(Organisation.objects.values_list("id", "parent_id", "place_id", "kind"))
    own, above = UUID(report["unit"]), {one: parent for one, parent, _place, _kind in all_of_them}
    return policies.next_unit(
        unit=own,
        place=next((place or "" for one, _parent, place, _kind in all_of_them if one == own), ""),
        above=above,
        units=[
            policies.Candidate(one, parent, place or "", one in read)
            for one, parent, place, kind in all_of_them
            if kind == OrganisationKind.UNIT
        ],
        asked={UUID(one) for one in report["asked"]},
    )
