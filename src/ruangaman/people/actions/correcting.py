"""Correcting who somebody was taken to be: what was written before is kept beside it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.actions.guardians import bar_guardians, end_guardians_by_age
from ruangaman.people.actions.sealing import _check_identity, _known, _rewrite
from ruangaman.people.models import Part, Person
from ruangaman.people.policies import Identity
from ruangaman.people.queries import version_of
from ruangaman.people.states import PartStatus, PersonRole


class Corrected(Refused):
    """Somebody else corrected the same identity meanwhile; it carries theirs, so that both are read first."""

    def __init__(self, theirs: Identity, version: str) -> None:
        super().__init__(_("Orang lain memperbaiki identitas ini sesudah Anda membukanya. Bandingkan dulu."))
        self.theirs, self.version = theirs, version


@transaction.atomic
def open_to_correct(*, viewer: Viewer, dossier: Dossier, person: Person, at: datetime) -> Identity:
    """This will open one identity, so that it can be corrected, and record who looked.

    :raises Refused: where it was erased or altered.
    """
    try:
        known = _known(person, key_for(dossier=dossier, section=person.section))
    except Unreadable:
        raise Refused(
            _("Identitas ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
        ) from None
    record(
        Verb.OPENED, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id,
        objects=[person.id], fields=[person.section, "name"],
    )  # fmt: skip
    return known


@transaction.atomic
def correct_identity(
    *,
    viewer: Viewer,
    dossier: Dossier,
    person: Person,
    identity: Identity,
    happened_on: date | None = None,
    at: datetime,
    version: str = "",
) -> Person:
    """This will write down who somebody is after all; the age band follows, and what was kept before is kept as well.

    ``version``: of the row that was shown (`queries.version_of`); without one the newest is meant. A guardian who by
    the new name or age can't be one stands no longer.

    :raises Corrected: where somebody else corrected it meanwhile.
    :raises Refused: for an impossible birth date (against ``happened_on`` too) or national number.
    """
    _check_identity(identity, at, happened_on)
    row = Person.objects.select_for_update().filter(id=person.id, dossier=dossier).first()
    if row is None:
        raise Refused(_("Identitas ini tidak bisa Anda perbaiki."))
    if version and version != version_of(row):
        raise Corrected(_known(row, key_for(dossier=dossier, section=row.section)), version_of(row))
    try:
        changed = _rewrite(dossier, row, identity, viewer.id, at)
    except Unreadable:
        raise Refused(
            _("Identitas ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
        ) from None
    if not changed:
        return row
    record(
        Verb.IDENTITY_CORRECTED, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id,
        objects=[row.id], fields=changed,
    )  # fmt: skip
    reported = Part.objects.filter(dossier=dossier, role=PersonRole.REPORTED, status=PartStatus.ACTIVE)
    suspects = [part.person for part in reported.select_related("person")]
    bar_guardians(dossier=dossier, reported=suspects, by=viewer.id, at=at)
    end_guardians_by_age(dossier=dossier, person=row, by=viewer.id, at=at)
    return row
