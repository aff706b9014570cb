"""What each client of a file agreed that one partner is told of her; for what is put together for that partner."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.consent.queries.showing import shown_to_partner
from ruangaman.consent.queries.standing import around, consents_of, holds, standing
from ruangaman.people.queries import parts_of


def shared_of(viewer: Viewer, dossier_id: UUID, recipient_id: UUID, at: datetime) -> dict[UUID, set[str]]:
    """This will give, for each client of a file (``one_id``), the sections that a partner may be told of her; two
    queries. The database asks the same (``door.shown_people``).
    """
    people = around(parts_of(viewer, dossier_id))
    found: dict[UUID, set[str]] = defaultdict(set, {client: set() for client in people.clients})
    for consent in standing(consents_of(viewer, dossier_id), people):
        if consent.recipient_id == recipient_id and holds(consent, at):
            found[consent.client.one_id] |= shown_to_partner(consent.scope)
    return dict(found)


def not_agreed(viewer: Viewer, dossier_id: UUID, at: datetime) -> set[str]:
    """This will give the services of the unit's own people that were asked about, and to which no client of the file
    agrees now; two queries.
    """
    own = [one for one in consents_of(viewer, dossier_id) if one.recipient_id is None]
    stands = standing(own, around(parts_of(viewer, dossier_id)))
    return {one.service for one in own} - {one.service for one in stands if holds(one, at)}
