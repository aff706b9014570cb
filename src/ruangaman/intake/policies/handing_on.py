"""Rules of where a report about a member of staff goes that nobody of its own unit may read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

PROVINCE = 2  # leading digits of a place's code. Source: Permendagri 72/2019 (kode wilayah)

NO_READER_SOURCE = _("Aturan sistem: laporan tentang petugas diputuskan oleh yang tidak dimaksud di dalamnya")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that could take such a report: where it stands, and whether somebody there may read it."""

    id: UUID
    parent: UUID | None
    place: str
    may_read: bool  # an active supervisor or head who is not meant


def next_unit(
    *,
    unit: UUID,
    place: str,
    above: Mapping[UUID, UUID | None],
    units: Iterable[Candidate],
    asked: Collection[UUID],
) -> UUID | None:
    """This will choose the unit that takes over a report about a member of staff: one above or beside its own under the
    same organisation, the nearest first; else one of the same province; else any. None where nobody is left to ask.

    ``above``: the organisation over each organisation. ``asked``: units that said no, or did not answer in time.

    Who is near knows the help that she can reach; who stands under the same organisation answers to the same
    government. Nearer than that, in the unit itself, nobody may read it.

    Source: issue 6, "a report about a member of staff: wall and another triager"; security.md, "Escalation skips
    walled people".
    """
    heights = {one: height for height, one in enumerate(_chain(unit, above))}
    able = [one for one in units if one.may_read and one.id != unit and one.id not in asked]

    def order(one: Candidate) -> tuple[int, int, str, str]:
        near = [heights[at] for at in (one.id, one.parent) if at is not None and at != unit and at in heights]
        province = bool(place and one.place) and one.place[:PROVINCE] == place[:PROVINCE]
        rank = 0 if near else 1 if province else 2
        return rank, min(near, default=0), one.place, str(one.id)

    return min(able, key=order).id if able else None


def _chain(unit: UUID, above: Mapping[UUID, UUID | None]) -> list[UUID]:
    """The unit and what stands over it, from below; a ring of organisations ends where it began."""
    found: list[UUID] = []
    at: UUID | None = unit
    while at is not None and at not in found:
        found.append(at)
        at = above.get(at)
    return found
