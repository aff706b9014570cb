"""A file with a client, on its way to a case, through the product's own acts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from ruangaman.access.models import Dossier, Organisation, User
from ruangaman.access.states import Role
from ruangaman.cases import actions
from ruangaman.cases.models import Case, Need, PlanItem
from ruangaman.consent.actions import record_consent
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Answer, Basis, Method, Service
from ruangaman.kernel import clock
from ruangaman.people.actions import Identity, add_person
from ruangaman.people.models import Person
from ruangaman.people.states import PersonRole, Sex
from tests.worlds import World, acting

STORY, HOPES = "Kronologi rekaan.", "Harapan rekaan."
BORN = date(1990, 5, 17)


@dataclass
class Way:
    """One file and the people who work on it."""

    world: World
    dossier: Dossier
    client: Person
    supervisor: User
    companion: User
    manager: User

    @property
    def reference(self) -> str:
        return self.dossier.reference

    def page(self, name: str) -> str:
        return f"/kasus/{self.reference}/{name}/"

    def assess(self, by: User | None = None, story: str = STORY, version: int | None = None) -> None:
        person = by or self.companion
        viewer = self.world.viewer(person)
        with acting(person):
            actions.record_assessment(
                viewer=viewer, dossier=self.dossier, chronology=story, hopes=HOPES, seen_alone=True,
                version=version, at=clock.now(),
            )  # fmt: skip

    def note(self, level: str, text: str, by: User | None = None) -> None:
        person = by or self.companion
        viewer = self.world.viewer(person)
        with acting(person):
            actions.note_safety(viewer=viewer, dossier=self.dossier, level=level, text=text, at=clock.now())

    def take(self, by: User | None = None) -> Case:
        person = by or self.manager
        viewer = self.world.viewer(person)
        with acting(person):
            return actions.take_case(viewer=viewer, dossier=self.dossier, at=clock.now())

    def need(self, *services: str, by: User | None = None) -> dict[str, Need]:
        person = by or self.manager
        viewer = self.world.viewer(person)
        with acting(person):
            actions.record_needs(
                viewer=viewer, dossier=self.dossier, client=self.client, services=services, at=clock.now()
            )
            return {need.service: need for need in Need.objects.filter(dossier=self.dossier)}

    def consent(
        self,
        service: str,
        to: Organisation | None = None,
        answer: str = Answer.GIVEN,
        also: Iterable[str] = (),
    ) -> Consent:
        viewer = self.world.viewer(self.manager)
        now = clock.now()
        with acting(self.manager):
            recipient = Organisation.objects.get(id=to.id) if to else None
            return record_consent(
                viewer=viewer, dossier=self.dossier, client=self.client, service=service, recipient=recipient,
                answer=answer, basis=Basis.CLIENT, assent="", method=Method.SIGNED, also=also,
                until=now + timedelta(days=90), at=now,
            )  # fmt: skip

    def plan(
        self,
        need: Need,
        provider: User | None = None,
        organisation: Organisation | None = None,
        *,
        by: User | None = None,
        starts_on: date | None = None,
        sessions: int = 3,
        item_id: UUID | None = None,
    ) -> PlanItem:
        person = by or self.manager
        viewer = self.world.viewer(person)
        now = clock.now()
        with acting(person):
            return actions.plan(
                viewer=viewer, dossier=self.dossier, need=need, provider=provider, organisation=organisation,
                sessions=sessions, starts_on=starts_on or now.date() + timedelta(days=1), aim="Tujuan rekaan.",
                at=now, item_id=item_id,
            )  # fmt: skip


def way(world: World, *, team: bool = True) -> Way:
    """A report whose client is recorded, with a companion and a case manager on its team."""
    filed = world.file()
    supervisor = world.person(Role.SUPERVISOR)
    companion, manager = world.person(Role.COMPANION), world.person(Role.CASE_MANAGER)
    viewer = world.viewer(supervisor)
    with acting(supervisor):
        part = add_person(
            dossier=filed.dossier,
            role=PersonRole.CLIENT,
            identity=Identity("Ratna Rekaan", born_on=BORN, sex=Sex.FEMALE),
            by=supervisor.id,
            at=clock.now(),
        )
        if team:
            for person, role in ((companion, Role.COMPANION), (manager, Role.CASE_MANAGER)):
                actions.assign(
                    viewer=viewer, dossier=filed.dossier, person=person.id, role=role, at=clock.now()
                )
    return Way(world, filed.dossier, part.person, supervisor, companion, manager)


def case(world: World) -> Way:
    """A case that its manager has taken, with two needs."""
    made = way(world)
    made.assess()
    made.take()
    made.need(Service.PSYCHOLOGICAL, Service.MEDICAL)
    return made
