"""Writes about who is kept out of a report about somebody of the service, and who takes it over."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import lift_wall, raise_wall
from ruangaman.access.models import Dossier, Wall
from ruangaman.access.queries import Viewer
from ruangaman.intake import policies, queries
from ruangaman.kernel.errors import Refused


@transaction.atomic
def keep_out(*, viewer: Viewer, dossier: Dossier, person: UUID, at: datetime) -> None:
    """This will keep a colleague out of a file, whoever they are; also oneself, who then sees no more of it.

    :raises Refused: by who is no supervisor or head, for who is kept out already, or where nobody of that rank would be
        left to decide. Source: issue 6 (a report about a member of staff: wall and another triager).
    """
    Dossier.objects.select_for_update().filter(
        id=dossier.id
    ).first()  # two who wall each other must not both succeed
    walled = {wall.person_id for wall in queries.walls_of(viewer, dossier.id)}
    seniors = {one.id for one, _role in queries.seniors_of(dossier.unit_id, at)}
    policies.check_can_wall(
        roles=viewer.roles_in(dossier.unit_id),
        walled=person in walled,
        left=len(seniors - walled - {person}),
    )
    raise_wall(dossier=dossier, person=person, by=viewer.id, at=at)


@transaction.atomic
def let_in(*, viewer: Viewer, dossier: Dossier, wall_id: UUID, at: datetime) -> None:
    """This will let a colleague into a file again, who takes it over.

    :raises Refused: by who is no supervisor or head, or where it was done already.
    """
    policies.check_can_lift(roles=viewer.roles_in(dossier.unit_id))
    wall = Wall.objects.filter(id=wall_id, dossier_id=dossier.id, lifted_at=None).first()
    if wall is None:
        raise Refused(_("Orang ini sudah tidak dijauhkan dari berkas. Muat ulang halaman."))
    lift_wall(wall=wall, by=viewer.id, at=at)
