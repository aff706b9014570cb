"""That a consent ends is told before it does: one clock for each client, for the first of hers that ends."""

from collections.abc import Iterable
from datetime import datetime

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.consent import queries
from ruangaman.people.models import Person
from ruangaman.people.queries import parts_of


def keep_clock(*, viewer: Viewer, dossier: Dossier, clients: Iterable[Person], at: datetime) -> None:
    """This will end the clock of each client's consents and begin it anew for the earliest end among what stands.

    All her records count: one who was found to be another may have a clock of her own.
    """
    around = queries.around(parts_of(viewer, dossier.id))
    stands = queries.standing(queries.consents_of(viewer, dossier.id), around)
    ones = {client.one_id for client in clients}
    for record in Person.objects.filter(dossier_id=dossier.id, one_id__in=ones).order_by("id"):
        happened(event=Event.CONSENT_OVER, dossier=dossier, at=at, by=viewer.id, about=record.id)
    for one in sorted(ones):
        ends = [c.until for c in stands if c.client.one_id == one and c.until and queries.holds(c, at)]
        if ends:
            happened(
                event=Event.CONSENT_GIVEN, dossier=dossier, at=at, by=viewer.id, about=one, given=min(ends)
            )
