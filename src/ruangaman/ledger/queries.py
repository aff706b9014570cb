"""Reads of the ledger, as far as the database lets the viewer see it."""

import re
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from ruangaman.ledger.models import Check, Entry, Seal
from ruangaman.ledger.states import FINDINGS, FOUND_AT, Verb

PAGE = 50
FOUND_WORDS = re.compile(rf"\b({'|'.join(FOUND_AT)})\b")


def entries_of(
    *, units: Collection[UUID], before: UUID | None = None, size: int = PAGE, **more: Combinable
) -> Sequence[Entry]:
    """This will give a page of the units' entries, newest first, and one more to tell whether there are older ones.

    ``more`` is what a later room reads along with each entry.
    """
    found = Entry.objects.filter(unit_id__in=units).annotate(**more).order_by("-id")
    return list(found.filter(id__lt=before)[: size + 1] if before else found[: size + 1])


def entries_about(dossier: UUID, size: int = 20, **more: Combinable) -> Sequence[Entry]:
    """This will give the newest entries about a dossier, with what a later room reads along with each."""
    return list(Entry.objects.filter(dossier_id=dossier).annotate(**more).order_by("-id")[:size])


def newest_seal() -> Seal | None:
    """This will give the newest seal: its number, how many entries it holds, and when it was made."""
    return Seal.objects.only("number", "count", "sealed_at").order_by("-number").first()


def newest_check() -> Check | None:
    """This will give the newest reading of the whole ledger."""
    return Check.objects.order_by("-at").first()


def sentence(entry: Entry, names: Mapping[str, "str | Promise"]) -> str:
    """This will say what an entry records, in the reader's language; ``names`` are what fields and roles are called."""
    told = str(Verb(entry.verb).label) if entry.verb in Verb.values else entry.verb
    named = [str(names.get(field, field)) for field in entry.fields_named]
    return f"{told}: {', '.join(named)}" if named else told


def finding(where: str, what: str) -> str:
    """This will say one finding of a check in the reader's language: where the ledger was altered, and how."""
    return f"{_placed(where)}: {FINDINGS.get(what) or _placed(what)}"


def _placed(text: str) -> str:
    return FOUND_WORDS.sub(lambda word: str(FOUND_AT[word[0]]), text)
