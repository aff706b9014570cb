"""Writes about what staff are good at."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer, staff_of
from ruangaman.access.states import Role
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.network.models import Aptitude
from ruangaman.network.states import Skill

# Who sets what a colleague is good at. The database says the same.
KEEPERS = frozenset({Role.SUPERVISOR, Role.HEAD})


@transaction.atomic
def set_aptitudes(
    *,
    viewer: Viewer,
    organisation: UUID,
    user: UUID,
    skills: Iterable[str],
    areas: Iterable[str],
    at: datetime,
) -> None:
    """This will write down what a companion is good at and which areas (codes of places) they know, in place of what
    stood there.

    :raises Refused: by anybody but a supervisor or the head, or about who is no companion of the organisation.
    """
    if not KEEPERS & viewer.roles_in(organisation):
        raise Refused(_("Hanya penyelia atau kepala unit yang mengatur keahlian petugas."))
    if user not in {one.id for one, _role in staff_of(organisation, [Role.COMPANION], at)}:
        raise Refused(_("Orang ini bukan pendamping korban di unit ini."))
    wanted = {(skill, None) for skill in skills if skill in Skill.values} | {("", area) for area in areas}
    rows = Aptitude.objects.filter(organisation_id=organisation, user_id=user)
    there = {(row.skill, row.area_id): row.id for row in rows}
    Aptitude.objects.filter(id__in=[row for what, row in there.items() if what not in wanted]).delete()
    # Set twice at the same moment, it stands once.
    Aptitude.objects.bulk_create(
        [
            Aptitude(organisation_id=organisation, user_id=user, skill=skill, area_id=area)
            for skill, area in sorted(wanted - there.keys(), key=str)
        ],
        ignore_conflicts=True,
    )
    record(Verb.APTITUDE_SET, at=at, by=viewer.id, unit=organisation, objects=[user])
