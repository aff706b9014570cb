"""Who is one person with whom: the records of a file, what hangs on each, links, and other files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db import connection, models

from ruangaman.access.models import DataKey, Dossier, DossierRow
from ruangaman.access.queries import Viewer, every_key, open_key
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.names import likeness
from ruangaman.people.models import Likeness, Part, Person
from ruangaman.people.policies import initials, likenesses
from ruangaman.people.policies.likenesses import Score
from ruangaman.people.queries import clients_of
from ruangaman.people.queries.finding import proposals

MOST_PROPOSED = 20
MOST_FILES = 30
# From the people of a dossier along the links that stand, as far as the viewer sees both ends of each. By dossier,
# because that is what the links are indexed by.
OTHER_FILES = """
WITH RECURSIVE met (person, dossier, started) AS (
    SELECT id, dossier_id, id FROM people_person WHERE dossier_id = %(dossier)s
    UNION
    SELECT far.person, far.dossier, m.started
    FROM met m
    JOIN people_likeness l ON m.dossier IN (l.dossier_id, l.other_dossier_id) AND m.person IN (l.person_id, l.other_id)
                          AND l.decision = 'same' AND l.undone_at IS NULL
    CROSS JOIN LATERAL (VALUES (l.person_id, l.dossier_id), (l.other_id, l.other_dossier_id)) AS far (person, dossier)
    WHERE far.person <> m.person
)
SELECT d.id, d.reference, d.stage, d.opened_at, array_agg(DISTINCT m.started)
FROM met m JOIN access_dossier d ON d.id = m.dossier AND d.erased_at IS NULL
WHERE d.id <> %(dossier)s
GROUP BY d.id ORDER BY d.opened_at DESC, d.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class OtherFile:
    """Another file in which somebody of this one is, and who of this one it is."""

    reference: str
    stage: str
    opened_at: datetime
    people: tuple[UUID, ...]  # records of this file


def people_of(viewer: Viewer, dossier_id: UUID) -> list[Person]:
    """This will give every record of a person in a dossier, still sealed, the oldest first; one query."""
    return list(Person.objects.filter(dossier_id=dossier_id).order_by("id"))


def person_by_id(viewer: Viewer, person_id: UUID) -> Person | None:
    """This will give one record with its dossier, still sealed, if the viewer may see both; one query."""
    return Person.objects.filter(id=person_id).select_related("dossier").first()


def ones_of(viewer: Viewer, dossier_id: UUID) -> dict[UUID, UUID]:
    """This will give, for each record of a dossier in reach, the one it was found to be; one query."""
    return dict(Person.objects.filter(dossier_id=dossier_id).values_list("id", "one_id"))


def clients_by_record(viewer: Viewer, dossier_id: UUID) -> dict[UUID, Person]:
    """This will give, for every record of a client, the one by which `clients_of` offers her; two queries.

    What was written down for her before two records were found to be hers names either.
    """
    offered = {client.one_id: client for client in clients_of(viewer, dossier_id)}
    ones = ones_of(viewer, dossier_id) if offered else {}
    return {record: offered[one] for record, one in ones.items() if one in offered}


def parts_by_person(viewer: Viewer, people: Iterable[Person]) -> dict[UUID, list[Part]]:
    """This will give what each of these people is in their dossier, as far as the viewer may know; one query."""
    found: dict[UUID, list[Part]] = {person.id: [] for person in people}
    for part in Part.objects.filter(person_id__in=list(found)).order_by("since", "id"):
        found[part.person_id].append(part)
    return found


# --- links ------------------------------------------------------------------------------------------------------------


def links_of(viewer: Viewer, dossier_id: UUID) -> list[Likeness]:
    """This will give what was decided about records of a dossier, and what was undone, newest first; one query.

    Of links with other files, those whose other side the viewer sees.
    """
    found = Likeness.objects.filter(models.Q(dossier_id=dossier_id) | models.Q(other_dossier_id=dossier_id))
    told = found.select_related("person", "other", "dossier", "other_dossier", "decided_by", "undone_by")
    return list(told.order_by("-decided_at", "-id"))


def link_by_id(viewer: Viewer, likeness_id: UUID) -> Likeness | None:
    """This will give one decision with both records and dossiers, if the viewer may see them; one query."""
    found = Likeness.objects.filter(id=likeness_id)
    return found.select_related("person", "other", "dossier", "other_dossier").first()


def decided_pairs(viewer: Viewer, dossier_id: UUID) -> set[frozenset[UUID]]:
    """This will give the pairs about which a decision stands, so that they are not proposed again; one query."""
    live = Likeness.objects.filter(undone_at=None)
    live = live.filter(models.Q(dossier_id=dossier_id) | models.Q(other_dossier_id=dossier_id))
    return {frozenset(pair) for pair in live.values_list("person_id", "other_id")}


def other_files(viewer: Viewer, dossier_id: UUID) -> list[OtherFile]:
    """This will give the other files of the people of a dossier, over all links, as far as the viewer sees them.

    A file out of reach is absent, and so is what only it leads to; one query.
    """
    with connection.cursor() as cursor:
        cursor.execute(OTHER_FILES, {"dossier": dossier_id, "most": MOST_FILES})
        return [
            OtherFile(reference, stage, opened_at, tuple(people))
            for _id, reference, stage, opened_at, people in cursor.fetchall()
        ]


# --- what hangs on a record: a later room knows its own rows, and names them here -------------------------------------


@dataclass(frozen=True, slots=True)
class Hanging:
    """A kind of row that belongs to a person: what it is called, its table and the column that names the person."""

    label: Any
    model: type[DossierRow]
    column: str


_hanging: list[Hanging] = []


def register_hanging(label: Any, model: type[DossierRow], column: str) -> None:
    """This will add a kind of row that stays with the record it was written for."""
    one = Hanging(label, model, column)
    if (model, column) not in [(known.model, known.column) for known in _hanging]:
        _hanging.append(one)


def hanging_on(viewer: Viewer, people: Sequence[UUID]) -> dict[UUID, list[tuple[Any, int]]]:
    """This will count what belongs to each of these records, as far as the viewer may see it; one query a kind."""
    found: dict[UUID, list[tuple[Any, int]]] = {person: [] for person in people}
    for one in _hanging:
        counted = one.model._default_manager.filter(**{f"{one.column}__in": people}).order_by()
        for person, number in counted.values_list(one.column).annotate(models.Count("id")):
            found[person].append((one.label, number))
    return found


# --- who may be one with whom -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What of a record is compared, in clear, for one page."""

    person: Person
    name: str
    born_on: date | None
    nik: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be of one person, and how likely that is. The other may be of another file."""

    person: Person
    other: Person
    initials: str
    other_initials: str
    score: Score


def alike_inside(viewer: Viewer, dossier: Dossier) -> list[Pair]:
    """This will propose the records of one dossier that may be of one person, the likeliest first; three queries.

    Names are opened and compared, and only initials are given. What was decided is not proposed again, nor what
    follows from it.
    """
    people = people_of(viewer, dossier.id)
    if len(people) < 2:
        return []
    decided, known = decided_pairs(viewer, dossier.id), _told(people, every_key(dossier.id))
    found = [
        pair
        for one, two in combinations(known, 2)
        if one.person.one_id != two.person.one_id and frozenset((one.person.id, two.person.id)) not in decided
        if (pair := _pair(one, two))
    ]
    return sorted(found, key=lambda pair: -pair.score.value)[:MOST_PROPOSED]


def alike_elsewhere(viewer: Viewer, dossier: Dossier) -> list[Pair]:
    """This will propose records of other dossiers of the same unit, for who reaches these by rank."""
    found: list[Pair] = []
    for one in _told(people_of(viewer, dossier.id), every_key(dossier.id)):
        hits = {
            hit.person_id: hit
            for hit in proposals(viewer, dossier, one.person)
            if hit.dossier_id != dossier.id
        }
        others = Person.objects.filter(id__in=list(hits)).select_related("dossier") if hits else []
        for other in others:
            hit = hits[other.id]
            score = Score(hit.score, hit.why)
            found.append(Pair(one.person, other, initials(one.name), initials(hit.name), score))
    return sorted(found, key=lambda pair: -pair.score.value)[:MOST_PROPOSED]


def _told(people: Iterable[Person], wrapped: Mapping[str, DataKey]) -> list[Told]:
    """What opens of these records; one that was altered or is out of reach is absent."""
    found = []
    for person in people:
        if person.section in wrapped:
            try:
                key = open_key(wrapped[person.section])
                born = unseal(person, "born_on", key)
                found.append(
                    Told(
                        person,
                        unseal(person, "name", key) or "",
                        date.fromisoformat(born) if born else None,
                        unseal(person, "nik", key) or "",
                    )
                )
            except Unreadable:
                continue  # the page of the file says that something there does not open
    return found


def compared(one: Told, two: Told) -> tuple[float, Score]:
    """This will say how alike two names are, and how likely two records are of one person, with the reasons."""
    name = likeness(one.name, two.name)
    score = likenesses.score(
        name,
        years=(one.born_on.year if one.born_on else None, two.born_on.year if two.born_on else None),
        guessed=one.person.born_estimated or two.person.born_estimated,
        sexes=(one.person.sex, two.person.sex),
        same_nik=one.nik == two.nik if one.nik and two.nik else None,
    )
    return name, score


def _pair(one: Told, two: Told) -> Pair | None:
    name, score = compared(one, two)
    if not likenesses.worth_showing(name, score):
        return None
    return Pair(one.person, two.person, initials(one.name), initials(two.name), score)
