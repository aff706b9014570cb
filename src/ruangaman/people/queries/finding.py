"""Finding people by name, birth year, area and national number, without opening what is not shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from ruangaman.access.matrix import allows
from ruangaman.access.models import DataKey, Dossier
from ruangaman.access.queries import Viewer, every_key, open_key
from ruangaman.access.states import Section, Stage
from ruangaman.kernel import keyring
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.kernel.names import ALIKE, OPENED, fetched, likeness
from ruangaman.kernel.tokens import asked, asked_about, of_number
from ruangaman.people.models import Likeness, Person
from ruangaman.people.policies import likenesses
from ruangaman.people.policies.likenesses import Wanted

# Each token for its newest people, in one unit and stage after the other: the index gives them in that order and is
# never entered at a place that the viewer may not see. The policy is the backstop.
HITS = """
SELECT wanted.form, hit.person_id, hit.dossier_id, hit.opened_at
FROM unnest(%s::integer[], %s::uuid[], %s::text[], %s::text[], %s::bytea[])
     AS wanted (form, unit, section, stage, token)
CROSS JOIN LATERAL (
    SELECT t.person_id, t.dossier_id, t.opened_at FROM people_nametoken t
    WHERE t.unit_id = wanted.unit AND t.section = wanted.section AND t.stage = wanted.stage
      AND t.token = wanted.token
      AND t.opened_at >= %s AND t.opened_at < %s
    ORDER BY t.opened_at DESC LIMIT %s
) AS hit
"""
# Who works in single files, by a grant, is led by those files: what lies in others is not touched either.
GRANTED_HITS = """
SELECT wanted.form, t.person_id, t.dossier_id, t.opened_at
FROM (SELECT DISTINCT dossier_id, unit_id, section FROM access_grant
      WHERE principal_id = ANY(%s) AND section = ANY(%s)
        AND until > statement_timestamp() AND withdrawn_at IS NULL) AS g
JOIN people_nametoken t ON t.dossier_id = g.dossier_id AND t.section = g.section
JOIN unnest(%s::integer[], %s::uuid[], %s::bytea[]) AS wanted (form, unit, token)
     ON wanted.unit = t.unit_id AND wanted.token = t.token
WHERE t.opened_at >= %s AND t.opened_at < %s
ORDER BY t.opened_at DESC
"""
# The sections in which people are known.
PEOPLE = (Section.IDENTITY, Section.REPORTER, Section.PARTIES)
EVER = (datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
REGENCY_CODE, VILLAGE_CODE = 5, 13  # the lengths of ``31.73`` and ``31.73.01.1001``

Hit = tuple[UUID, UUID, datetime]  # person, dossier, opened_at


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody a search proposes: how alike the names are, how likely it is the one who is looked for, and why.

    ``why``: codes of `people.policies.likenesses.Why`.
    """

    person_id: UUID
    dossier_id: UUID
    name: str
    likeness: float
    opened_at: datetime
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One form to look up in one unit: its token, and the area or number that it stands for besides the name."""

    token: bytes
    says: str = ""


def token_key(unit_id: UUID) -> bytes:
    """This will give the key of one unit's blind tokens (32 bytes)."""
    return keyring.current().derived(f"tokens/{unit_id}")


def find(
    viewer: Viewer,
    name: str,
    *,
    born_year: int | None = None,
    area: str = "",
    nik: str = "",
    most: int = 10,
    within: tuple[datetime, datetime] = EVER,
) -> tuple[list[Found], bool]:
    """This will find people in the units and files the viewer reaches: (the most likely, whether to ask for more).

    Sharp forms are asked first, those of the name together with ``born_year``, ``area`` (a code) or ``nik`` among them;
    blunt ones only when nobody alike was met (`kernel.names.asked`). At most OPENED names are opened; where that many
    were met, namesakes may be left out, and the page asks for the year or the area (``within``: filed from, until).
    Only tokens of units, stages and files in reach are touched, so that nothing hidden takes time.
    Source: security.md 11.
    """
    found, crowded = _search(viewer, Wanted(name, born_year, area, nik), within)
    return found[:most], crowded


def proposals(viewer: Viewer, dossier: Dossier, person: Person, *, most: int = 10) -> list[Found]:
    """This will give who may be the same as somebody in a dossier, in the unit and within the viewer's reach.

    Without those about whom somebody decided, and without the other records that are known to be this person.
    """
    row = every_key(dossier.id).get(person.section)
    name = opened(person, "name", row) if row else None
    if not row or not name:
        return []
    born = opened(person, "born_on", row)
    wanted = Wanted(
        name, date.fromisoformat(born).year if born else None, nik=opened(person, "nik", row) or ""
    )
    found, _crowded = _search(viewer, wanted, EVER, only=dossier.unit_id, like=person)
    same = set(Person.objects.filter(dossier=dossier, one_id=person.one_id).values_list("id", flat=True))
    decided = Likeness.objects.filter(Q(person=person) | Q(other=person), undone_at=None)
    known = same.union(*decided.values_list("person_id", "other_id"))
    return [one for one in found if one.person_id not in known][:most]


def _search(
    viewer: Viewer,
    wanted: Wanted,
    within: tuple[datetime, datetime],
    *,
    only: UUID | None = None,
    like: Person | None = None,
) -> tuple[list[Found], bool]:
    reach = [
        (unit, part, stages)
        for part in PEOPLE
        for unit, stages in viewer.units(part).items()
        if only in (None, unit)
    ]
    granted = {seat.organisation_id for seat in viewer.seats if _works_by_grant(seat.role)}
    granted = {unit for unit in granted if only in (None, unit)}
    questions = {unit: _questions(wanted, unit) for unit in {unit for unit, _p, _s in reach} | granted}
    opened_: dict[UUID, Found] = {}
    met: dict[UUID, Hit] = {}
    for kind in (0, 1):
        asking = {unit: of[kind] for unit, of in questions.items()}
        by_form = _by_rank(asking, reach, within)
        _by_grant(viewer, {unit: asking[unit] for unit in granted}, within, by_form)
        if not by_form:
            continue
        says: dict[UUID, set[str]] = {}
        told = {form: one.says for of in asking.values() for form, one in enumerate(of)}
        for form, hits in by_form.items():
            for hit in hits:
                says.setdefault(hit[0], set()).add(told[form])
        lists = [
            sorted(set(hits), key=lambda hit: (hit[2], hit[0]), reverse=True)[:OPENED]
            for hits in by_form.values()
        ]
        fresh = [hit for hit in fetched(lists) if hit[0] not in met][: OPENED - len(met)]
        met.update((hit[0], hit) for hit in fresh)
        opened_.update(open_names(wanted, fresh, says, like))
        if any(found.likeness >= ALIKE for found in opened_.values()):
            break
    likely = sorted(opened_.values(), key=lambda f: (-f.score, -f.likeness, f.name))
    return likely, len(met) >= OPENED


def _works_by_grant(role: str) -> bool:
    return any(allows(role, "grant", stage, part, "r") for stage in Stage for part in PEOPLE)


def _questions(wanted: Wanted, unit: UUID) -> tuple[list[Question], list[Question]]:
    """What to look up in a unit, sharp forms first, blunt ones second; a form has the same place in every unit."""
    key = token_key(unit)
    sharp, blunt = ([Question(token) for token in tokens] for tokens in asked(wanted.name, key))
    together = [asked_about(wanted.name, key, birth_years=_years(wanted.born_year))]
    says = [""]
    for area in areas_of(wanted.area):
        together.append(asked_about(wanted.name, key, areas=[area]))
        says.append(area)
    for both, said in zip(together, says, strict=True):
        for into, tokens in zip((sharp, blunt), both, strict=True):
            into += [Question(token, said) for token in tokens]
    if wanted.nik:
        sharp.append(Question(of_number(wanted.nik, key), wanted.nik))
    return sharp, blunt


def _years(year: int | None) -> Sequence[int]:
    apart = likenesses.YEARS_APART_GUESSED
    return range(year - apart, year + apart + 1) if year is not None else ()


def areas_of(code: str) -> list[str]:
    """This will give the codes to look for: the area itself, and the kabupaten or kota around it."""
    return list(dict.fromkeys([code, code[:REGENCY_CODE]])) if code else []


def _by_rank(
    asking: dict[UUID, list[Question]],
    reach: Sequence[tuple[UUID, str, tuple[str, ...]]],
    within: tuple[datetime, datetime],
) -> dict[int, list[Hit]]:
    """The hits of each form in the units whose files the viewer reaches; one query."""
    wanted = [
        (form, unit, str(part), stage, one.token)
        for unit, part, stages in reach
        for form, one in enumerate(asking[unit])
        for stage in stages
    ]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(HITS, [*(list(column) for column in zip(*wanted, strict=True)), *within, OPENED])
        return _grouped(cursor.fetchall(), {})


def _by_grant(
    viewer: Viewer,
    asking: dict[UUID, list[Question]],
    within: tuple[datetime, datetime],
    by_form: dict[int, list[Hit]],
) -> None:
    """The hits in single files that the viewer holds a grant of; one query."""
    wanted = [(form, unit, one.token) for unit, of in asking.items() for form, one in enumerate(of)]
    if not wanted:
        return
    forms, units, tokens = (list(column) for column in zip(*wanted, strict=True))
    principals = [viewer.id, *(seat.organisation_id for seat in viewer.seats)]
    with connection.cursor() as cursor:
        cursor.execute(
            GRANTED_HITS, [principals, [part.value for part in PEOPLE], forms, units, tokens, *within]
        )
        _grouped(cursor.fetchall(), by_form)


def _grouped(
    rows: Iterable[tuple[int, UUID, UUID, datetime]], into: dict[int, list[Hit]]
) -> dict[int, list[Hit]]:
    for form, person, dossier, opened_at in rows:
        into.setdefault(form, []).append((person, dossier, opened_at))
    return into


def open_names(
    wanted: Wanted,
    hits: Sequence[Hit],
    says: dict[UUID, set[str]] | None = None,
    like: Person | None = None,
) -> dict[UUID, Found]:
    """This will open the names of a search and say how likely each is; two queries. What can't be opened is absent.

    ``says``: which areas and numbers each was met by; ``like``: the record that is compared, where it is one.
    """
    if not hits:
        return {}
    dossiers = {dossier for _person, dossier, _at in hits}
    rows = DataKey.objects.filter(dossier_id__in=dossiers, section__in=PEOPLE, wrapped__isnull=False)
    keys = {(row.dossier_id, row.section): row for row in rows}
    met = {person: opened_at for person, _dossier, opened_at in hits}
    found = {}
    for person in Person.objects.filter(id__in=list(met)):
        row = keys.get((person.dossier_id, person.section))
        key = _key(row) if row else None
        stored = _field(person, "name", key)
        if not stored:
            continue
        alike = likeness(wanted.name, stored)
        score = _score(alike, wanted, person, key, (says or {}).get(person.id, set()), like)
        if likenesses.worth_showing(alike, score):
            found[person.id] = Found(
                person.id, person.dossier_id, stored, alike, met[person.id], score.value, score.why
            )
    return found


def _score(
    alike: float, wanted: Wanted, person: Person, key: Key | None, says: set[str], like: Person | None
) -> likenesses.Score:
    # What does not even sound alike, and was not met by the number, needs no birth date opened.
    if alike < likenesses.LEAST_NAME and wanted.nik not in (says - {""}):
        return likenesses.Score(0.0, ())
    born = _field(person, "born_on", key) if wanted.born_year is not None else None
    nik = _field(person, "nik", key) if wanted.nik else None
    return likenesses.score(
        alike,
        years=(wanted.born_year, date.fromisoformat(born).year if born else None),
        guessed=person.born_estimated or bool(like and like.born_estimated),
        village=len(wanted.area) == VILLAGE_CODE and wanted.area in says,
        regency=bool(says & set(areas_of(wanted.area))),
        sexes=(like.sex, person.sex) if like else (person.sex, person.sex),
        same_nik=nik == wanted.nik if nik else None,
    )


def opened(person: Person, field: str, row: DataKey) -> str | None:
    """This will open one sealed field of somebody, or give None where it is empty or was altered."""
    return _field(person, field, _key(row))


def _key(row: DataKey) -> Key | None:
    try:
        return open_key(row)
    except Unreadable:
        return None


def _field(person: Person, field: str, key: Key | None) -> str | None:
    try:
        return unseal(person, field, key) if key else None
    except Unreadable:
        return None
