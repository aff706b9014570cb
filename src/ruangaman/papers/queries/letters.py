"""Reads of letters: what they look like, what a file can tell in one, and those that went out."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, QuerySet
from django.utils import translation

from ruangaman.access.models import DataKey, Dossier, Grant, Organisation
from ruangaman.access.queries import Viewer, every_key, open_key, staff_of
from ruangaman.access.states import OrganisationKind, Role, Section
from ruangaman.consent.states import Service
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.network.policies import DEFAULT_ZONE
from ruangaman.papers.models import Letter, Letterhead, Template
from ruangaman.papers.policies.layout import Content, Head
from ruangaman.papers.policies.letters import (
    FIELDS,
    FIELDS_OF,
    NATIONAL_FORMS,
    Redaction,
    Wanted,
    day_words,
    redact,
    section_of,
)
from ruangaman.papers.policies.writing import fields_in, parse
from ruangaman.papers.queries.subjects import agreed, client_about
from ruangaman.papers.states import LetterKind
from ruangaman.people.models import Person
from ruangaman.people.policies import age_on
from ruangaman.people.policies.profiles import Background
from ruangaman.people.queries import born_on, guardian_of
from ruangaman.people.queries.profiles import background_of
from ruangaman.people.states import Sex
from ruangaman.places.models import Place
from ruangaman.places.states import Level

MOST = 100  # letters of one dossier, or versions of one text, that a page shows
OFFICERS = (
    Role.COMPANION,
    Role.CASE_MANAGER,
    Role.INTAKE_OFFICER,
    Role.PSYCHOLOGIST,
    Role.LAWYER,
    Role.SPIRITUAL_GUIDE,
    Role.SHELTER_OFFICER,
    Role.SUPERVISOR,
    Role.HEAD,
)
LETTERS_SPEAK = "id"  # an official letter is Indonesian, whatever language who writes it has chosen


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner that live grants let into a dossier, and the sections they cover."""

    organisation: Organisation
    covered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Genuine:
    """What anyone who holds a letter's code may know: what stands on the letter anyway."""

    unit: str
    number: str
    issued_at: datetime
    revoked: bool


# --- texts and letterheads -------------------------------------------------------------------------------------------


def letterhead_of(viewer: Viewer, unit_id: UUID) -> Letterhead | None:
    """This will give the letterhead of a unit where the viewer works; one query."""
    return Letterhead.objects.filter(unit_id=unit_id).select_related("changed_by").first()


def template_of(viewer: Viewer, unit_id: UUID, kind: str) -> Template | None:
    """This will give the text in force for a kind of letter: the unit's newest, else the one shipped; one query."""
    return _in_force(unit_id, kind).first()


def templates_of(viewer: Viewer, unit_id: UUID) -> dict[str, Template]:
    """This will give the text in force for each kind of letter; one query."""
    found: dict[str, Template] = {}
    for template in _in_force(unit_id):
        found.setdefault(template.kind, template)
    return found


def template_versions(viewer: Viewer, unit_id: UUID, kind: str) -> list[Template]:
    """This will give the versions of a text, the one in force first, the one shipped last; one query."""
    return list(_in_force(unit_id, kind)[:MOST])


def _in_force(unit_id: UUID, kind: str = "") -> QuerySet[Template]:
    found = Template.objects.filter(owner_id=unit_id) | Template.objects.filter(owner=None)
    found = found.filter(kind=kind) if kind else found
    return found.select_related("written_by").order_by(F("owner_id").asc(nulls_last=True), "-version")


def head_from(look: Letterhead) -> Head:
    """This will give what a letterhead puts on a letter."""
    return Head(
        lines=look.lines.split("\n"),
        town=look.town,
        signer_title=look.signer_title,
        signer_name=look.signer_name,
        signer_number=look.signer_number,
    )


# --- what a file can tell ------------------------------------------------------------------------------------------

# (who asks, dossier, client, keys in reach) → values of fields; later rooms know what happened and what is planned.
Teller = Callable[[Viewer, UUID, UUID | None, Mapping[str, DataKey]], dict[str, str]]
_tellers: list[Teller] = []


def register_teller(teller: Teller) -> None:
    """This will add a room that knows values for letters."""
    if teller not in _tellers:
        _tellers.append(teller)


def zone_of(unit: Organisation) -> ZoneInfo:
    """This will give the time zone in which a unit dates its letters."""
    return ZoneInfo(unit.place.time_zone if unit.place else DEFAULT_ZONE)


def partners_of(viewer: Viewer, dossier_id: UUID, at: datetime) -> list[Partner]:
    """This will give the partners that live grants let into a dossier, by name; two queries."""
    covered: dict[UUID, set[str]] = {}
    live = Grant.objects.filter(dossier_id=dossier_id, until__gt=at, withdrawn_at=None)
    for principal, section in live.values_list("principal_id", "section"):
        covered.setdefault(principal, set()).add(section)
    found = Organisation.objects.filter(id__in=list(covered), kind=OrganisationKind.PARTNER, is_active=True)
    return [Partner(one, frozenset(covered[one.id])) for one in found.order_by("name", "id")]


def officers_of(unit_id: UUID, at: datetime) -> list[tuple[str, str, str]]:
    """This will give who may be named in a letter: (id and role, name, role in words); one query."""
    with translation.override(LETTERS_SPEAK):
        people = staff_of(unit_id, [role.value for role in OFFICERS], at)
        return [(f"{user.id}:{role}", user.name, str(Role(role).label)) for user, role in people]


def areas_of(unit: Organisation) -> list[tuple[str, str]]:
    """This will give the areas a surat tugas can name: kelurahan of the unit's region, or the finest there are."""
    if unit.place_id is None:
        return []
    below = Place.objects.filter(code__startswith=f"{unit.place_id}.").order_by("name", "code")
    for level in (Level.VILLAGE, Level.DISTRICT, Level.REGENCY):
        found = [(p.code, p.name) for p in below.filter(level=level)]
        if found:
            return found
    return [(unit.place.code, unit.place.name)] if unit.place else []


def redaction_of(
    viewer: Viewer, dossier: Dossier, template: Template, wanted: Wanted, at: datetime
) -> Redaction:
    """This will say what a letter would hold and what it would leave out; five queries for a partner, else none.

    Of a client a partner is told what that client agreed to, whatever another client of the file did.

    :raises Refused: where something is added to a letter that never holds it.
    """
    covered = None
    if wanted.organisation:
        partners = partners_of(viewer, dossier.id, at)
        covered = next(
            (one.covered for one in partners if one.organisation.id == wanted.organisation), frozenset()
        )
        covered &= agreed(viewer, dossier.id, wanted, at)
    return redact(wanted.kind, fields_in(template.body), covered=covered, extra=wanted.extra)


def content_of(
    viewer: Viewer, dossier: Dossier, template: Template, wanted: Wanted, head: Head, at: datetime
) -> Content:
    """This will put together what a letter says. Only what it tells is opened.

    :raises Refused: where something is added to a letter that never holds it.
    :raises Unreadable: where something that it tells was altered.
    """
    redaction = redaction_of(viewer, dossier, template, wanted, at)
    with translation.override(LETTERS_SPEAK):
        values = _given(dossier, wanted, head)
        if redaction.sections_told - {Section.FILE}:
            values |= _known(viewer, dossier, wanted, redaction, at.astimezone(zone_of(dossier.unit)).date())
    told = {field: value for field, value in values.items() if field in redaction.told}
    return Content(
        kind=wanted.kind,
        title=template.title,
        blocks=parse(template.body),
        values=told,
        redaction=redaction,
        recipient=wanted.recipient,
        copies=wanted.copies,
        extra=wanted.extra,
    )


def _given(dossier: Dossier, wanted: Wanted, head: Head) -> dict[str, str]:
    return {
        "kota": head.town,
        "nama_unit": dossier.unit.name,
        "penerima": wanted.recipient[0] if wanted.recipient else "",
        "nama_pejabat": head.signer_name,
        "jabatan_pejabat": head.signer_title,
        "nip_pejabat": head.signer_number,
        "nama_petugas": wanted.officer[0],
        "jabatan_petugas": wanted.officer[1],
        "kelurahan": wanted.area,
        "tanggal_mulai": day_words(wanted.starts_on) if wanted.starts_on else "",
        "tanggal_selesai": day_words(wanted.ends_on) if wanted.ends_on else "",
        "tambahan": wanted.addition,
        "nomor_berkas": dossier.reference,
        "layanan": str(Service(wanted.service).label) if wanted.service else "",
    }


def _known(
    viewer: Viewer, dossier: Dossier, wanted: Wanted, redaction: Redaction, day: date
) -> dict[str, str]:
    """Values from the file, as far as the viewer reaches them and the letter tells them."""
    held = every_key(dossier.id)
    keys = {s: key for s, key in held.items() if s in redaction.sections_told}
    client = client_about(viewer, dossier.id, wanted)
    values = _identity(viewer, dossier.id, client, keys, day) if Section.IDENTITY in keys else {}
    if client and values:
        values |= _on_paper(background_of(viewer, dossier.id, client, held), client, values, wanted.kind)
    for teller in _tellers:
        values |= teller(viewer, dossier.id, client.id if client else None, keys)
    return values


def _identity(
    viewer: Viewer, dossier_id: UUID, client: Person | None, keys: Mapping[str, DataKey], day: date
) -> dict[str, str]:
    values: dict[str, str] = {}
    key = open_key(keys[client.section]) if client and client.section in keys else None
    if client and key:
        born = born_on(client, key)
        about = "kira-kira " if client.born_estimated else ""
        values = {
            "nama_klien": unseal(client, "name", key) or "",
            "nik": unseal(client, "nik", key) or "",
            "tanggal_lahir": day_words(born) if born and not client.born_estimated else "",
            "umur_klien": f"{about}{age_on(born, day)} tahun" if born else "",
        }
    part = guardian_of(viewer, dossier_id, client) if client else None
    if part and part.person.section in keys:
        values["nama_wali"] = unseal(part.person, "name", open_key(keys[part.person.section])) or ""
    return values


def _on_paper(background: Background, client: Person, values: Mapping[str, str], kind: str) -> dict[str, str]:
    """What her papers say, only where a national form asks for it; elsewhere nothing that gives it away: the number
    holds the registered sex, so it is left out where her papers differ. Whoever issues letters reads the background (a
    test walks the matrix).

    Source: care.md 22; Permendagri 108/2019 (NIK).
    """
    if kind in NATIONAL_FORMS:
        sex = background.registered_sex or client.sex
        return {
            "nama_klien": background.registered_name or values.get("nama_klien", ""),
            "jenis_kelamin": "" if sex == Sex.UNKNOWN else str(Sex(sex).label),
        }
    return {"nik": ""} if background.registered_name or background.registered_sex else {}


def sample_of(kind: str) -> dict[str, str]:
    """This will give made-up values for the preview of a text."""
    return {field: FIELDS[field].sample for field in FIELDS_OF[kind]}


# --- letters that went out -------------------------------------------------------------------------------------------


def letters_of(viewer: Viewer, dossier_id: UUID, most: int = MOST) -> list[Letter]:
    """This will give the letters of a dossier as far as the viewer may see them, newest first, sealed; one query."""
    found = Letter.objects.filter(dossier_id=dossier_id).select_related("organisation", "issued_by")
    return list(found.order_by("-issued_at", "-id")[:most])


def letter_by_id(viewer: Viewer, letter_id: UUID) -> Letter | None:
    """This will give one letter with its paper, if the viewer may see it; one query."""
    found = Letter.objects.filter(id=letter_id)
    return found.select_related("dossier__unit", "paper", "organisation", "issued_by", "revoked_by").first()


def key_of(letter: Letter) -> Key:
    """This will open the key under which a letter and its paper are sealed; one query.

    :raises Unreadable: where it was destroyed or altered, or is out of reach.
    """
    row = DataKey.objects.filter(id=letter.key_id, wrapped__isnull=False).first()
    if row is None:
        raise Unreadable("the key of a letter is out of reach or was destroyed")
    return open_key(row)


def opened(letter: Letter, key: Key | None) -> dict[str, Any]:
    """This will open what a letter said: kind, title, recipient, copies, what was left out.

    :raises Unreadable: where it was altered.
    """
    text = unseal(letter, "content", key) if key else None
    return dict(json.loads(text)) if text else {}


def genuine(digest: bytes) -> Genuine | None:
    """This will say of a code's digest which letter it belongs to, for anyone who asks; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit, number, issued, revoked FROM door.genuine(%s)", [digest])
        row = cursor.fetchone()
    return Genuine(*row) if row else None


def kinds_for(writes: Iterable[str], *, has_partner: bool) -> list[LetterKind]:
    """This will give the kinds of letter that somebody who writes these sections can issue."""
    held = set(writes)
    return [
        kind
        for kind in LetterKind
        if section_of(kind, to_partner=False) in held
        or (has_partner and section_of(kind, to_partner=True) in held)
    ]
