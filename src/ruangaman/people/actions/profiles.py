"""Telling what somebody needs, how to address them, and their background; and opening what was told for a form."""

import logging
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, every_key, open_key
from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.actions.finding import keep_area_tokens
from ruangaman.people.models import Person, Profile
from ruangaman.people.policies import profiles
from ruangaman.people.policies.profiles import Background, Overtaken
from ruangaman.people.queries.profiles import newest_profile, told
from ruangaman.places import queries as places
from ruangaman.places.models import Place
from ruangaman.places.states import Level

log = logging.getLogger("ruangaman.people")
# What a form showed that was opened before anything was told.
NOTHING = UUID(int=0)


@transaction.atomic
def open_profile(
    *, viewer: Viewer, dossier: Dossier, person: Person, section: Section, at: datetime
) -> tuple[profiles.Profile | None, UUID]:
    """This will open what was told of somebody in a section, and record the look: (it, its id or `NOTHING`).

    Where something was told that does not open, because it was altered, there is only its id.
    """
    row = newest_profile(viewer, person, section)
    if row is None:
        return None, NOTHING
    record(
        Verb.OPENED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[person.id],
        fields=[section.value],
    )
    return _opened(row), row.id


@transaction.atomic
def tell_profile(
    *,
    viewer: Viewer,
    dossier: Dossier,
    person: Person,
    profile: profiles.Profile,
    at: datetime,
    profile_id: UUID | None = None,
    over: UUID | None = None,
) -> Profile:
    """This will write down what is told of somebody; what was told before stays as it was, and counts no more.

    ``profile_id``: from the form, so that one that was sent twice is written once. ``over``: the one that the form
    showed (`NOTHING` where there was none); left out, whatever was told is replaced.

    :raises Overtaken: where somebody else told something since the form was opened.
    :raises Refused: for somebody of another file, an answer that is not offered, or a place that is none.
    """
    if person.dossier_id != dossier.id:
        raise Refused(_("Orang ini tidak tercatat di berkas ini."))
    profile = _placed(profiles.whole(profile))
    profiles.check_profile(profile)
    section = profiles.section_of(profile)
    _wait_for_others(person, section)
    before = newest_profile(viewer, person, section)
    if before and before.id == profile_id:
        return before
    if over is not None and over != (before.id if before else NOTHING):
        raise Overtaken(_opened(before) if before else None, before.id if before else None)
    key = key_for(dossier=dossier, section=section)
    if before and _opened(before) == profile:
        return before
    row = Profile(
        id=profile_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=section,
        person=person,
        key_id=key.id,
        told_by_id=viewer.id,
        told_at=at,
    )
    seal(row, "told", profile.to_text(), key)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        there = Profile.objects.filter(dossier=dossier, person=person, section=section, id=row.id).first()
        if there is None:
            raise
        return there
    if isinstance(profile, Background) and profile.area:
        _find_by_area(dossier, person, profile.area, at)
    record(
        Verb.PROFILE_TOLD, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id,
        objects=[person.id, row.id], fields=[section.value],
    )  # fmt: skip
    return row


def _placed(profile: profiles.Profile) -> profiles.Profile:
    """With the names of the place, so that a page needs no look at the list of places."""
    if not isinstance(profile, Background):
        return profile
    try:
        found = places.path(profile.area) if profile.area else []
    except Place.DoesNotExist:
        raise Refused(_("Pilih tempat tinggal dari daftar.")) from None
    named = ", ".join(place.name for place in reversed(found) if place.level != Level.PROVINCE)
    return Background(**{**asdict(profile), "area_name": named})


def _wait_for_others(person: Person, section: Section) -> None:
    """Two who tell of one person at once come one after the other; rows that are only added have none to lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"profile:{section}:{person.one_id}"]
        )


def _find_by_area(dossier: Dossier, person: Person, area: str, at: datetime) -> None:
    found = every_key(dossier.id).get(person.section)
    name = unseal(person, "name", open_key(found)) if found else None
    if name:
        around = [place.code for place in places.path(area) if place.level != Level.PROVINCE]
        keep_area_tokens(dossier=dossier, person=person, name=name, area_codes=around, at=at)


def _opened(row: Profile) -> profiles.Profile | None:
    """What was told, or None where it does not open: what is asked anew must be possible to write down."""
    wrapped = every_key(row.dossier_id).get(row.section)
    try:
        return told(row, open_key(wrapped)) if wrapped else None
    except Unreadable:
        log.error("a sealed value of dossier %s does not open (people)", row.dossier_id)
        return None
