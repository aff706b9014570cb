"""Reads of decisions about telling somebody without her consent."""

from dataclasses import dataclass
from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.consent.models import Disclosure
from ruangaman.kernel.fields import Key, unseal


@dataclass(frozen=True, slots=True)
class Told:
    """One decision, with its words in clear."""

    row: Disclosure
    recipient: str
    what: str
    reason: str


def disclosures_of(viewer: Viewer, dossier_id: UUID) -> list[Disclosure]:
    """This will give the decisions of a dossier, newest first, still sealed; one query."""
    found = Disclosure.objects.filter(dossier_id=dossier_id).select_related("decided_by", "client")
    return list(found.order_by("-decided_at", "-id"))


def told(row: Disclosure, key: Key | None) -> Told:
    """This will open the words of one decision, or leave them empty where the key is out of reach.

    :raises Unreadable: where they were altered.
    """
    if key is None:
        return Told(row, "", "", "")
    return Told(
        row,
        unseal(row, "recipient", key) or "",
        unseal(row, "what", key) or "",
        unseal(row, "reason", key) or "",
    )
