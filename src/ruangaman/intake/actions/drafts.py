"""Writes of the public form: a draft, and the report that it becomes."""

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.intake import policies
from ruangaman.intake.actions.outreach import end_outreach as end_outreach
from ruangaman.intake.actions.outreach import plan_outreach as plan_outreach
from ruangaman.intake.actions.receiving import Told, filing
from ruangaman.intake.actions.receiving import locator as locator
from ruangaman.intake.actions.receiving import receive as receive
from ruangaman.intake.actions.receiving import thread_key as thread_key
from ruangaman.intake.actions.triage import finish_thread as finish_thread
from ruangaman.intake.actions.triage import reopen_thread as reopen_thread
from ruangaman.intake.actions.triage import triage as triage
from ruangaman.intake.models import Draft
from ruangaman.intake.states import Channel, Proof
from ruangaman.kernel import tickets
from ruangaman.kernel.codes import Code, new_code, read_code
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, new_key, seal, unseal

FIELDS = frozenset(one.name for one in fields(Told))


@dataclass(frozen=True, slots=True)
class Visit:
    """A draft in a browser's hands: its id, and the key that only the browser holds."""

    id: UUID
    secret: bytes = field(repr=False)

    @property
    def key(self) -> Key:
        return Key(self.id, self.secret)


def new_visit() -> Visit:
    """This will begin a draft that is nowhere yet."""
    key = new_key()
    return Visit(key.id, key.secret)


def _as(purpose: str, scope: UUID, at: datetime) -> Any:
    return tickets.carry(tickets.sign(purpose=purpose, scope=scope, at=at))


@transaction.atomic
def keep_draft(*, visit: Visit, answers: dict[str, Any], at: datetime) -> None:
    """This will keep what was typed so far, sealed under the browser's key, for thirty minutes more."""
    draft = Draft(id=visit.id, expires_at=at + policies.DRAFT_LIFE)
    seal(draft, "answers", json.dumps(answers), visit.key)
    with _as("draft", visit.id, at):
        kept = {"answers": draft.answers, "expires_at": draft.expires_at}
        if not Draft.objects.filter(id=visit.id, receipt=None).update(**kept):
            draft.save(force_insert=True)


@transaction.atomic
def read_draft(*, visit: Visit, at: datetime) -> tuple[dict[str, Any], str] | None:
    """This will open a draft: (answers, the code of its report where it was sent), or None where it is gone.

    :raises Unreadable: where the key is not the draft's.
    """
    with _as("draft", visit.id, at):
        draft = Draft.objects.filter(id=visit.id).first()
    if draft is None:
        return None
    return json.loads(unseal(draft, "answers", visit.key) or "{}"), unseal(draft, "receipt", visit.key) or ""


@transaction.atomic
def drop_draft(*, visit: Visit, at: datetime) -> None:
    """This will delete a draft and the receipt in it."""
    with _as("draft", visit.id, at):
        Draft.objects.filter(id=visit.id).delete()


def told_in(answers: dict[str, Any]) -> Told:
    """This will give what the pages of the form have asked as what a report tells."""
    kept = {name: value for name, value in answers.items() if name in FIELDS and value not in (None, "")}
    kept["danger_now"] = answers.get("danger_now") == "yes"
    return Told(**{"story": "", **kept})


@transaction.atomic
def file_report(*, visit: Visit, at: datetime) -> Code:
    """This will turn a draft into a report of the unit that serves its place, and give the reporter's code.

    Sent twice, it makes one report and gives the same code: the draft is locked and remembers its receipt.

    :raises Refused: where the draft has expired, tells nothing, or no unit is there to take it.
    """
    with _as("draft", visit.id, at):
        draft = Draft.objects.select_for_update().filter(id=visit.id).first()
    if draft is None:
        raise Refused(_("Waktu menulis sudah habis dan tulisanmu sudah dihapus. Mulai lagi dari awal."))
    if draft.receipt is not None:
        return read_code(unseal(draft, "receipt", visit.key) or "")
    answers = json.loads(unseal(draft, "answers", visit.key) or "{}")
    code = new_code()
    with filing(visit.id, at):
        dossier = receive(
            dossier_id=visit.id,
            told=told_in(answers),
            code=code,
            channel=Channel.WEB,
            proof=Proof.NONE,
            at=at,
        )
    seal(draft, "receipt", str(code), visit.key)
    # Who answers, so that the receipt can say by when; nothing else of what was typed stays.
    seal(draft, "answers", json.dumps({"unit": str(dossier.unit_id)}), visit.key)
    # Whoever wrote slowly gets the whole time to write the code down.
    draft.expires_at = at + policies.DRAFT_LIFE
    with _as("draft", visit.id, at):
        draft.save(update_fields=["receipt", "answers", "expires_at"])
    return code
