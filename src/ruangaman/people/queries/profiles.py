"""Reads of what is told of people: newest words, needs in plain words, how to address somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ruangaman.access.models import DataKey
from ruangaman.access.queries import Viewer, every_key, open_key
from ruangaman.access.states import Section
from ruangaman.kernel.fields import Key, unseal
from ruangaman.people.models import Person, Profile
from ruangaman.people.policies import profiles
from ruangaman.people.policies.profiles import SIGN_LANGUAGES, Background, Courtesy, Support
from ruangaman.people.states import (
    Accommodation,
    Disability,
    Education,
    Language,
    Marriage,
    OfficerChoice,
    PlaceChoice,
    Religion,
    Sex,
    Work,
)
from ruangaman.places.models import Place
from ruangaman.places.states import Level

INTERPRETERS = (Accommodation.SIGN_INTERPRETER, Accommodation.LANGUAGE_INTERPRETER)
Groups = list[tuple[str, list[tuple[str, str]]]]
Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Needs:
    """What helps one person, in plain words; ``interpreter`` is the sentence that one is needed, or empty."""

    interpreter: str
    words: tuple[str, ...]


# --- the rows --------------------------------------------------------------------------------------------------------


def _newest(dossier_id: UUID) -> QuerySet[Profile]:
    # Who may read what she needs without reading who she is (a partner) is still told whose it is: the row's person.
    one = Subquery(Person.objects.filter(id=OuterRef("person_id")).values("one_id")[:1])
    found = Profile.objects.filter(dossier_id=dossier_id).annotate(one=Coalesce(one, F("person_id")))
    return found.order_by("section", "one", "-told_at", "-id").distinct("section", "one")


def every_profile(viewer: Viewer, dossier_id: UUID) -> dict[tuple[str, UUID], Profile]:
    """This will give the newest of each section and person (``one_id``), as far as in reach, sealed; one query."""
    return {(row.section, row.one): row for row in _newest(dossier_id)}  # type: ignore[attr-defined]


def profiles_of(viewer: Viewer, dossier_id: UUID, section: str) -> dict[UUID, Profile]:
    """This will give the newest of each person (``one_id``) in one section, still sealed; one query."""
    return {row.one: row for row in _newest(dossier_id).filter(section=section)}  # type: ignore[attr-defined]


def newest_profile(viewer: Viewer, person: Person, section: str) -> Profile | None:
    """This will give what was told last of one person in a section, by whichever of their records; one query."""
    found = Profile.objects.filter(dossier_id=person.dossier_id, section=section)
    same = Person.objects.filter(dossier_id=person.dossier_id, one_id=person.one_id).values("id")
    return found.filter(person_id__in=same).order_by("-told_at", "-id").first()


def person_in(viewer: Viewer, dossier_id: UUID, person_id: UUID) -> Person | None:
    """This will give somebody of a dossier, if the viewer may know of them; one query."""
    return Person.objects.filter(dossier_id=dossier_id, id=person_id).first()


def told(profile: Profile, key: Key) -> profiles.Profile:
    """This will open what was told.

    :raises Unreadable: where it was altered.
    """
    return profiles.KIND_OF[profile.section].from_text(unseal(profile, "told", key) or "{}")


def background_of(
    viewer: Viewer, dossier_id: UUID, person: Person, wrapped: Mapping[str, DataKey]
) -> Background:
    """This will open somebody's background with the keys at hand, as far as it was told and is in reach; one query.

    :raises Unreadable: where it was altered.
    """
    row, key = newest_profile(viewer, person, Section.BACKGROUND), wrapped.get(Section.BACKGROUND)
    opened = told(row, open_key(key)) if row and key else None
    return opened if isinstance(opened, Background) else Background()


# --- for other rooms -------------------------------------------------------------------------------------------------


def needs_in(
    viewer: Viewer, dossier_id: UUID, wrapped: Mapping[str, DataKey] | None = None
) -> dict[UUID, Needs]:
    """This will give what helps each person of a dossier (by ``one_id``), as far as the viewer may know; two queries.

    :raises Unreadable: where it was altered.
    """
    rows = profiles_of(viewer, dossier_id, Section.SUPPORT)
    if not rows:
        return {}
    key = (every_key(dossier_id) if wrapped is None else wrapped).get(Section.SUPPORT)
    opened = {one: told(row, open_key(key)) for one, row in rows.items()} if key else {}
    return {one: needs_from(said) for one, said in opened.items() if isinstance(said, Support)}


def needs_of(viewer: Viewer, dossier_id: UUID, person: Person) -> Needs:
    """This will give what helps one person, as far as the viewer may know of it; two queries.

    :raises Unreadable: where it was altered.
    """
    return needs_in(viewer, dossier_id).get(person.one_id, Needs("", ()))


def courtesy_of(viewer: Viewer, dossier_id: UUID) -> dict[UUID, Courtesy]:
    """This will open how each person of a dossier (by ``one_id``) wants to be met, as far as in reach; two queries.

    :raises Unreadable: where it was altered.
    """
    rows = profiles_of(viewer, dossier_id, Section.COURTESY)
    key = every_key(dossier_id).get(Section.COURTESY) if rows else None
    opened = {one: told(row, open_key(key)) for one, row in rows.items()} if key else {}
    return {one: said for one, said in opened.items() if isinstance(said, Courtesy)}


def areas_to_choose(code: str) -> Groups:
    """This will give areas to live in: kecamatan and kelurahan of the province around ``code``, then all kabupaten and
    kota; one query.
    """
    near: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    regencies: list[tuple[str, str]] = []
    province = code[:2]
    for place in Place.objects.exclude(level=Level.PROVINCE).order_by("code"):
        if place.level == Level.REGENCY:
            regencies.append((place.code, place.name))
        elif place.code[:2] != province:
            continue
        elif place.level == Level.DISTRICT:
            near[place.code] = (place.name, [(place.code, _("%s (kelurahan tidak diketahui)") % place.name)])
        elif place.code[:8] in near:
            near[place.code[:8]][1].append((place.code, place.name))
    return [*near.values(), (_("Kabupaten atau kota, kalau kelurahannya tidak ada di daftar"), regencies)]


# --- in words --------------------------------------------------------------------------------------------------------


def needs_from(support: Support) -> Needs:
    """This will say in plain words what helps somebody, the interpreter first."""
    words = [str(Accommodation(one).label) for one in support.accommodations if one not in INTERPRETERS]
    if support.decides_with:
        words.append(_("%s membantunya memutuskan, tidak memutuskan untuknya") % support.decides_with)
    return Needs(_interpreter(support), tuple(words))


def _interpreter(support: Support) -> str:
    language = str(Language(support.interpreter).label) if support.interpreter else ""
    if support.interpreter == Language.OTHER:
        language = support.other_language
    if support.interpreter in SIGN_LANGUAGES or (
        Accommodation.SIGN_INTERPRETER in support.accommodations and not support.interpreter
    ):
        said = _("Juru bahasa isyarat diperlukan")
        return f"{said} ({Language(support.interpreter).name})" if support.interpreter else said
    if support.interpreter or Accommodation.LANGUAGE_INTERPRETER in support.accommodations:
        said = _("Juru bahasa diperlukan")
        return f"{said} ({language})" if language else said
    return ""


def support_rows(support: Support) -> Rows:
    """This will give what was told of needs, for a page: (question, answer)."""
    languages = [
        support.other_language
        if one == Language.OTHER and support.other_language
        else str(Language(one).label)
        for one in support.languages
    ]
    needs = needs_from(support)
    helps = [one for one in (needs.interpreter, *needs.words) if one]
    return _rows(
        (_("Disabilitas"), ", ".join(str(Disability(one).label) for one in support.disabilities)),
        (_("Yang membantu"), "; ".join(helps)),
        (_("Bahasa yang paling dipahami"), ", ".join(languages)),
        (_("Catatan"), support.note),
    )


def greeting(courtesy: Courtesy) -> str:
    """This will say in one line how to address somebody and by whom they want to be met, or nothing."""
    called = " ".join(one for one in (courtesy.address, courtesy.called) if one)
    officer = str(OfficerChoice(courtesy.officer).label).lower() if courtesy.officer else ""
    said = [_("Sapa: %s") % called if called else "", officer]
    return " · ".join(one for one in said if one)


def safe_place(courtesy: Courtesy) -> str:
    """This will say where somebody feels safe if they have to stay somewhere, or nothing. Source: care.md 22."""
    return str(PlaceChoice(courtesy.place).label) if courtesy.place else ""


def courtesy_rows(courtesy: Courtesy, *, with_religion: bool) -> Rows:
    """This will give what was told of address and choices, for a page. Religion: for spiritual guidance only."""
    return _rows(
        (_("Sapaan"), " ".join(one for one in (courtesy.address, courtesy.called) if one)),
        (_("Didampingi oleh"), str(OfficerChoice(courtesy.officer).label) if courtesy.officer else ""),
        (_("Merasa aman tinggal"), safe_place(courtesy)),
        (
            _("Agama, untuk bimbingan rohani"),
            str(Religion(courtesy.religion).label) if with_religion and courtesy.religion else "",
        ),
        (_("Catatan"), courtesy.note),
    )


def background_rows(background: Background) -> Rows:
    """This will give what was told of papers, school, work and home, for a page."""
    neighbourhood = [
        f"{name} {number}" for name, number in (("RT", background.rt), ("RW", background.rw)) if number
    ]
    home = [background.street, *neighbourhood, background.area_name]
    sex = background.registered_sex
    return _rows(
        (_("Nama di surat-surat"), background.registered_name),
        (_("Jenis kelamin di surat-surat"), str(Sex(sex).label) if sex else ""),
        (_("Pendidikan"), _label(Education, background.education)),
        (_("Pekerjaan"), _label(Work, background.work)),
        (_("Pernikahan"), _label(Marriage, background.marriage)),
        (_("Asal"), background.origin),
        (_("Tempat tinggal"), ", ".join(one for one in home if one)),
    )


def _label(kind: Any, code: str) -> str:
    return str(kind(code).label) if code else ""


def _rows(*rows: tuple[str, str]) -> Rows:
    return [(name, said) for name, said in rows if said]


def said_of(profile: profiles.Profile, *, with_religion: bool = True) -> Rows:
    """This will give what was told in one section, for a page: (question, answer)."""
    if isinstance(profile, Support):
        return support_rows(profile)
    if isinstance(profile, Courtesy):
        return courtesy_rows(profile, with_religion=with_religion)
    return background_rows(profile)


def interpreters_for(people: Iterable[Person], needs: Mapping[UUID, Needs]) -> dict[UUID, str]:
    """This will give of some people those who need an interpreter, by record, with the sentence that says it."""
    found = {person.id: needs[person.one_id].interpreter for person in people if person.one_id in needs}
    return {person: said for person, said in found.items() if said}
