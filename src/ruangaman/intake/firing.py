"""A report about a member of staff that nobody of its unit may read: handed to another unit, or told to who can help.

It happens at filing, where a unit has no supervisor and no head who is not meant, and later, when the last of them
leaves. Source: issue 6, "a report about a member of staff: wall and another triager".
"""

import json
from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models, transaction

from ruangaman.access.models import Organisation
from ruangaman.access.states import OrganisationKind
from ruangaman.clocks.actions import started_by
from ruangaman.clocks.states import Event
from ruangaman.intake import policies
from ruangaman.intake.models import SafeContact, Story
from ruangaman.intake.queries.about_staff import alike_among_all
from ruangaman.intake.queries.transfers import bound_to, key_of_unit
from ruangaman.intake.sending import takers
from ruangaman.intake.states import Means
from ruangaman.intake.states.handling import PassBasis, Passed
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.fields import Key, seal_under, unseal, unwrap
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.notices.sending import tell
from ruangaman.notices.states import Kind
from ruangaman.people.models import Person

BATCH = 100
SEALED_CONTACT = ("phone", "hours", "code_word", "trusted", "must_not_know")
PLAIN_CONTACT = ("means", "never_call", "weekdays", "from_time", "until_time")
Row = TypeVar("Row", bound=models.Model)


def hand_on_unread(at: datetime) -> int:
    """This will hand on every report about staff that nobody of its unit may read, each in a transaction of its own,
    and count those that it looked at.

    :raises ExceptionGroup: after all others were handed on, where some could not be.
    """
    failed: list[Exception] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM door.job_unread(%s)", [BATCH])
        waiting = [row[0] for row in cursor.fetchall()]
    for dossier in waiting:
        try:
            hand_on(dossier=dossier, at=at)
        except Exception as error:  # one that can't be handed on must not keep the others back
            failed.append(error)
    if failed:
        raise ExceptionGroup("reports about staff that could not be handed on", failed)
    return len(waiting)


def hand_on(*, dossier: UUID, at: datetime) -> UUID | None:
    """This will hand one report about staff to another unit if nobody of its own may read it; gives the hand-over's id.

    It goes as a parcel that opens when a supervisor or head of that unit takes it. Consent does not decide it, as it
    does for a hand-over that officers choose: who reports told the service and asked it to act, not the people of that
    one unit, and the one told of is among those people; asked first, they would have to be asked by a colleague of the
    one they fear. So no more goes than what a unit needs to take it over: the words, whether there is danger, how who
    reports is reached safely, and what triage asks of it. What was recorded in the file since stays behind. Who reports
    reads the three words they always read; their conversation goes to whoever takes the report.

    Where work on it has begun, or no unit is left, it stays where it is, and those are told who can give the unit a
    supervisor: that somebody is missing, and nothing of the report. Source: issue 6; care.md 1; security.md, "Who may"
    (administrators open no dossier).
    """
    ticket = tickets.sign(purpose="job_handing_on", scope=dossier, at=clock.now())
    with tickets.carry(ticket), transaction.atomic():
        report = _report(dossier)
        if report is None:
            return None
        keys = _keys(report)
        accused = _text(Story, report["story"], "accused", keys["narrative"])
        alike = alike_among_all(accused)
        taker = _taker(report, alike) if report["goes_on"] else None
        # Nothing more is opened than the name, unless it goes to somebody.
        sent = _send(dossier, report, _parcel(report, keys, accused), taker, alike, at) if taker else None
        if sent is None:
            _tell_who_can_help(dossier, UUID(report["unit"]), alike, at)
    if sent:
        _tell_takers(dossier, sent, at)
    return sent


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


def _send(
    dossier: UUID,
    report: dict[str, Any],
    parcel: dict[str, Any],
    taker: UUID,
    alike: Sequence[UUID],
    at: datetime,
) -> UUID | None:
    number, unit = new_id(), UUID(report["unit"])
    passes = sorted([Passed.STORY.value, *([Passed.CONTACT.value] if "contact" in parcel else [])])
    sealed = seal_under(key_of_unit(taker), json.dumps(parcel).encode(), bound_to(number, "parcel"))
    begun = json.dumps(started_by(event=Event.TRANSFER_SENT, unit=unit, at=at, about=number))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT door.job_hand_on(%s, %s, %s, %s::uuid[], %s, %s, %s)",
            [dossier, number, taker, list(alike), sealed, ",".join(passes), begun],
        )
        if not cursor.fetchone()[0]:
            return None
    record(
        Verb.TRANSFERRED,
        at=at,
        kind=ActorKind.SYSTEM,
        unit=unit,
        dossier=dossier,
        objects=[number, taker],
        fields=[PassBasis.UNREAD.value, *passes],
    )
    return number


def _tell_takers(dossier: UUID, sent: UUID, at: datetime) -> None:
    with (
        tickets.carry(tickets.sign(purpose="job_announcement", scope=dossier, at=clock.now())),
        transaction.atomic(),
    ):
        tell(people=takers(sent), kind=Kind.TRANSFER, cause=f"transfer:{sent}", at=at)


def _tell_who_can_help(dossier: UUID, unit: UUID, alike: Sequence[UUID], at: datetime) -> None:
    """Once a day and unit, whatever the number of reports: how many there are is told to nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.job_administrators(%s, %s::uuid[])", [dossier, list(alike)])
        people = [row[0] for row in cursor.fetchall()]
    tell(people=people, kind=Kind.NO_READER, cause=f"no-reader:{unit}:{at:%Y%m%d}", at=at)
