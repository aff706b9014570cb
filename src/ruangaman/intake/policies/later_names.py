"""Rules of who came later, or took another name, and may be meant by a report about staff."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from ruangaman.kernel.names import ALIKE, likeness


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody with an account: their name now and before, and whether a wall before them was lifted by hand."""

    id: UUID
    name: str
    former: str
    let_in: bool


def meant(*, told: Collection[str], people: Iterable[Bearer]) -> list[UUID]:
    """This will give who is to be kept out, because their name is like one that was told of.

    Who was let in by hand, under a name that is like it too, stays in: a title makes nobody another. Under a name that
    was not, whoever let them in could not know.

    Source: issue 6, "a report about a member of staff: wall and another triager".
    """

    def alike(name: str) -> bool:
        return any(likeness(one, name) >= ALIKE for one in told)

    return [one.id for one in people if alike(one.name) and not (one.let_in and alike(one.former))]
