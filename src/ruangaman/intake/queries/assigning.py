"""Reads of who could go to her, with what speaks for each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ruangaman.access.models import Dossier, Grant, User, Wall
from ruangaman.access.queries import Viewer, staff_of
from ruangaman.access.states import GrantSource, Role, Section
from ruangaman.agenda.queries.bookings import taken
from ruangaman.intake.models import Shift
from ruangaman.intake.policies.assigning import Candidate, Proposal, propose
from ruangaman.intake.states.outreach import Why
from ruangaman.network.models import Aptitude
from ruangaman.network.states import Skill
from ruangaman.places.models import Place
from ruangaman.places.states import Level

MOST_AREAS = 120
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Crew:
    """Who could go, the best first; and who is a companion too but taken or on duty at that hour."""

    proposals: list[Proposal]
    away: list[Candidate]
    names: dict[str, str]  # of the areas that a reason is about
    people: dict[UUID, User]

    def has(self, person: UUID) -> bool:
        """This will say whether somebody is a companion who may go, taken or not."""
        return person in {one.who.id for one in self.proposals} | {one.id for one in self.away}

    def is_away(self, person: UUID) -> bool:
        """This will say whether somebody is taken or on duty."""
        return person in {one.id for one in self.away}


def loads(viewer: Viewer, unit_id: UUID) -> dict[UUID, tuple[int, int]]:
    """This will give the open attempts and live files of each companion of an own unit; one query, counts alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, attempts, files FROM door.loads(%s)", [unit_id])
        return {person: (attempts, files) for person, attempts, files in cursor.fetchall()}


def crew_for(
    viewer: Viewer,
    dossier: Dossier,
    *,
    area: str,
    skills: Collection[str],
    hours: Span | None,
    at: datetime,
) -> Crew:
    """This will propose who goes, from what the unit knows of its companions; nine queries at most.

    ``hours``: of the attempt, where they are known. Who is walled off is nowhere in it, not even by name.
    """
    walled = set(
        Wall.objects.filter(dossier_id=dossier.id, lifted_at=None).values_list("person_id", flat=True)
    )
    people = [
        user for user, _role in staff_of(dossier.unit_id, [Role.COMPANION], at) if user.id not in walled
    ]
    ids = [user.id for user in people]
    carried = loads(viewer, dossier.unit_id)
    skilled, known = _aptitudes(dossier.unit_id, ids)
    met = set(
        Grant.objects.filter(
            dossier_id=dossier.id, source=GrantSource.TEAM, section=Section.FILE, principal_id__in=ids
        ).values_list("principal_id", flat=True)
    )
    busy = _busy(viewer, dossier.unit_id, ids, hours) if hours else frozenset()
    candidates = [
        Candidate(
            id=user.id,
            name=user.name,
            skills=frozenset(skilled.get(user.id, ())),
            areas=frozenset(known.get(user.id, ())),
            attempts=carried.get(user.id, (0, 0))[0],
            files=carried.get(user.id, (0, 0))[1],
            met_before=user.id in met,
            busy=user.id in busy,
        )
        for user in people
    ]
    proposals = propose(candidates, area=area, skills=skills)
    about = {reason.about for one in proposals for reason in one.reasons if reason.why in AREAS}
    names = dict(Place.objects.filter(code__in=about).values_list("code", "name")) if about else {}
    away = [one for one in candidates if one.busy]
    return Crew(proposals, away, names, {user.id: user for user in people})


AREAS = (Why.KNOWS_AREA, Why.KNOWS_CITY)


def _aptitudes(unit_id: UUID, people: Collection[UUID]) -> tuple[dict[UUID, set[str]], dict[UUID, set[str]]]:
    skilled: dict[UUID, set[str]] = {}
    known: dict[UUID, set[str]] = {}
    rows = Aptitude.objects.filter(organisation_id=unit_id, user_id__in=people)
    for person, skill, area in rows.values_list("user_id", "skill", "area_id"):
        if skill:
            skilled.setdefault(person, set()).add(skill)
        else:
            known.setdefault(person, set()).add(area)
    return skilled, known


def _busy(viewer: Viewer, unit_id: UUID, people: Collection[UUID], hours: Span) -> frozenset[UUID]:
    """Who has an appointment then, or is on duty; nothing of what for."""
    since, until = hours
    seated = {who for who, _starts, _ends in taken(viewer, unit_id, people, since, until)}
    on_duty = Shift.objects.filter(
        Q(starts_at__lt=until, ends_at__gt=since), unit_id=unit_id, person_id__in=people, cancelled_at=None
    )
    return frozenset(seated | set(on_duty.values_list("person_id", flat=True)))


def said(one: Proposal, names: dict[str, str]) -> str:
    """This will say, in words, what speaks for somebody and what they carry."""
    words = []
    for reason in one.reasons:
        if reason.why in AREAS:
            words.append(_("mengenal %s") % names.get(reason.about, reason.about))
        elif reason.why == Why.TRAINED:
            words.append(_("terlatih: %s") % Skill(reason.about).label)
        else:
            words.append(str(reason.why.label))
    words.append(ngettext("%d berkas berjalan", "%d berkas berjalan", one.who.files) % one.who.files)
    if one.who.attempts:
        words.append(
            ngettext("%d penjangkauan terbuka", "%d penjangkauan terbuka", one.who.attempts)
            % one.who.attempts
        )
    return "; ".join(words)


def companions_of(viewer: Viewer, unit_id: UUID, at: datetime) -> list[User]:
    """This will give the companions of a unit, by name; two queries."""
    return [user for user, _role in staff_of(unit_id, [Role.COMPANION], at)]


def aptitudes_of(viewer: Viewer, unit_id: UUID) -> list[Aptitude]:
    """This will give what people of a unit are good at, and where they know their way; one query."""
    return list(
        Aptitude.objects.filter(organisation_id=unit_id)
        .select_related("area")
        .order_by("user_id", "skill", "area__name")
    )


def areas_known(code: str, *, keep: Collection[str] = ()) -> list[tuple[str, str]]:
    """This will give the areas somebody can be said to know in a unit's region: its kota and, where they are few
    enough to choose from, their kecamatan; with those of ``keep``. One query.
    """
    levels = [Level.REGENCY, Level.DISTRICT]
    found = list(
        Place.objects.filter(Q(code__startswith=code, level__in=levels) | Q(code__in=keep)).order_by("code")
    )
    if len(found) > MOST_AREAS:
        found = [one for one in found if one.level == Level.REGENCY or one.code in keep]
    return [
        (one.code, one.name if one.level == Level.REGENCY else _("Kecamatan %s") % one.name) for one in found
    ]
