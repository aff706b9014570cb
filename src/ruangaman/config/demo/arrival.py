"""The first half of a made-up case: from the report to consent, each step by the person whose duty it is."""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from ruangaman.access.models import Dossier, Organisation, User
from ruangaman.access.queries import Viewer, viewer_of
from ruangaman.access.states import Role
from ruangaman.cases import actions as cases
from ruangaman.cases.states import Form, Online, RiskLevel, Setting
from ruangaman.clocks.states import Answer as Safety
from ruangaman.config.demo.chances import COMPANION_OF, NEEDS, REFUSED
from ruangaman.config.demo.hours import free_hour, kelurahan
from ruangaman.config.demo.years import Planned
from ruangaman.config.madeup import narrative, person_name, phone
from ruangaman.consent import actions as consent
from ruangaman.consent.policies import USUAL_LIFE
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service
from ruangaman.intake import actions as intake
from ruangaman.intake.states import (
    Channel,
    Means,
    OutreachPlace,
    OutreachResult,
    Proof,
    ReporterKind,
    Triage,
    TriageReason,
)
from ruangaman.intake.states.handling import FirstStep
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions as people
from ruangaman.people.models import Person
from ruangaman.people.policies import Identity
from ruangaman.people.states import PersonRole, Relation, Sex

LOCAL = ZoneInfo("Asia/Jakarta")  # what the unit of the demonstration keeps


@dataclass(slots=True)
class Staff:
    """The people and organisations of the demonstration, as a walk needs them."""

    users: dict[str, User]
    organisations: dict[str, Organisation]
    at: datetime
    _viewers: dict[str, Viewer] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Viewer:
        if name not in self._viewers:
            self._viewers[name] = viewer_of(self.users[name], self.at)
        return self._viewers[name]

    @contextmanager
    def acting(self, name: str) -> Iterator[Viewer]:
        """This will give somebody, under whose ticket the database answers within the block."""
        viewer = self[name]
        ticket = tickets.sign(purpose="staff", person=viewer.id, at=clock.now())
        with tickets.carry(ticket), transaction.atomic():
            yield viewer


@dataclass
class Arrival(ABC):
    """A case on its way to a plan. ``until`` is the present: what would come later has not happened yet."""

    staff: Staff
    planned: Planned
    districts: list[str]
    until: datetime
    rng: random.Random = field(init=False)
    at: datetime = field(init=False)
    dossier: Dossier = field(init=False)
    client: Person = field(init=False)
    kind: str = field(init=False)
    office: bool = field(init=False)
    in_danger: bool = field(init=False, default=False)
    needs: list[Service] = field(init=False)
    agreed: set[Service] = field(init=False)
    forms: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.rng, self.at = self.planned.rng, self.planned.received_at

    @property
    def child(self) -> bool:
        return self.planned.group in ("girl", "boy")

    @property
    def sex(self) -> Sex:
        return Sex.FEMALE if self.planned.group in ("woman", "girl") else Sex.MALE

    @property
    def companion(self) -> str:
        return COMPANION_OF[self.planned.city]

    def later(self, least: float, most: float) -> bool:
        """This will let hours pass; False where that would be after the present."""
        moment = self.at + timedelta(hours=least + (most - least) * self.rng.random())
        if moment >= self.until:
            return False
        self.at = moment
        return True

    @abstractmethod
    def walk(self) -> Dossier:
        """This will take the case as far as it comes."""

    # --- the steps: each gives False where the case has come no further ---

    def report(self) -> None:
        rng = self.rng
        self.kind = self.reporter()
        named = rng.random() < 0.5
        narrated, self.in_danger = narrative(rng), rng.random() < 0.08
        self.dossier = intake.receive(
            dossier_id=self.planned.dossier_id,
            told=intake.told_in(
                {
                    "story": narrated,
                    "reporter_kind": self.kind,
                    "danger_now": "yes" if self.in_danger else "no",
                    "place": rng.choice(
                        [code for code in self.districts if code.startswith(self.planned.city)]
                    ),
                    "name": person_name(rng, "f" if rng.random() < 0.7 else "m") if named else "",
                    "means": Means.TEXT if named else Means.CODE,
                    "phone": phone(rng) if named else "",
                    "hours": "Senin–Jumat, 09.00–12.00" if named else "",
                }
            ),
            code=new_code(),
            channel=Channel.WEB,
            proof=Proof.WORKED,
            at=self.at,
        )

    def triage(self) -> bool:
        if not self.later(1, 40):
            return False
        intake.answer(
            viewer=self.staff["petugas"],
            dossier=self.dossier,
            message_id=new_id(),
            body="Terima kasih sudah menulis. Laporanmu sudah kami baca dan sedang kami tangani.",
            at=self.at,
        )
        if self.in_danger:
            intake.first_act(
                viewer=self.staff["petugas"],
                dossier=self.dossier,
                step=FirstStep.CALLED_112,
                at=self.at,
                act_id=new_id(),
            )
        self.office = office = self.kind == ReporterKind.VICTIM and self.comes_herself()
        intake.triage(
            viewer=self.staff["petugas"],
            dossier=self.dossier,
            after=Triage.HEAD_OFFICE if office else Triage.OUTREACH,
            reason=TriageReason.COMES_HERSELF
            if office
            else TriageReason.CANNOT_COME
            if self.kind == ReporterKind.VICTIM
            else TriageReason.NOT_FROM_VICTIM,
            at=self.at,
        )
        return True

    def reach(self) -> bool:
        """The way to her: an outreach, or her own way to the office. Everybody has a companion."""
        if self.office:
            companion = self.staff.users[self.companion]
            cases.assign(
                viewer=self.staff["penyelia"],
                dossier=self.dossier,
                person=companion.id,
                role=Role.COMPANION,
                at=self.at,
            )
            return self.later(2, 60)
        officer, companion = self.staff["petugas"], self.staff.users[self.companion]
        wanted = self.at + timedelta(hours=self.until_outreach())
        starts, ends = free_hour(officer, self.dossier.unit_id, companion.id, wanted)
        place_kind = self.rng.choice(
            [OutreachPlace.SCHOOL, OutreachPlace.HEALTH_CENTRE, OutreachPlace.OFFICE]
            if self.child
            else [OutreachPlace.HEALTH_CENTRE, OutreachPlace.OFFICE, OutreachPlace.OTHER_PLACE]
        )
        outreach = intake.plan_outreach(
            viewer=officer,
            dossier=self.dossier,
            place_kind=place_kind,
            place_name="Tempat contoh",
            area=kelurahan(self.planned.city),
            cover_reason="Kunjungan program kesehatan",
            safety_plan="Datang berdua, tanpa seragam. Kalau terlapor ada, berbicara soal program dan pulang.",
            companion=companion,
            starts_at=starts,
            ends_at=ends,
            at=self.at,
        )
        self.at = starts
        if not self.later(0.5, 2):
            return False
        reached = self.rng.random() < 0.97
        intake.end_outreach(
            viewer=self.staff[self.companion],
            outreach=outreach,
            result=OutreachResult.REACHED if reached else OutreachResult.NOT_ALONE,
            note="Berbicara dengan tenang; ia bersedia didampingi.",
            safe_now=Safety.UNKNOWN if reached else "",
            at=self.at,
        )
        return True

    def meet(self) -> bool:
        """The client, the reported person, a guardian for a child, the assessment, the coding, the needs."""
        rng, by = self.rng, self.staff[self.companion]
        born, happened = self.birth(), self.happened()
        name = person_name(rng, "f" if self.sex == Sex.FEMALE else "m")
        self.client = people.add_person(
            dossier=self.dossier,
            role=PersonRole.CLIENT,
            identity=Identity(name, born_on=born, sex=self.sex),
            by=by.id,
            at=self.at,
        ).person
        relations = [Relation.FATHER, Relation.STEPFATHER, Relation.NEIGHBOUR, Relation.TEACHER]
        if not self.child:
            relations = [Relation.SPOUSE, Relation.FORMER_SPOUSE, Relation.PARTNER, Relation.SUPERVISOR]
        people.add_person(
            dossier=self.dossier,
            role=PersonRole.REPORTED,
            identity=Identity(f"Terlapor {person_name(rng, 'm')}", sex=Sex.MALE),
            relation=Relation.ONLINE_FRIEND if self.planned.online else rng.choice(relations),
            by=by.id,
            at=self.at,
        )
        if self.child:
            people.name_guardian(
                viewer=by,
                dossier=self.dossier,
                client=self.client,
                person=None,
                identity=Identity(person_name(rng, "f")),
                relation=rng.choice([Relation.OTHER_FAMILY, Relation.AUNT_UNCLE, Relation.GRANDPARENT]),
                at=self.at,
            )
        cases.record_assessment(
            viewer=by,
            dossier=self.dossier,
            chronology=narrative(rng),
            hopes="Ingin merasa aman dan bisa tidur tenang.",
            seen_alone=True,
            version=None,
            at=self.at,
        )
        cases.note_safety(
            viewer=by,
            dossier=self.dossier,
            level=rng.choices(RiskLevel.values, [50, 35, 15])[0],
            text="Jangan menelepon. Temui di tempat yang disepakati.",
            at=self.at,
        )
        self.code(happened)
        self.needs = [service for service, share in NEEDS.items() if rng.random() < share]
        self.needs = self.needs or [Service.PSYCHOLOGICAL]
        cases.record_needs(
            viewer=by, dossier=self.dossier, client=self.client, services=self.needs, at=self.at
        )
        return True

    def code(self, happened: date) -> None:
        rng = self.rng
        forms = {rng.choices(Form.values, [25, 20, 45, 4, 2, 8, 1])[0]}
        forms |= {Form.PSYCHOLOGICAL.value} if rng.random() < 0.25 else set()
        self.forms = forms
        cases.code_incident(
            viewer=self.staff[self.companion],
            dossier=self.dossier,
            client=self.client,
            happened_on=happened,
            setting=Setting.ONLINE if self.planned.online else rng.choice([Setting.HOME, Setting.SCHOOL]),
            place_code=self.planned.city,
            online=rng.choice(Online.values) if self.planned.online else "",
            forms=forms,
            at=self.at,
        )

    def agree(self) -> bool:
        """An answer to each need; what a hospital does is agreed to with the hospital."""
        rng = self.rng
        self.agreed = set()
        for service in self.needs:
            given = rng.random() >= REFUSED
            self.agreed |= {service} if given else set()
            consent.record_consent(
                viewer=self.staff[self.companion],
                dossier=self.dossier,
                client=self.client,
                service=service,
                recipient=self.partner if service == Service.MEDICAL else None,
                answer=Answer.GIVEN if given else Answer.REFUSED,
                basis=Basis.GUARDIAN if self.child else Basis.CLIENT,
                assent=(Assent.GIVEN if given else Assent.REFUSED) if self.child else Assent.NOT_NEEDED,
                method=Method.SIGNED,
                until=self.at + USUAL_LIFE,
                at=self.at,
            )
        return True

    @property
    def partner(self) -> Organisation:
        return self.staff.organisations["clinic" if self.planned.city == "31.74" else "hospital"]

    # --- chance ---

    def reporter(self) -> str:
        return self.rng.choices(ReporterKind.values, [30, 25, 25, 15, 5])[0]

    def comes_herself(self) -> bool:
        return self.rng.random() < 0.6

    def until_outreach(self) -> float:
        return 18 + 50 * self.rng.random()

    def birth(self) -> date:
        """A birth date that keeps the group: a child at the report, or an adult."""
        years = self.rng.randrange(8, 17) if self.child else self.rng.randrange(18, 60)
        return self.planned.received_at.date() - timedelta(
            days=int(365.25 * years) + self.rng.randrange(40, 300)
        )

    def happened(self) -> date:
        return self.planned.received_at.date() - timedelta(days=int(self.rng.expovariate(1 / 20)))
