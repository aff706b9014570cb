"""Files of a report that is being written: they come in pieces or whole, are examined, and can be taken away again."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.intake import policies
from ruangaman.intake.actions.drafts import Visit, drafting, facts_of, key_of_files
from ruangaman.intake.models import Draft, DraftFile
from ruangaman.intake.policies.form import MOST_FILES
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, new_key, seal, unseal
from ruangaman.papers import storing
from ruangaman.papers.actions import strangers
from ruangaman.papers.policies.files import check_whole


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a draft as its page shows it. ``received``: how many pieces came; ``kept``: whole, and examined."""

    id: UUID
    name: str
    size: int
    received: int
    kept: bool


def files_of(*, visit: Visit, at: datetime) -> list[Attached]:
    """This will give the files of a draft in the order in which they came; one query."""
    with transaction.atomic(), drafting(visit, at):
        rows = list(DraftFile.objects.filter(draft_id=visit.id).order_by("added_at", "id"))
    return [_shown(row, facts_of(row, visit)) for row in rows]


def _shown(row: DraftFile, facts: dict[str, Any]) -> Attached:
    return Attached(row.id, facts["name"], facts["size"], facts["pieces"], "digest" in facts)


@transaction.atomic
def begin_file(*, visit: Visit, file_id: UUID, name: str, size: int, at: datetime) -> Attached:
    """This will begin to take in a file. Announced twice under one id, it is begun once.

    :raises Refused: for a name or a size that is not taken, too many files, or a draft that is gone.
    """
    strangers.check_announced(name=name, size=size)
    with drafting(visit, at):
        draft = _locked(visit)
        there = DraftFile.objects.filter(id=file_id, draft_id=visit.id).first()
        if there is not None:
            return _shown(there, facts_of(there, visit))
        if DraftFile.objects.filter(draft_id=visit.id).count() >= MOST_FILES:
            raise Refused(
                _("Paling banyak %d berkas. Hapus salah satu dulu, atau kirim sisanya nanti dengan kodemu.")
                % MOST_FILES
            )
        answers = json.loads(unseal(draft, "answers", visit.key) or "{}")
        if key_of_files(answers) is None:
            key = new_key()
            answers["files_key"] = [str(key.id), key.secret.hex()]
            seal(draft, "answers", json.dumps(answers), visit.key)
        draft.expires_at = at + policies.DRAFT_LIFE
        draft.save(update_fields=["answers", "expires_at"])
        row = DraftFile(id=file_id, draft_id=visit.id, added_at=at)
        facts = {"name": name.strip(), "size": size, "pieces": 0}
        seal(row, "facts", json.dumps(facts), visit.key)
        row.save(force_insert=True)
        return _shown(row, facts)


def _locked(visit: Visit) -> Draft:
    draft = Draft.objects.select_for_update().filter(id=visit.id, receipt=None).first()
    if draft is None:
        raise Refused(_("Waktu menulis sudah habis dan tulisanmu sudah dihapus. Mulai lagi dari awal."))
    return draft


def _file(visit: Visit, file_id: UUID) -> DraftFile:
    row = DraftFile.objects.select_for_update().filter(id=file_id, draft_id=visit.id).first()
    if row is None:
        raise Refused(_("Berkas ini sudah tidak diterima lagi. Lampirkan lagi dari awal."))
    return row


def _key(draft: Draft, visit: Visit) -> Key:
    key = key_of_files(json.loads(unseal(draft, "answers", visit.key) or "{}"))
    if key is None:
        raise Refused(_("Berkas ini sudah tidak diterima lagi. Lampirkan lagi dari awal."))
    return key


@transaction.atomic
def take_piece(*, visit: Visit, file_id: UUID, index: int, content: bytes, at: datetime) -> int:
    """This will take one piece of a file and give how many have come. Whoever still sends has time to go on.

    :raises Refused: for a piece out of order or of the wrong length, or a file or draft that is gone.
    """
    with drafting(visit, at):
        draft = _locked(visit)
        row = _file(visit, file_id)
        facts = facts_of(row, visit)
        received = strangers.take_piece(
            paper_id=row.id, key=_key(draft, visit), index=index,
            received=facts["pieces"], size=facts["size"], content=content,
        )  # fmt: skip
        if received != facts["pieces"]:
            seal(row, "facts", json.dumps({**facts, "pieces": received}), visit.key)
            row.save(update_fields=["facts"])
        draft.expires_at = at + policies.DRAFT_LIFE
        draft.save(update_fields=["expires_at"])
    return received


def finish_file(*, visit: Visit, file_id: UUID, at: datetime) -> strangers.Facts | None:
    """This will examine a file that has come in whole; what is refused is deleted at once. None: it was kept before.

    It takes seconds, and so it begins and ends transactions of its own.

    :raises Refused: for a file that is not kept, with the reason and what to do.
    """
    with transaction.atomic(), drafting(visit, at):
        draft = _locked(visit)
        facts = facts_of(_file(visit, file_id), visit)
        if "digest" in facts:
            return None
        check_whole(received=facts["pieces"], size=facts["size"])
        key = _key(draft, visit)
    try:
        seen = strangers.examine(paper_id=file_id, key=key, name=facts["name"], size=facts["size"])
    except Refused:
        remove_file(visit=visit, file_id=file_id, at=at)
        raise
    _note(visit, seen, at)
    return seen


def add_whole(*, visit: Visit, file_id: UUID, name: str, content: bytes, at: datetime) -> strangers.Facts:
    """This will take in a file that came in one piece with its form, without script.

    :raises Refused: for a file that is not kept, with the reason and what to do.
    """
    strangers.check_announced(name=name, size=len(content), largest=strangers.WHOLE)
    begin_file(visit=visit, file_id=file_id, name=name, size=len(content), at=at)
    with transaction.atomic(), drafting(visit, at):
        key = _key(_locked(visit), visit)
    try:
        seen = strangers.take_whole(paper_id=file_id, key=key, name=name, content=content)
    except Exception:
        remove_file(visit=visit, file_id=file_id, at=at)
        raise
    _note(visit, seen, at)
    return seen


def _note(visit: Visit, seen: strangers.Facts, at: datetime) -> None:
    try:
        with transaction.atomic(), drafting(visit, at):
            row = _file(visit, seen.id)
            told = {name: value for name, value in asdict(seen).items() if name != "id"}
            seal(row, "facts", json.dumps(told), visit.key)
            row.save(update_fields=["facts"])
    except Refused:
        # It was taken away, or its writer has left, while it was looked at: nothing of it stays.
        storing.forget(seen.id)
        raise


@transaction.atomic
def remove_file(*, visit: Visit, file_id: UUID, at: datetime) -> None:
    """This will take a file away again, pieces first, so that none is left without its row."""
    with drafting(visit, at):
        Draft.objects.select_for_update().filter(id=visit.id).first()  # in the order of everybody else
        row = DraftFile.objects.select_for_update().filter(id=file_id, draft_id=visit.id).first()
        if row is not None:
            storing.forget(row.id)
            row.delete()
