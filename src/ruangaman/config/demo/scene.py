"""A case of one scene: how its report comes, who its people are, what is answered; each by the person it falls to."""

from abc import abstractmethod
from datetime import date, datetime, timedelta
from typing import ClassVar

from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.states import Role
from ruangaman.cases import actions as cases
from ruangaman.cases.states import Form, RiskLevel, Setting
from ruangaman.config.demo.recent import Recent
from ruangaman.consent.actions.answering import record_consents
from ruangaman.consent.models import Consent
from ruangaman.consent.policies import USUAL_LIFE, Answered
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service, Understood
from ruangaman.intake import actions as intake
from ruangaman.intake.states import Channel, Means, Proof, ReporterKind
from ruangaman.kernel.codes import new_code
from ruangaman.people import actions as people
from ruangaman.people.models import Person
from ruangaman.people.policies import Identity
from ruangaman.people.states import PersonRole, Relation, Sex


class Scene(Recent):
    """A case that is told from its report to its plan, an hour for each step."""

    told_by = ReporterKind.VICTIM
    story: ClassVar[str] = "Ia ingin berbicara dengan seseorang dari unit, tanpa diketahui orang serumah."
    called: ClassVar[str] = ""  # the reporter's name, where one was told
    hopes: ClassVar[str] = "Ingin merasa aman dan didengar."

    def walk(self) -> Dossier:
        """This will tell the scene, each part of it under the ticket of who does it."""
        for name, step in (
            ("petugas", self.report),
            ("petugas", self.triage),
            ("penyelia", self.reach),
            (self.companion, self.meet),
            (self.companion, self.learn),
            ("penyelia", self.hand_over),
        ):
            with self.staff.acting(name):
                step()
            self.at += timedelta(hours=1)
        self.go_on()
        return self.dossier

    def report(self) -> None:
        self.kind = self.reporter()
        self.dossier = intake.receive(
            dossier_id=self.planned.dossier_id,
            told=intake.told_in(
                {
                    "story": self.story,
                    "reporter_kind": self.kind,
                    "danger_now": "no",
                    "place": next(code for code in self.districts if code.startswith(self.planned.city)),
                    "name": self.called,
                    "means": Means.CODE,
                }
            ),
            code=new_code(),
            channel=Channel.WEB,
            proof=Proof.WORKED,
            at=self.at,
        )

    @abstractmethod
    def meet(self) -> bool:
        """This will record who is who; what is told besides comes after."""

    def learn(self) -> bool:
        """The assessment, how dangerous it is, and what happened, in codes."""
        by = self.staff[self.companion]
        cases.record_assessment(
            viewer=by,
            dossier=self.dossier,
            chronology=self.story,
            hopes=self.hopes,
            seen_alone=True,
            version=None,
            at=self.at,
        )
        cases.note_safety(
            viewer=by,
            dossier=self.dossier,
            level=RiskLevel.MEDIUM,
            text="Jangan menelepon. Temui di tempat yang disepakati.",
            at=self.at,
        )
        cases.code_incident(
            viewer=by,
            dossier=self.dossier,
            client=self.client,
            happened_on=self.planned.received_at.date() - timedelta(days=12),
            setting=Setting.HOME,
            place_code=self.planned.city,
            online="",
            forms={Form.PHYSICAL, Form.PSYCHOLOGICAL},
            at=self.at,
        )
        return True

    def hand_over(self) -> bool:
        """The case manager takes it."""
        self.join("manajer", Role.CASE_MANAGER)
        with self.staff.acting("manajer") as manager:
            cases.take_case(viewer=manager, dossier=self.dossier, at=self.at)
        return True

    def go_on(self) -> None:
        """What is told of them after that."""

    # --- what the scenes are made of ---

    @property
    def day(self) -> date:
        return self.planned.received_at.date()

    def born(self, age: int, month: int = 3, day: int = 14) -> date:
        """This will give the birth date of somebody who is ``age`` years old on the day of the report."""
        had_birthday = (self.day.month, self.day.day) >= (month, day)
        return date(self.day.year - age - (not had_birthday), month, day)

    def person(
        self,
        role: PersonRole,
        name: str,
        *,
        age: int | None = None,
        born: date | None = None,
        sex: Sex = Sex.UNKNOWN,
        relation: Relation = Relation.UNKNOWN,
    ) -> Person:
        """This will record somebody, in the name of the companion."""
        part = people.add_person(
            dossier=self.dossier,
            role=role,
            identity=Identity(name, born_on=self.born(age) if age is not None else born, sex=sex),
            relation=relation,
            by=self.staff[self.companion].id,
            at=self.at,
        )
        found: Person = part.person
        return found

    def join(self, name: str, role: Role) -> None:
        """This will put a colleague on the team, by the supervisor's hand."""
        with self.staff.acting("penyelia") as supervisor:
            cases.assign(
                viewer=supervisor,
                dossier=self.dossier,
                person=self.staff.users[name].id,
                role=role,
                at=self.at,
            )

    def ask(
        self,
        client: Person,
        *services: Service,
        recipient: Organisation | None = None,
        also: tuple[str, ...] = (),
        until: datetime | None = None,
        by_guardian: bool = False,
        helper: str = "",
        wish: str = "",
    ) -> list[Consent]:
        """This will write down her yes to services: her own, or a guardian's with the child's word."""
        with self.staff.acting(self.companion) as companion:
            return record_consents(
                viewer=companion,
                dossier=self.dossier,
                client=client,
                services=services,
                recipient=recipient,
                answered=Answered(
                    Answer.GIVEN,
                    basis=Basis.GUARDIAN if by_guardian else Basis.CLIENT,
                    assent=Assent.GIVEN if by_guardian else Assent.NOT_NEEDED,
                    method=Method.SIGNED,
                    also=also,
                    wish=wish,
                    until=until or self.at + USUAL_LIFE,
                    understood=Understood.HELPED if helper else Understood.WELL,
                    helper=helper,
                ),
                at=self.at,
            )

    def need(self, client: Person, *services: Service) -> None:
        """This will record what she needs, by the case manager."""
        with self.staff.acting("manajer") as manager:
            cases.record_needs(
                viewer=manager, dossier=self.dossier, client=client, services=list(services), at=self.at
            )
