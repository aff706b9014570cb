"""A case of one girl, made through the product as far as the way home needs it; all made up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from ruangaman.access.actions import join_team
from ruangaman.access.models import Dossier, Organisation, User
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role, Stage
from ruangaman.cases.models import Case, Need, SafetyNote
from ruangaman.cases.states import NeedState, RiskLevel, Unmet
from ruangaman.closure import actions
from ruangaman.consent.actions import record_consent
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service
from ruangaman.people.actions import Identity, add_person, name_guardian
from ruangaman.people.models import Person
from ruangaman.people.states import PersonRole, Relation
from tests.worlds import Filed, World, acting

CLIENT, AUNT, FATHER, NEIGHBOUR = "Ratna Wulandari", "Endah Permatasari", "Darmawan Kusnadi", "Yohanes Tobing"


@dataclass
class Story:
    """The case, who works on it, and who is who in it."""

    world: World
    filed: Filed
    manager: User
    companion: User
    client: Person
    aunt: Person
    father: Person
    neighbour: Person

    @property
    def dossier(self) -> Dossier:
        with acting(self.manager):
            return Dossier.objects.get(id=self.filed.dossier.id)

    @property
    def viewer(self) -> Viewer:
        return self.world.viewer(self.manager)

    @property
    def now(self) -> datetime:
        return self.world.now

    def day(self, days: int) -> date:
        """So many days from today; less than nothing lies behind."""
        return timezone.localdate(self.world.now) + timedelta(days=days)

    def do(self, action: Any, by: User | None = None, **told: Any) -> Any:
        """One action of the room, by the manager unless said otherwise."""
        with acting(by or self.manager):
            viewer = self.world.viewer(by or self.manager)
            dossier = Dossier.objects.get(id=self.filed.dossier.id)
            return action(viewer=viewer, dossier=dossier, **{"at": self.now, **told})

    def person(self, role: PersonRole, name: str, relation: Relation = Relation.OTHER) -> Person:
        """Somebody more in the dossier."""
        with acting(self.manager):
            part = add_person(
                dossier=self.dossier,
                role=role,
                identity=Identity(name),
                relation=relation,
                by=self.manager.id,
                at=self.now,
            )
            return part.person

    def agree(
        self,
        service: Service = Service.REINTEGRATION,
        recipient: Organisation | None = None,
        answer: Answer = Answer.GIVEN,
    ) -> Consent:
        """The aunt's answer, with the girl's own word."""
        found: Consent = self.do(
            record_consent,
            client=self.client,
            service=service,
            recipient=recipient,
            answer=answer,
            basis=Basis.GUARDIAN,
            assent=Assent.GIVEN,
            method=Method.SIGNED,
            until=self.now + timedelta(days=180),
        )
        return found

    def need(self, service: Service, state: NeedState = NeedState.OPEN, unmet: Unmet | None = None) -> Need:
        """A need of the girl's."""
        with acting(self.manager):
            return Need.objects.create(
                dossier=self.dossier,
                unit_id=self.dossier.unit_id,
                stage=Stage.CASE,
                client=self.client,
                service=service,
                state=state,
                unmet=unmet or "",
                recorded_by_id=self.manager.id,
                recorded_at=self.now,
            )

    def note_safety(self, level: RiskLevel = RiskLevel.LOW, days_ago: int = 0) -> None:
        """How dangerous it is, as the companion judged it."""
        from ruangaman.access.actions import key_for
        from ruangaman.access.states import Section

        with acting(self.companion):
            SafetyNote.objects.create(
                dossier=self.dossier,
                unit_id=self.dossier.unit_id,
                stage=Stage.CASE,
                key_id=key_for(dossier=self.dossier, section=Section.RISK).id,
                level=level,
                written_by_id=self.companion.id,
                written_at=self.now - timedelta(days=days_ago),
            )

    def bring_home(self, days_ago: int = 20) -> None:
        """She agreed, was prepared, and came home."""
        self.agree()
        self.do(actions.prepare_return, client=self.client, destination="own_family", preparation="Siap.")
        self.do(actions.record_return, client=self.client, returned_on=self.day(-days_ago))

    def visit(self, days_ago: int = 5, **told: Any) -> Any:
        """A visit that found her well, unless said otherwise."""
        found = {"no_violence": True, "no_stigma": True, "supported": True, **told}
        return self.do(actions.visit_home, visited_on=self.day(-days_ago), **found)

    def end(self, reason: str = "needs_met", word_of: str = "both", **told: Any) -> Any:
        """The end, as the manager decides it."""
        given = {"asked_privately": False, "note": "", **told}
        return self.do(actions.end_case, reason=reason, word_of=word_of, **given)


def a_case(world: World, *, taken_days_ago: int = 60) -> Story:
    """A girl of 15 beaten by her father, an aunt who stands for her, a trusted neighbour; a manager and a companion."""
    filed = world.file(story="Cerita rekaan.", reporter_kind="public")
    supervisor = world.person(Role.SUPERVISOR)
    manager, companion = world.person(Role.CASE_MANAGER), world.person(Role.COMPANION)
    with acting(supervisor):
        for person, role in ((manager, Role.CASE_MANAGER), (companion, Role.COMPANION)):
            join_team(
                dossier=filed.dossier,
                person=person.id,
                role=role,
                until=world.now + timedelta(days=300),
                by=supervisor.id,
                at=world.now,
            )
    born = timezone.localdate(world.now) - timedelta(days=15 * 366)

    def add(role: PersonRole, name: str, relation: Relation, born_on: date | None = None) -> Person:
        with acting(manager):
            return add_person(
                dossier=filed.dossier,
                role=role,
                identity=Identity(name, born_on),
                relation=relation,
                by=manager.id,
                at=world.now,
            ).person

    client = add(PersonRole.CLIENT, CLIENT, Relation.UNKNOWN, born)
    father = add(PersonRole.REPORTED, FATHER, Relation.FATHER)
    neighbour = add(PersonRole.TRUSTED, NEIGHBOUR, Relation.NEIGHBOUR)
    with acting(manager):
        aunt = name_guardian(
            viewer=world.viewer(manager),
            dossier=filed.dossier,
            client=client,
            person=None,
            identity=Identity(AUNT),
            relation=Relation.AUNT_UNCLE,
            at=world.now,
        ).person
    world.move(filed, Stage.CASE)
    with acting(manager):
        Case.objects.create(
            dossier=filed.dossier,
            unit_id=filed.dossier.unit_id,
            stage=Stage.CASE,
            manager_id=manager.id,
            taken_at=world.now - timedelta(days=taken_days_ago),
        )
    return Story(world, filed, manager, companion, client, aunt, father, neighbour)
