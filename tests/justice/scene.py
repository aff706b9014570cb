"""A case with a lawyer, a manager and a supervisor; its client agreed that a legal aid body and a prosecutor help."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from ruangaman.access.actions import join_team
from ruangaman.access.models import Organisation, User
from ruangaman.access.states import OrganisationKind, Role, Stage
from ruangaman.consent.actions import record_consent
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service
from ruangaman.justice import actions
from ruangaman.justice.models import LegalStep
from ruangaman.kernel.ids import new_id
from ruangaman.people.actions import Identity, add_person
from ruangaman.people.models import Person
from ruangaman.people.states import PersonRole, Relation, Sex
from tests.worlds import Filed, World, acting


class Accused:
    """A running case. ``agree`` lets a partner see its legal part, as a consent of the client would."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.filed: Filed = world.file(reporter_kind="public")
        self.lawyer = world.person(Role.LAWYER)
        self.manager = world.person(Role.CASE_MANAGER)
        self.supervisor = world.person(Role.SUPERVISOR)
        self.client = self.somebody("Ratna Wulandari", born_on=date(1990, 5, 1), sex=Sex.FEMALE)
        world.move(self.filed, Stage.CASE)
        self.join(self.lawyer, Role.LAWYER)
        self.join(self.manager, Role.CASE_MANAGER)
        self.aid = world.organisation(OrganisationKind.PARTNER, "LBH Uji", "31")
        self.prosecutor = world.organisation(OrganisationKind.PARTNER, "Kejaksaan Uji", "31")
        self.advocate = world.person(Role.PARTNER_OFFICER, self.aid)
        self.attorney = world.person(Role.PARTNER_OFFICER, self.prosecutor)

    def somebody(self, name: str, role: str = PersonRole.CLIENT, **known: Any) -> Person:
        with acting(self.supervisor):
            part = add_person(
                dossier=self.filed.dossier,
                role=role,
                identity=Identity(name, **known),
                relation=Relation.NEIGHBOUR if role == PersonRole.REPORTED else Relation.UNKNOWN,
                by=self.supervisor.id,
                at=self.world.now,
            )
        person: Person = part.person
        return person

    def join(self, person: User, role: str) -> None:
        with acting(self.supervisor):
            join_team(
                dossier=self.filed.dossier,
                person=person.id,
                role=role,
                until=self.world.now + timedelta(days=90),
                by=self.supervisor.id,
                at=self.world.now,
            )

    def agree(self, *partners: Organisation, client: Person | None = None) -> None:
        """A standing consent to legal help by these partners: the database makes their grants of it."""
        for partner in partners:
            with acting(self.manager):
                record_consent(
                    viewer=self.world.viewer(self.manager),
                    dossier=self.filed.dossier,
                    client=client or self.client,
                    service=Service.LEGAL,
                    recipient=partner,
                    answer=Answer.GIVEN,
                    basis=Basis.CLIENT,
                    assent=Assent.NOT_NEEDED,
                    method=Method.SIGNED,
                    until=self.world.now + timedelta(days=30),
                    at=self.world.now,
                )

    def address(self, page: str = "") -> str:
        return f"/hukum/{self.filed.reference}/{page}"

    def page(self, user: User) -> str:
        told: str = self.world.client(user).get(f"/berkas/{self.filed.reference}/").content.decode()
        return told

    def day(self, days: int) -> date:
        return timezone.localdate(self.world.now) + timedelta(days=days)

    def record(self, step: str, days: int, by: User | None = None, **told: Any) -> LegalStep:
        user = by or self.lawyer
        with acting(user):
            return actions.record_step(
                viewer=self.world.viewer(user),
                dossier=self.filed.dossier,
                client=told.pop("client", self.client),
                step=step,
                happened_on=self.day(days),
                **{"step_id": new_id(), "at": self.world.now, **told},
            )

    def accuse(self, days: int = -1, step: str = "police_report", **told: Any) -> LegalStep:
        return self.record(step, days, side="against", **told)

    def steps_seen_by(self, user: User) -> set[tuple[str, str]]:
        with acting(user):
            rows = self.world.rows("SELECT side, step FROM justice_legalstep", using="default")
        return {(side, step) for side, step in rows}
