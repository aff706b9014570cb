"""What several pages of consent ask: who the clients are, what to call them, who answers for herself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from ruangaman.access.doors import StaffRequest
from ruangaman.access.models import DataKey, Dossier
from ruangaman.access.queries import every_key
from ruangaman.access.states import Role
from ruangaman.consent import queries
from ruangaman.consent.queries.answering import Capacity
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of, guardian_of, initials_in


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients of a file by id, each once, with initials where there are several, and who answers for herself."""

    people: Mapping[str, Person]
    called: Mapping[UUID, str]
    capacity: Mapping[UUID, Capacity]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For a form: id and initials."""
        return [(key, self.called.get(one.id) or _("tanpa nama")) for key, one in self.people.items()]

    @property
    def alone(self) -> set[str]:
        """Who answers for herself today."""
        return {key for key, one in self.people.items() if self.capacity[one.id].alone}

    @property
    def some_child(self) -> bool:
        """Whether somebody is asked who does not answer alone."""
        return self.alone != self.people.keys()

    def named(self, person: Person) -> str:
        """The initials of a client, by whichever record, where there are several clients."""
        same = (self.called.get(one.id, "") for one in self.people.values() if one.one_id == person.one_id)
        return next(same, "") if len(self.people) > 1 else ""


def clients_in(request: StaffRequest, dossier: Dossier, at: datetime) -> Clients:
    """This will give the clients of a file for its pages of consent."""
    found = clients_of(request.viewer, dossier.id)
    keys: dict[str, DataKey] = every_key(dossier.id)
    return Clients(
        {str(one.id): one for one in found},
        initials_in(found, keys),
        queries.capacities(request.viewer, dossier.id, found, at),
    )


def without_guardian(request: StaffRequest, dossier: Dossier, clients: Clients) -> list[str]:
    """This will give the initials of the children for whom nobody stands."""
    return [
        clients.called.get(one.id) or _("tanpa nama")
        for key, one in clients.people.items()
        if key not in clients.alone and guardian_of(request.viewer, dossier.id, one) is None
    ]


def is_supervisor(request: StaffRequest, dossier: Dossier) -> bool:
    """This will say whether the viewer supervises the unit of a file."""
    return Role.SUPERVISOR in request.viewer.roles_in(dossier.unit_id)
