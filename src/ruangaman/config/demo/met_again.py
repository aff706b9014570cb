"""Who is met again: a man reported in two files, a woman who comes back, and one who is reported by him in turn."""

from datetime import timedelta

from ruangaman.access.states import Role
from ruangaman.config.demo.scene import Scene
from ruangaman.consent.states import Service
from ruangaman.justice import actions as justice
from ruangaman.justice.states import Pressing, Side, Statute, Step
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions as people
from ruangaman.people.actions.likenesses import decide_same
from ruangaman.people.policies.likenesses import Why
from ruangaman.people.states import PersonRole, Relation, Sameness, Sex, UnbornGround

# Reported in two files of the unit: its supervisor alone learns of it.
TWICE = "Gunadharma Wirasaksana"
RETURNED = "Kartika Ningtyas"


class GrownMan(Scene):
    """An adult man, served as anybody and counted apart. Source: care.md 22."""

    story = "Ia dipukuli di rumah dan malu bercerita. Ia meminta petugas laki-laki."

    def meet(self) -> bool:
        self.client = self.person(PersonRole.CLIENT, "Teguh Raharja", age=31, sex=Sex.MALE)
        self.person(PersonRole.REPORTED, TWICE, age=45, sex=Sex.MALE, relation=Relation.OTHER_FAMILY)
        return True

    def go_on(self) -> None:
        self.need(self.client, Service.PSYCHOLOGICAL)
        self.ask(self.client, Service.PSYCHOLOGICAL)


class Before(Scene):
    """What happened to her half a year ago."""

    story = "Ia pernah datang, lalu memilih menunggu dulu."

    def meet(self) -> bool:
        self.client = self.person(PersonRole.CLIENT, RETURNED, age=23, sex=Sex.FEMALE)
        self.person(PersonRole.REPORTED, "Yusuf Mahendra", age=27, sex=Sex.MALE, relation=Relation.SPOUSE)
        return True

    def go_on(self) -> None:
        self.need(self.client, Service.PSYCHOLOGICAL)
        self.ask(self.client, Service.PSYCHOLOGICAL)


class Expecting(Scene):
    """She came back, with child: the violence was aimed at it, and she wants it written down. Her earlier file is found
    again, and the reported person is one of another file. Source: care.md 13, 18.
    """

    story = "Ia hamil lima bulan dan ditendang di perut. Ia sudah pernah dibantu unit ini."
    earlier: Scene

    def meet(self) -> bool:
        born = self.earlier.born(23)
        self.client = self.person(PersonRole.CLIENT, RETURNED, born=born, sex=Sex.FEMALE)
        self.person(PersonRole.REPORTED, TWICE, age=45, sex=Sex.MALE, relation=Relation.SPOUSE)
        return True

    def go_on(self) -> None:
        self.need(self.client, Service.MEDICAL)
        self.ask(self.client, Service.MEDICAL, recipient=self.staff.organisations["hospital"])
        with self.staff.acting("manajer") as manager:
            people.record_unborn(
                viewer=manager,
                dossier=self.dossier,
                mother=self.client,
                ground=UnbornGround.VIOLENCE,
                agreed=True,
                at=self.at,
            )
        with self.staff.acting("penyelia") as supervisor:
            decide_same(
                viewer=supervisor,
                person=self.client,
                other=self.earlier.client,
                decision=Sameness.SAME,
                why=[Why.NAME_SAME, Why.YEAR_SAME],
                at=self.at,
            )


class Accused(Scene):
    """She told of it online, and he reports her by the law on electronic information; his family presses her to settle.
    Help with it waits to be recorded as a need. Source: care.md 15, 21.
    """

    story = "Sesudah ia bercerita di media sosial, mantan suaminya melaporkannya ke polisi."

    def meet(self) -> bool:
        self.client = self.person(PersonRole.CLIENT, "Maharani Sekar", age=29, sex=Sex.FEMALE)
        self.person(
            PersonRole.REPORTED, "Adrian Pratama", age=33, sex=Sex.MALE, relation=Relation.FORMER_SPOUSE
        )
        return True

    def go_on(self) -> None:
        self.need(self.client, Service.PSYCHOLOGICAL)
        self.ask(self.client, Service.PSYCHOLOGICAL, Service.LEGAL)
        self.join("advokat", Role.LAWYER)
        self.step(Side.HERS, Step.POLICE_REPORT, "LP/B/0117/contoh", Statute.PKDRT)
        self.at += timedelta(hours=20)
        self.step(Side.AGAINST, Step.POLICE_REPORT, "LP/B/0142/contoh", Statute.ITE)
        with self.staff.acting(self.companion) as companion:
            justice.note_pressure(
                viewer=companion,
                dossier=self.dossier,
                client=self.client,
                pressed_by=Relation.OTHER_FAMILY,
                how=Pressing.COUNTER,
                happened_on=self.at.date(),
                told="Ibunya bilang: cabut laporanmu, nanti laporannya juga dicabut.",
                pressure_id=new_id(),
                at=self.at,
            )

    def step(self, side: Side, step: Step, number: str, statute: Statute) -> None:
        """This will record a step at the police, by the unit's lawyer."""
        with self.staff.acting("advokat") as lawyer:
            justice.record_step(
                viewer=lawyer,
                dossier=self.dossier,
                client=self.client,
                side=side,
                step=step,
                happened_on=self.at.date(),
                institution=self.staff.organisations["police"],
                number=number,
                statute=statute,
                step_id=new_id(),
                at=self.at,
            )
