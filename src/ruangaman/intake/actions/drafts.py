"""Writes of the public form: a draft, and the report that it becomes."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field, fields
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier
from ruangaman.access.states import Section
from ruangaman.intake import policies
from ruangaman.intake.actions.receiving import EVERY_DAY, Told, code_key, filing, locator, receive
from ruangaman.intake.models import Draft, DraftFile
from ruangaman.intake.policies import form as rules
from ruangaman.intake.states import Channel, Proof
from ruangaman.kernel import keyring, tickets
from ruangaman.kernel.codes import Code, new_code, read_code
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, new_key, open_under, seal, seal_under, unseal
from ruangaman.papers import storing
from ruangaman.papers.actions import strangers
from ruangaman.papers.states import Scan

TOLD = frozenset(one.name for one in fields(Told))


@dataclass(frozen=True, slots=True)
class Visit:
    """A draft in a browser's hands: its id, and the key that only the browser holds."""

    id: UUID
    secret: bytes = field(repr=False)

    @property
    def key(self) -> Key:
        return Key(self.id, self.secret)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a reporter gets: their code, and which unit answers."""

    code: Code
    unit: UUID | None


def new_visit() -> Visit:
    """This will begin a draft that is nowhere yet."""
    key = new_key()
    return Visit(key.id, key.secret)


def work_for(visit: Visit) -> bytes:
    """This will give the challenge of a draft (32 bytes): what solves it is of no use to another."""
    return hmac.new(keyring.current().derived("intake/work"), visit.id.bytes, hashlib.sha256).digest()


def drafting(visit: Visit, at: datetime) -> Any:
    """This will carry the ticket of one draft, and nothing else."""
    return tickets.carry(tickets.sign(purpose="draft", scope=visit.id, at=at))


@transaction.atomic
def keep_draft(*, visit: Visit, answers: dict[str, Any], at: datetime, longer: bool = True) -> None:
    """This will add what was typed to a draft, sealed under the browser's key, and keep it for thirty minutes more.

    What another tab has answered meanwhile stays. ``longer``: False where its time must stay what it is.
    """
    with drafting(visit, at):
        draft = Draft.objects.select_for_update().filter(id=visit.id, receipt=None).first()
        known = draft or Draft(id=visit.id, expires_at=at + policies.DRAFT_LIFE)
        seal(known, "answers", json.dumps({**_answers(known, visit), **answers}), visit.key)
        if draft is None:
            known.save(force_insert=True)
            return
        if longer:
            draft.expires_at = at + policies.DRAFT_LIFE
        draft.save(update_fields=["answers", "expires_at"])


@transaction.atomic
def keep_typing(*, visit: Visit, step: str, answers: dict[str, Any], at: datetime) -> bool:
    """This will keep what stands on a page so far, while it is being typed, and say whether it did.

    Only while the draft stands at that page: what comes late on a bad line must not undo what was sent after it. And no
    draft begins so: one that was left in another window stays gone.
    """
    with drafting(visit, at):
        draft = Draft.objects.select_for_update().filter(id=visit.id, receipt=None).first()
        known = _answers(draft, visit) if draft else {}
        if draft is None or known.get("step") != step:
            return False
        seal(draft, "answers", json.dumps({**known, **answers}), visit.key)
        draft.expires_at = at + policies.DRAFT_LIFE
        draft.save(update_fields=["answers", "expires_at"])
    return True


@transaction.atomic
def read_draft(*, visit: Visit, at: datetime) -> tuple[dict[str, Any], str] | None:
    """This will open a draft: (answers, the code of its report where it was sent), or None where it is gone.

    :raises Unreadable: where the key is not the draft's.
    """
    with drafting(visit, at):
        draft = Draft.objects.filter(id=visit.id).first()
    if draft is None:
        return None
    return _answers(draft, visit), unseal(draft, "receipt", visit.key) or ""


def _answers(draft: Draft, visit: Visit) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(unseal(draft, "answers", visit.key) or "{}")
    return opened


@transaction.atomic
def drop_draft(*, visit: Visit, at: datetime) -> None:
    """This will delete a draft, its files, and the receipt in it."""
    with drafting(visit, at):
        # Locked first: a piece that is coming in at this moment must not be written after its file was deleted.
        Draft.objects.select_for_update().filter(id=visit.id).first()
        for file in DraftFile.objects.select_for_update().filter(draft_id=visit.id):
            storing.forget(file.id)
            file.delete()
        Draft.objects.filter(id=visit.id).delete()


@transaction.atomic
def leave_draft(*, visit: Visit, at: datetime) -> None:
    """This will delete a draft, unless a code was taken for it: then it waits for that code. Source: care.md 3."""
    with drafting(visit, at):
        waiting = Draft.objects.select_for_update().filter(id=visit.id, receipt=None, locator__isnull=False)
        draft = waiting.first()
        if draft is not None:
            _give_to_its_code(draft, visit)
    if draft is None:
        drop_draft(visit=visit, at=at)


def _give_to_its_code(draft: Draft, visit: Visit) -> None:
    """Under a new key, which its code wraps: where the answer to Exit is lost the browser still holds its cookie, and
    that must open nothing any more.
    """
    try:
        answers = _answers(draft, visit)
    except Unreadable:  # left before: this key has opened nothing since
        return
    fresh = Visit(visit.id, new_key().secret)
    seal(draft, "answers", json.dumps(answers), fresh.key)
    draft.code_wrap = _wrapped(fresh, read_code(answers["code"]))
    for file in DraftFile.objects.select_for_update().filter(draft_id=visit.id):
        seal(file, "facts", json.dumps(facts_of(file, visit)), fresh.key)
        file.save(update_fields=["facts"])
    draft.save(update_fields=["answers", "code_wrap"])


def _wrapped(visit: Visit, code: Code) -> bytes:
    return seal_under(code_key(code), visit.secret, f"draft|{visit.id}")


# --- going on later -----------------------------------------------------------------------------------------------


@transaction.atomic
def take_code(*, visit: Visit, at: datetime) -> tuple[Code, datetime]:
    """This will give a draft a code with which it goes on in any browser, and say until when. Its time stays.

    Asked twice, it gives the same code.

    :raises Refused: where the draft is gone, or was sent.
    """
    with drafting(visit, at):
        draft = Draft.objects.select_for_update().filter(id=visit.id, receipt=None).first()
        if draft is None:
            raise Refused(_("Waktu menulis sudah habis dan tulisanmu sudah dihapus. Mulai lagi dari awal."))
        answers = _answers(draft, visit)
        code = read_code(answers["code"]) if "code" in answers else new_code()
        draft.locator = locator(code)
        draft.code_wrap = _wrapped(visit, code)
        seal(draft, "answers", json.dumps({**answers, "code": str(code)}), visit.key)
        draft.save(update_fields=["locator", "code_wrap", "answers"])
    return code, draft.expires_at


@transaction.atomic
def code_taken(*, visit: Visit, at: datetime) -> tuple[Code, datetime] | None:
    """This will give the code that was taken for a draft and until when it opens it, or None where none was.

    :raises Unreadable: where the key is not the draft's.
    """
    with drafting(visit, at):
        draft = Draft.objects.filter(id=visit.id, receipt=None, locator__isnull=False).first()
    return (read_code(_answers(draft, visit)["code"]), draft.expires_at) if draft else None


def resume(code: Code) -> Visit | None:
    """This will give the draft that a code was taken for, or None where there is none, or its time is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT draft, code_wrap FROM door.locate_draft(%s)", [locator(code)])
        found = cursor.fetchone()
    if not found or found[0] is None:
        return None
    try:
        return Visit(found[0], open_under(code_key(code), found[1], f"draft|{found[0]}"))
    except Unreadable:
        return None


# --- sending ------------------------------------------------------------------------------------------------------


def told_in(answers: dict[str, Any]) -> Told:
    """This will give what the pages of the form have asked as what a report tells."""
    kept = {name: value for name, value in answers.items() if name in TOLD and value not in (None, "", [])}
    kept["danger_now"] = answers.get("danger_now") in ("yes", True)
    if isinstance(kept.get("weekdays"), list):
        kept["weekdays"] = sum(1 << int(day) for day in set(kept["weekdays"])) or EVERY_DAY
    for name in ("from_time", "until_time"):
        if isinstance(kept.get(name), str):
            kept[name] = time.fromisoformat(kept[name])
    return Told(**{"story": "", **kept})


@transaction.atomic
def file_report(*, visit: Visit, at: datetime, worked: bool = False, in_flood: bool = False) -> Sent:
    """This will turn a draft into a report of the unit that serves its place, and give the reporter's code.

    Sent twice, it makes one report and gives the same code: the draft is locked and remembers its receipt.
    ``worked``: whether the browser did the work. ``in_flood``: one of a great many; it is kept like any other.

    :raises Refused: where the draft has expired, tells nothing, or no unit is there to take it.
    """
    with drafting(visit, at):
        draft = Draft.objects.select_for_update().filter(id=visit.id).first()
        files = list(DraftFile.objects.select_for_update().filter(draft_id=visit.id)) if draft else []
    if draft is None:
        raise Refused(_("Waktu menulis sudah habis dan tulisanmu sudah dihapus. Mulai lagi dari awal."))
    answers = _answers(draft, visit)
    if draft.receipt is not None:
        return Sent(read_code(unseal(draft, "receipt", visit.key) or ""), UUID(answers["unit"]))
    code, key = new_code(), key_of_files(answers)
    with filing(visit.id, at):
        dossier = receive(
            dossier_id=visit.id,
            told=told_in(rules.counted(answers)),
            code=code,
            channel=Channel.WEB,
            proof=Proof.WORKED if worked else Proof.NONE,
            in_flood=in_flood,
            thread_key=key,
            at=at,
        )
        kept = _keep_files(dossier, files, visit, key, at)
    seal(draft, "receipt", str(code), visit.key)
    # Who answers, so that the receipt can say by when; nothing else of what was typed stays.
    seal(draft, "answers", json.dumps({"unit": str(dossier.unit_id)}), visit.key)
    draft.locator = draft.code_wrap = None
    # Whoever wrote slowly gets the whole time to write the code down.
    draft.expires_at = at + policies.DRAFT_LIFE
    with drafting(visit, at):
        draft.save(update_fields=["receipt", "answers", "locator", "code_wrap", "expires_at"])
        # They are papers now: what deletes the files of drafts must not find them. One that never came whole stays
        # with the draft, and goes with it.
        DraftFile.objects.filter(id__in=kept).delete()
    return Sent(code, dossier.unit_id)


def _keep_files(
    dossier: Dossier, files: list[DraftFile], visit: Visit, key: Key | None, at: datetime
) -> list[UUID]:
    kept = []
    for file in files:
        facts = facts_of(file, visit)
        if key is None or "digest" not in facts:
            continue
        strangers.keep(
            dossier_id=dossier.id,
            unit_id=dossier.unit_id,
            stage=dossier.stage,
            section=Section.THREAD,
            key=key,
            subject=None,
            facts=strangers.Facts(
                id=file.id,
                name=facts["name"],
                size=facts["size"],
                pieces=facts["pieces"],
                media_type=facts["media_type"],
                digest=facts["digest"],
                pages=facts["pages"],
                scan=Scan(facts["scan"]),
            ),
            at=at,
        )
        kept.append(file.id)
    return kept


def facts_of(file: DraftFile, visit: Visit) -> dict[str, Any]:
    """This will open what is known of a file of a draft: its name, size, pieces; once examined, the rest."""
    opened: dict[str, Any] = json.loads(unseal(file, "facts", visit.key) or "{}")
    return opened


def key_of_files(answers: dict[str, Any]) -> Key | None:
    """This will give the key that the files of a draft are sealed under: that of the thread to come."""
    kept = answers.get("files_key")
    return Key(UUID(kept[0]), bytes.fromhex(kept[1])) if kept else None
