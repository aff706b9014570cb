"""What a recipient is shown by what stands, and what it sees no longer once some of it is withdrawn."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ruangaman.access.matrix import allows
from ruangaman.access.models import Organisation
from ruangaman.access.queries import Viewer
from ruangaman.access.states import OrganisationKind, Role, Section, Stage
from ruangaman.consent.models import Consent
from ruangaman.consent.queries.standing import holds
from ruangaman.consent.states import OF_EVERYBODY, PROFESSIONS, Service

Shown = dict[UUID, dict[str, datetime]]  # recipient → section → until when


@dataclass(frozen=True, slots=True)
class Closing:
    """What one recipient sees no longer; of the unit itself (``recipient`` None) which professions leave the team."""

    recipient: Organisation | None
    sections: Sequence[Section]
    services: Sequence[Service] = ()


def partners(viewer: Viewer) -> list[Organisation]:
    """This will give the partner organisations a client may be asked about, by name; one query."""
    found = Organisation.objects.filter(kind=OrganisationKind.PARTNER, is_active=True)
    return list(found.order_by("name", "id"))


def shown_to_partner(scope: Iterable[str]) -> set[str]:
    """This will give the sections of a scope that the matrix lets a partner see."""
    return {s for s in scope if allows(Role.PARTNER_OFFICER, "grant", Stage.CASE, s, "r")}


def shown(stands: Iterable[Consent], clients: Collection[UUID], at: datetime) -> Shown:
    """This will give what each partner sees of a dossier by what stands there (``door.project`` in the database).

    What is told of the whole file is shown where every client agrees, and as long as all of them do.
    """
    told: dict[tuple[UUID, str], dict[UUID, datetime]] = defaultdict(dict)
    for c in stands:
        if c.recipient_id is None or c.until is None or not holds(c, at):
            continue
        for section in shown_to_partner(c.scope):
            of = told[c.recipient_id, section]
            of[c.client.one_id] = max(c.until, of.get(c.client.one_id, c.until))
    found: Shown = defaultdict(dict)
    for (recipient, section), until in told.items():
        if section not in OF_EVERYBODY:
            found[recipient][section] = max(until.values())
        elif set(clients) <= until.keys():
            found[recipient][section] = min(until.values())
    return dict(found)


def closing(
    stands: Sequence[Consent], gone: Collection[Consent], clients: Collection[UUID], at: datetime
) -> list[Closing]:
    """This will give who sees what no longer, once ``gone`` of what stands is withdrawn: partners by name, then the
    unit.

    Who loses nothing, because another consent still opens it, is there with nothing.
    """
    kept = [c for c in stands if c not in gone]
    before, after = shown(stands, clients, at), shown(kept, clients, at)
    asked = {c.recipient.id: c.recipient for c in gone if c.recipient is not None}
    found = [
        Closing(who, [Section(s) for s in sorted(before.get(one, {}).keys() - after.get(one, {}).keys())])
        for one, who in sorted(asked.items(), key=lambda entry: entry[1].name)
    ]
    if any(c.recipient_id is None for c in gone):
        left = _own_services(stands, at) - _own_services(kept, at)
        found.append(Closing(None, [], [Service(s) for s in PROFESSIONS if s in left]))
    return found


def _own_services(stands: Iterable[Consent], at: datetime) -> set[str]:
    return {c.service for c in stands if c.recipient_id is None and holds(c, at)}
