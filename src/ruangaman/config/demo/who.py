"""Who is who, and what may be known by whom: a scene for each question that a unit meets with its people."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from ruangaman.access.states import Section
from ruangaman.config.demo.arrival import LOCAL, Arrival, Staff
from ruangaman.config.demo.furnishing import village
from ruangaman.config.demo.met_again import Accused, Before, Expecting, GrownMan
from ruangaman.config.demo.scene import Scene
from ruangaman.config.demo.years import Group, Planned
from ruangaman.consent.actions import decide_disclosure, withdraw_consents
from ruangaman.consent.actions.recalls import answer_recall
from ruangaman.consent.models import Recall
from ruangaman.consent.states import Ground, RecallAnswer, Service, Telling
from ruangaman.people import actions as people
from ruangaman.people.actions.finding import look_up
from ruangaman.people.actions.likenesses import decide_same
from ruangaman.people.actions.profiles import tell_profile
from ruangaman.people.firing import PROBE_WAITS, tell_of_matches, tell_of_probes
from ruangaman.people.models import Part, Person, Probe
from ruangaman.people.policies import Identity
from ruangaman.people.policies.likenesses import Wanted, Why
from ruangaman.people.policies.profiles import Background, Courtesy, Profile, Support
from ruangaman.people.states import (
    Disability,
    Education,
    Language,
    Marriage,
    OfficerChoice,
    PersonRole,
    PlaceChoice,
    Relation,
    Sameness,
    Sex,
    Work,
)


class Told(Scene):
    """A scene in which something is told of somebody besides who they are."""

    def tell(self, person: Person, profile: Profile) -> None:
        """This will write down what is told of somebody, by the companion."""
        with self.staff.acting(self.companion) as companion:
            tell_profile(viewer=companion, dossier=self.dossier, person=person, profile=profile, at=self.at)


class Household(Scene):
    """Two children of one house: a grandmother stands for one; for the other the stepfather is refused, because he is
    the reported person, and the mother, who depends on him, waits for the supervisor. Source: care.md 10.
    """

    story = "Dua kakak beradik takut pulang. Keduanya bercerita kepada neneknya tentang ayah tirinya."

    def meet(self) -> bool:
        self.client = self.person(PersonRole.CLIENT, "Ayu Prameswari", age=14, sex=Sex.FEMALE)
        self.younger = self.person(PersonRole.CLIENT, "Bima Prameswara", age=9, sex=Sex.MALE)
        self.reported = self.person(
            PersonRole.REPORTED, "Hendra Kusnadi", age=41, sex=Sex.MALE, relation=Relation.STEPFATHER
        )
        self.stand_for(self.client, Relation.GRANDPARENT, name="Sumirah")
        self.stand_for(self.younger, Relation.STEPFATHER, person=self.reported)
        self.stand_for(self.younger, Relation.MOTHER, name="Lestari Widuri")
        return True

    def stand_for(
        self, child: Person, relation: Relation, *, name: str = "", person: Person | None = None
    ) -> Part:
        """This will propose a guardian of a child, somebody new or somebody of the file."""
        return people.name_guardian(
            viewer=self.staff[self.companion],
            dossier=self.dossier,
            client=child,
            person=person,
            identity=Identity(name) if name else None,
            relation=relation,
            at=self.at,
        )

    def go_on(self) -> None:
        self.need(self.client, Service.PSYCHOLOGICAL, Service.MEDICAL)
        self.need(self.younger, Service.PSYCHOLOGICAL)
        self.ask(self.client, Service.PSYCHOLOGICAL, by_guardian=True)
        self.ask(
            self.client,
            Service.MEDICAL,
            recipient=self.staff.organisations["hospital"],
            by_guardian=True,
            wish="Ditemani nenek, dokter perempuan.",
        )


class Interpreted(Told):
    """A woman who is deaf decides herself, with an interpreter. She narrows what the hospital sees, takes half of what
    she agreed to back, and is soon to be asked again. Source: care.md 11, 23.
    """

    story = "Ia datang bersama temannya, yang menerjemahkan ke bahasa isyarat."

    def meet(self) -> bool:
        self.client = self.person(PersonRole.CLIENT, "Nurul Hidayati", age=34, sex=Sex.FEMALE)
        self.person(PersonRole.REPORTED, "Wahyu Prakoso", age=38, sex=Sex.MALE, relation=Relation.SPOUSE)
        return True

    def go_on(self) -> None:
        self.tell(
            self.client,
            Support(
                disabilities=(Disability.HEARING,),
                languages=(Language.BISINDO,),
                interpreter=Language.BISINDO,
                decides_with="Wulan, temannya",
                note="Duduk berhadapan, cahaya cukup. Jangan menelepon.",
            ),
        )
        hospital, clinic = (self.staff.organisations[name] for name in ("hospital", "clinic"))
        helper = "Ratih, juru bahasa isyarat"
        self.need(self.client, Service.MEDICAL, Service.PSYCHOLOGICAL, Service.SOCIAL)
        soon = self.staff.at + timedelta(days=6)
        self.ask(self.client, Service.PSYCHOLOGICAL, until=soon, helper=helper)
        self.ask(
            self.client,
            Service.MEDICAL,
            recipient=hospital,
            also=(Section.NARRATIVE, Section.SUPPORT),
            helper=helper,
        )
        taken_back = self.ask(
            self.client, Service.SOCIAL, recipient=clinic, also=(Section.SUPPORT,), helper=helper
        )
        self.at += timedelta(days=1)
        # Narrower than before: the story is nobody's business there. The hospital says that it kept nothing.
        self.ask(self.client, Service.MEDICAL, recipient=hospital, also=(Section.SUPPORT,), helper=helper)
        with self.staff.acting("mitra") as officer:
            recall = Recall.objects.get(dossier=self.dossier, recipient=hospital)
            answer_recall(viewer=officer, recall=recall, answer=RecallAnswer.NOTHING, at=self.at)
        with self.staff.acting(self.companion) as companion:
            withdraw_consents(viewer=companion, dossier=self.dossier, consents=taken_back, at=self.at)


class OwnWords(Told):
    """A trans woman: the name she goes by, and apart from it what stands on her papers. She wrote the report herself,
    so she was written down twice; and her name was misspelt at first. Source: care.md 22.
    """

    story = "Ia diancam mantan pacarnya dan ingin tempat yang aman untuk bercerita."
    called = "Dara Anjani"

    def meet(self) -> bool:
        self.client = self.person(PersonRole.CLIENT, "Dara Anjari", age=26)
        self.person(
            PersonRole.REPORTED, "Rangga Saputra", age=29, sex=Sex.MALE, relation=Relation.FORMER_PARTNER
        )
        return True

    def go_on(self) -> None:
        with self.staff.acting(self.companion) as companion:
            self.client = people.correct_identity(
                viewer=companion,
                dossier=self.dossier,
                person=self.client,
                identity=Identity("Dara Anjani", born_on=self.born(26), sex=Sex.FEMALE),
                at=self.at,
            )
        self.tell(
            self.client,
            Courtesy(
                called="Dara",
                address="Mbak",
                officer=OfficerChoice.WOMAN,
                place=PlaceChoice.ALONE,
                note="Panggil dengan namanya, juga di depan orang lain.",
            ),
        )
        self.tell(
            self.client,
            Background(
                registered_name="Dedi Anjasmara",
                registered_sex=Sex.MALE,
                education=Education.UPPER,
                work=Work.OWN,
                marriage=Marriage.SINGLE,
                area=village(self.planned.city).code,
                rt="004",
                rw="07",
            ),
        )
        self.need(self.client, Service.PSYCHOLOGICAL)
        self.ask(self.client, Service.PSYCHOLOGICAL)
        reporter = Part.objects.get(dossier=self.dossier, role=PersonRole.REPORTER).person
        with self.staff.acting("penyelia") as supervisor:
            decide_same(
                viewer=supervisor,
                person=self.client,
                other=reporter,
                decision=Sameness.SAME,
                why=[Why.NAME_SAME],
                at=self.at,
            )


class Alone(Scene):
    """A child who reports alone: whom she trusts, who must not know, and a companion of the unit who stands for her.
    That the police are told was decided by the supervisor. Source: care.md 6, 9, 12.
    """

    story = "Seorang anak menulis sendiri: jangan beri tahu orang rumah."

    def meet(self) -> bool:
        self.client = self.person(PersonRole.CLIENT, "Citra Melati", age=15, sex=Sex.FEMALE)
        self.person(
            PersonRole.REPORTED, "Darmawan Sutejo", age=52, sex=Sex.MALE, relation=Relation.AUNT_UNCLE
        )
        self.person(PersonRole.TRUSTED, "Bu Endah", relation=Relation.TEACHER)
        self.person(PersonRole.KEPT_OUT, "Sulaiman Akbar", relation=Relation.FATHER)
        people.name_guardian(
            viewer=self.staff[self.companion],
            dossier=self.dossier,
            client=self.client,
            person=None,
            identity=Identity("Pendamping Unit Contoh"),
            relation=Relation.UNIT_COMPANION,
            at=self.at,
        )
        return True

    def go_on(self) -> None:
        self.need(self.client, Service.PSYCHOLOGICAL)
        self.ask(self.client, Service.PSYCHOLOGICAL, by_guardian=True)
        with self.staff.acting("penyelia") as supervisor:
            decide_disclosure(
                viewer=supervisor,
                dossier=self.dossier,
                client=self.client,
                ground=Ground.CHILD_DANGER,
                decision=Telling.TELL,
                recipient="Unit PPA Polres Contoh",
                what="Bahwa seorang anak perlu dilindungi, dan kota tempat tinggalnya. Tidak lebih.",
                reason="Terlapor tinggal serumah dan akan kembali minggu ini.",
                told_her=True,
                at=self.at,
            )


# How many days ago each was reported, where, and about whom.
SCENES: Sequence[tuple[type[Scene], int, str, Group]] = (
    (Household, 9, "31.73", "girl"),
    (Interpreted, 12, "31.73", "woman"),
    (OwnWords, 8, "31.74", "woman"),
    (GrownMan, 15, "31.75", "man"),
    (Alone, 6, "31.72", "girl"),
    (Before, 190, "31.73", "woman"),
    (Expecting, 5, "31.73", "woman"),
    (Accused, 10, "31.71", "woman"),
)


def scenes(staff: Staff, districts: list[str], *, number: int, seed: int) -> list[Arrival]:
    """This will give them all, still to be told; ``number``: the first one's."""
    made: list[Scene] = []
    for order, (kind, days, city, group) in enumerate(SCENES):
        day = staff.at.astimezone(LOCAL).date() - timedelta(days=days)
        when = datetime.combine(day, time(8, 30), LOCAL)
        planned = Planned(number + order, when, city, group, online=False, seed=seed)
        made.append(kind(staff, planned, districts, staff.at))
    came_back = next(one for one in made if isinstance(one, Expecting))
    came_back.earlier = next(one for one in made if isinstance(one, Before))
    return list(made)


def look_for_somebody(staff: Staff) -> None:
    """Somebody was looked for two days ago, and no report came of it: that is told, and the match of two reports is."""
    with staff.acting("petugas") as officer:
        seen = look_up(
            viewer=officer,
            unit_id=staff.organisations["unit"].id,
            wanted=Wanted("Nurul Hidayati", born_year=staff.at.year - 34),
            at=staff.at,
        )
    # The database takes the hour of a look-up from its own clock.
    Probe.objects.filter(id=seen.probe_id).update(asked_at=staff.at - PROBE_WAITS - timedelta(hours=20))
    tell_of_probes(staff.at)
    tell_of_matches(staff.at)
