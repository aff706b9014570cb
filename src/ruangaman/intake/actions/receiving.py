"""Taking a report in, whichever way it came: everything of it in one transaction, or nothing."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from ruangaman.access.actions import make_key, open_dossier
from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.states import Section
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.intake.jobs import announce, hand_on
from ruangaman.intake.models import Report, SafeContact, Story, Thread
from ruangaman.intake.policies import check_has_story
from ruangaman.intake.queries import unit_for
from ruangaman.intake.queries.about_staff import alike_among_all
from ruangaman.intake.states import Channel, Means, Proof
from ruangaman.kernel import keyring, tickets
from ruangaman.kernel.codes import Code
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, open_under, seal, seal_under
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.people.actions import Identity, give_part, seal_person
from ruangaman.people.states import PersonRole

EVERY_DAY = 127


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a report tells, whichever way it came. Only ``story`` is needed; choices are codes of intake.states."""

    story: str
    reporter_kind: str = ""
    for_whom: str = ""
    age_band: str = ""
    danger_now: bool = False
    about_staff: bool = False
    accused: str = ""  # who works for the service, as the reporter names them
    place: str = ""  # a code of places
    name: str = ""
    means: str = ""
    never_call: bool = False
    phone: str = ""
    hours: str = ""
    weekdays: int = EVERY_DAY
    from_time: time | None = None
    until_time: time | None = None
    code_word: str = ""
    trusted: str = ""
    must_not_know: str = ""

    @property
    def reachable(self) -> bool:
        """This will say whether anything was told of how to reach who reports, or of whom they trust."""
        sealed = (self.phone, self.hours, self.code_word, self.trusted, self.must_not_know)
        return bool(any(sealed) or self.from_time or self.never_call or self.weekdays != EVERY_DAY)


def filing(dossier_id: UUID, at: datetime) -> AbstractContextManager[None]:
    """This will carry the ticket with which one report may be written, and nothing else."""
    return tickets.carry(tickets.sign(purpose="filing", scope=dossier_id, at=at))


def receive(
    *,
    dossier_id: UUID,
    told: Told,
    channel: Channel,
    at: datetime,
    code: Code | None,
    unit: Organisation | None = None,
    way: UUID | None = None,
    proof: Proof = Proof.STAFF,
    in_flood: bool = False,
    taken_by: UUID | None = None,
    app: bool = False,
    thread_key: Key | None = None,
) -> Dossier:
    """This will write a report and all that belongs to it, in the caller's transaction and under ``filing``'s ticket.

    ``code``: the reporter's way back, or None where they have none. ``unit``: who takes it; without, the unit that
    serves the place. ``taken_by``: the officer who took it down; the code, which they have seen, is
    changed at the first visit. ``app``: it came from a partner's application. ``thread_key``:
    where files were sealed for the thread before there was one.

    :raises Refused: where it tells nothing, or no unit is there to take it.
    """
    check_has_story(told.story)
    unit = unit or unit_for(told.place)
    if unit is None:
        raise Refused(_("Belum ada unit layanan yang menerima laporan di sini. Telepon 112 atau SAPA 129."))
    dossier = open_dossier(dossier_id=dossier_id, unit=unit, at=at)
    Report.objects.create(
        **_place(dossier),
        channel=channel,
        way_id=way,
        reporter_kind=told.reporter_kind,
        for_whom=told.for_whom,
        age_band=told.age_band,
        about_staff=told.about_staff,
        danger_now=told.danger_now,
        proof=proof,
        in_flood=in_flood,
        taken_by_id=taken_by,
        place_id=told.place or None,
        received_at=at,
    )
    _tell_story(dossier, told)
    _open_thread(dossier, code, thread_key, known_to_staff=taken_by is not None)
    _tell_reporter(dossier, told, at)
    if told.about_staff:
        _keep_out(dossier, told.accused)
    # This ticket carries no person, so the entry has no actor: who took it down is named in it.
    record(
        Verb.REPORT_RECEIVED,
        at=at,
        kind=ActorKind.STAFF if taken_by else ActorKind.APP if app else ActorKind.REPORTER,
        unit=unit.id,
        dossier=dossier.id,
        objects=[taken_by] if taken_by else [],
        fields=[channel.value],
    )
    happened(event=Event.REPORT_RECEIVED, dossier=dossier, at=at, by=None)
    if told.danger_now:
        happened(event=Event.DANGER_TOLD, dossier=dossier, at=at, by=None)
    announce.defer(dossier_id=str(dossier.id))
    return dossier


def _place(dossier: Dossier) -> dict[str, object]:
    return {"dossier": dossier, "unit_id": dossier.unit_id, "stage": dossier.stage}


def _tell_story(dossier: Dossier, told: Told) -> None:
    key = make_key(dossier=dossier, section=Section.NARRATIVE)
    story = Story(**_place(dossier), key_id=key.id)
    seal(story, "text", told.story, key)
    seal(story, "accused", told.accused or None, key)
    story.save(force_insert=True)


def _open_thread(dossier: Dossier, code: Code | None, key: Key | None, *, known_to_staff: bool) -> None:
    key = make_key(dossier=dossier, section=Section.THREAD, key=key)
    Thread.objects.create(
        **_place(dossier),
        key_id=key.id,
        locator=locator(code) if code else None,
        code_wrap=wrap_for(code, key) if code else None,
        known_to_staff=bool(code) and known_to_staff,
    )


def _tell_reporter(dossier: Dossier, told: Told, at: datetime) -> None:
    """How to reach who reports, and their name. One key for both: this ticket writes keys and can't read one back."""
    if not (told.reachable or told.name):
        return
    key = make_key(dossier=dossier, section=Section.REPORTER)
    if told.reachable:
        contact = SafeContact(
            **_place(dossier),
            key_id=key.id,
            means=told.means or Means.CODE,
            never_call=told.never_call,
            weekdays=told.weekdays,
            from_time=told.from_time,
            until_time=told.until_time,
        )
        for field in ("phone", "hours", "code_word", "trusted", "must_not_know"):
            seal(contact, field, getattr(told, field) or None, key)
        contact.save(force_insert=True)
    if told.name:
        reporter = seal_person(
            dossier=dossier, role=PersonRole.REPORTER, identity=Identity(told.name), at=at, key=key
        )
        give_part(dossier=dossier, person=reporter, role=PersonRole.REPORTER, at=at)


def _keep_out(dossier: Dossier, accused: str) -> None:
    """Walls before who may be meant, and before all officers, until a supervisor has looked. Source: issue 6.

    Where nobody is left who could look, a task hands it to another unit.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.keep_out(%s, %s::uuid[])", [dossier.id, alike_among_all(accused)])
    hand_on.defer(dossier_id=str(dossier.id))


# --- codes --------------------------------------------------------------------------------------------------------


def locator(code: Code) -> bytes:
    """This will give the keyed hash by which a thread is found (32 bytes); the code itself is kept nowhere."""
    return keyring.derive(keyring.current().derived("codes/locator"), code.secret.hex())


def code_key(code: Code, second: str = "") -> bytes:
    """This will give the key that a code and the pepper make together (32 bytes), with a client's second secret.

    Source: security.md 13.
    """
    return keyring.derive(keyring.current().derived("codes/pepper"), code.secret.hex() + second)


def wrap_for(code: Code, key: Key, second: str = "") -> bytes:
    """This will wrap a thread's key under its code."""
    return seal_under(code_key(code, second), key.secret, f"thread|{key.id}")


def thread_key(code: Code, key_id: UUID, code_wrap: bytes, second: str = "") -> Key:
    """This will open a thread's key with its code.

    :raises Unreadable: where the wrap was altered, or is another code's or another secret's.
    """
    return Key(key_id, open_under(code_key(code, second), code_wrap, f"thread|{key_id}"))
