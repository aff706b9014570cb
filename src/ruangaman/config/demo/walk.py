"""One made-up case from report to end, through the product's own actions: each by the person whose duty it is."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from ruangaman.access.models import Dossier, Organisation, User
from ruangaman.access.queries import Viewer, viewer_of
from ruangaman.access.states import Role
from ruangaman.cases import actions as cases
from ruangaman.cases.models import Need
from ruangaman.cases.states import Form, Online, RiskLevel, Setting, Unmet
from ruangaman.closure import actions as closure
from ruangaman.closure.states import Destination, Reason, WordOf
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
    ReporterKind,
    Triage,
    TriageReason,
)
from ruangaman.justice import actions as justice
from ruangaman.justice.states import Outcome, Statute, Step
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions as people
from ruangaman.people.models import Person
from ruangaman.people.policies import Identity
from ruangaman.people.states import PersonRole, Relation, Sex
from ruangaman.services import actions as services
from ruangaman.services.states import Kind

# The companion of each kota. Source: seed 003 (five companions for five cities).
COMPANION_OF = {
    "31.71": "pendamping2",
    "31.72": "pendamping3",
    "31.73": "pendamping",
    "31.74": "pendamping4",
    "31.75": "pendamping5",
}
# How often a need is found: made up, the order of the services in the study.
NEEDS = {
    Service.MEDICAL: 0.55,
    Service.PSYCHOLOGICAL: 0.85,
    Service.LEGAL: 0.5,
    Service.SPIRITUAL: 0.3,
    Service.RETURN: 0.25,
    Service.REINTEGRATION: 0.3,
}
REFUSED, NEVER_GIVEN = 0.08, 0.12
STEPS = (
    Step.POLICE_REPORT,
    Step.INVESTIGATION,
    Step.P21,
    Step.STAGE_TWO,
    Step.TRIAL,
    Step.VERDICT,
)
KINDS = {
    Service.MEDICAL: Kind.EXAMINATION,
    Service.PSYCHOLOGICAL: Kind.COUNSELLING,
    Service.LEGAL: Kind.LEGAL_ADVICE,
    Service.SPIRITUAL: Kind.SPIRITUAL_GUIDANCE,
}
GIVES = {Service.PSYCHOLOGICAL: "psikolog", Service.LEGAL: "advokat", Service.SPIRITUAL: "rohani"}


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


@dataclass
class Walk:
    """One case on its way. ``until`` is the present: what would come later has not happened yet."""

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
    needs: list[Service] = field(init=False)
    agreed: set[Service] = field(init=False)

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

    def walk(self) -> Dossier:
        """This will take the case as far as it has come by the present."""
        self.report()
        steps = (
            self.triage,
            self.reach,
            self.meet,
            self.agree,
            self.take,
            self.serve,
            self.go_home,
            self.end,
        )
        for step in steps:
            if not step():
                break
        return self.dossier

    # --- the steps: each gives False where the case has come no further ---

    def report(self) -> None:
        rng = self.rng
        self.kind = rng.choices(ReporterKind.values, [30, 25, 25, 15, 5])[0]
        named = rng.random() < 0.5
        self.dossier = intake.receive(
            dossier_id=UUID(int=rng.getrandbits(128), version=4),
            answers={
                "story": narrative(rng),
                "reporter_kind": self.kind,
                "danger_now": "yes" if rng.random() < 0.08 else "no",
                "place": rng.choice([code for code in self.districts if code.startswith(self.planned.city)]),
                "name": person_name(rng, "f" if rng.random() < 0.7 else "m") if named else "",
                "means": Means.TEXT if named else Means.CODE,
                "phone": phone(rng) if named else "",
                "hours": "Senin–Jumat, 09.00–12.00" if named else "",
            },
            code=new_code(),
            channel=Channel.WEB,
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
        self.office = office = self.kind == ReporterKind.VICTIM and self.rng.random() < 0.6
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
        starts = self.at + timedelta(hours=18 + 50 * self.rng.random())
        outreach = intake.plan_outreach(
            viewer=self.staff["petugas"],
            dossier=self.dossier,
            place_kind=self.rng.choice(
                [OutreachPlace.SCHOOL, OutreachPlace.HEALTH_CENTRE, OutreachPlace.OFFICE]
                if self.child
                else [OutreachPlace.HEALTH_CENTRE, OutreachPlace.OFFICE, OutreachPlace.CALL]
            ),
            place_name="Tempat contoh",
            cover_reason="Kunjungan program kesehatan",
            safety_plan="Datang berdua, tanpa seragam. Kalau terlapor ada, berbicara soal program dan pulang.",
            companion=self.staff.users[self.companion],
            starts_at=starts,
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
                relation=rng.choice([Relation.MOTHER, Relation.AUNT_UNCLE, Relation.GRANDPARENT]),
                supervised=True,
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
        forms = {rng.choices(Form.values, [25, 20, 45, 4, 2, 8, 1])[0]}
        forms |= {Form.PSYCHOLOGICAL.value} if rng.random() < 0.25 else set()
        cases.code_incident(
            viewer=by,
            dossier=self.dossier,
            client=self.client,
            happened_on=happened,
            setting=Setting.ONLINE if self.planned.online else rng.choice([Setting.HOME, Setting.SCHOOL]),
            place_code=self.planned.city,
            online=rng.choice(Online.values) if self.planned.online else "",
            forms=forms,
            at=self.at,
        )
        self.needs = [service for service, share in NEEDS.items() if rng.random() < share]
        self.needs = self.needs or [Service.PSYCHOLOGICAL]
        cases.record_needs(
            viewer=by, dossier=self.dossier, client=self.client, services=self.needs, at=self.at
        )
        return True

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

    def take(self) -> bool:
        manager = self.staff["manajer"]
        if not self.later(2, 30):
            return False
        cases.assign(
            viewer=self.staff["penyelia"],
            dossier=self.dossier,
            person=manager.id,
            role=Role.CASE_MANAGER,
            at=self.at,
        )
        if not self.later(1, 48):
            return False
        cases.take_case(viewer=manager, dossier=self.dossier, at=self.at)
        return True

    def serve(self) -> bool:
        """The plan from needs and consents; services as they are given; law where she wants it."""
        manager = self.staff["manajer"]
        for need in Need.objects.filter(dossier_id=self.dossier.id).order_by("recorded_at", "service"):
            service = Service(need.service)
            if service not in self.agreed:
                cases.leave_unmet(
                    viewer=manager, dossier=self.dossier, need=need, reason=Unmet.DECLINED, at=self.at
                )
            else:
                self.give(need, service)
        if Service.LEGAL in self.agreed and self.rng.random() < 0.7:
            self.law()
        return self.later(24, 24 * 20)

    def give(self, need: Need, service: Service) -> None:
        manager = self.staff["manajer"]
        medical = service == Service.MEDICAL
        giver = GIVES.get(service, self.companion)
        item = cases.plan(
            viewer=manager,
            dossier=self.dossier,
            need=need,
            provider=None if medical else self.staff.users[giver],
            organisation=self.partner if medical else None,
            sessions=1 if medical else self.rng.randrange(1, 5),
            starts_on=self.at.date() + timedelta(days=2),
            aim="",
            at=self.at,
        )
        if service in (Service.RETURN, Service.REINTEGRATION):
            return  # given with the way home
        referral = None
        by = self.staff[giver]
        if medical:
            referral = services.refer(
                viewer=manager,
                dossier=self.dossier,
                item=item,
                request="Mohon pemeriksaan dan pengobatan.",
                visum_wanted=False,
                at=self.at,
            )
            by = self.staff["klinik" if self.partner.id == self.staff.organisations["clinic"].id else "mitra"]
        given = self.at + timedelta(days=2 + 10 * self.rng.random())
        if given >= self.until or self.rng.random() < NEVER_GIVEN:
            return
        if referral:
            referral = services.answer_referral(
                viewer=by, referral=referral, accept=True, decline="", at=self.at + timedelta(hours=5)
            )
        services.give_service(
            viewer=by,
            dossier=self.dossier,
            client=self.client,
            service=service,
            kind=KINDS[service],
            given_on=given.date(),
            organisation_id=self.partner.id if medical else self.dossier.unit_id,
            item=item,
            referral=referral,
            note="Berjalan baik.",
            delivery_id=new_id(),
            at=given,
        )
        if referral:
            services.finish_referral(viewer=by, referral=referral, at=given)

    def law(self) -> None:
        day = self.at.date() + timedelta(days=3)
        statute = self.rng.choice(
            [Statute.TPKS, Statute.CHILD_PROTECTION if self.child else Statute.PKDRT, Statute.KUHP]
        )
        for step in STEPS:
            if day >= self.until.date():
                return
            verdict = step == Step.VERDICT
            justice.record_step(
                viewer=self.staff["advokat"],
                dossier=self.dossier,
                client=self.client,
                step=step,
                happened_on=day,
                statute=statute if verdict else "",
                outcome=Outcome.CONVICTED if verdict else "",
                step_id=new_id(),
                at=max(self.at, self.noon(day)),
            )
            if self.rng.random() < 0.12:
                return
            day += timedelta(days=self.rng.randrange(7, 60))

    def noon(self, day: date) -> datetime:
        return self.planned.received_at.replace(
            year=day.year, month=day.month, day=day.day, hour=5, minute=0, second=0, microsecond=0
        )

    def go_home(self) -> bool:
        self.home = bool({Service.RETURN, Service.REINTEGRATION} & self.agreed)
        if not self.home:
            return self.later(24, 24 * 40)
        by = self.staff["manajer"]
        if not self.later(24 * 10, 24 * 60):
            return False
        closure.prepare_return(
            viewer=by,
            dossier=self.dossier,
            client=self.client,
            destination=Destination.OWN_FAMILY if self.rng.random() < 0.7 else Destination.SUBSTITUTE_FAMILY,
            preparation="Keluarga penerima sudah ditemui; aturan keselamatan disepakati.",
            at=self.at,
        )
        if not self.later(24 * 3, 24 * 20):
            return False
        closure.record_return(
            viewer=by,
            dossier=self.dossier,
            client=self.client,
            returned_on=self.at.date(),
            reunited_on=self.at.date() if Service.REINTEGRATION in self.agreed else None,
            at=self.at,
        )
        for _visit in range(2):
            if not self.later(24 * 10, 24 * 20):
                return False
            closure.visit_home(
                viewer=self.staff[self.companion],
                dossier=self.dossier,
                visited_on=self.at.date(),
                no_violence=True,
                no_stigma=True,
                supported=True,
                note="Baik.",
                next_on=None,
                visit_id=new_id(),
                at=self.at,
            )
        return True

    def end(self) -> bool:
        manager = self.staff["manajer"]
        cases.note_safety(
            viewer=self.staff[self.companion],
            dossier=self.dossier,
            level=RiskLevel.LOW,
            text="Ditinjau sebelum berakhir: aman.",
            at=self.at,
        )
        for need in Need.objects.filter(dossier_id=self.dossier.id, state__in=("open", "planned")):
            for item in need.items.filter(dropped_at=None):
                cases.drop_item(viewer=manager, dossier=self.dossier, item=item, at=self.at)
            need.refresh_from_db()
            cases.leave_unmet(
                viewer=manager, dossier=self.dossier, need=need, reason=Unmet.UNAVAILABLE, at=self.at
            )
        closure.end_case(
            viewer=manager,
            dossier=self.dossier,
            reason=Reason.NEEDS_MET,
            word_of=WordOf.BOTH,
            asked_privately=True,
            note="Aman, kebutuhan terpenuhi.",
            at=self.at,
        )
        return True

    # --- chance ---

    def birth(self) -> date:
        """A birth date that keeps the group: a child at the report, or an adult."""
        years = self.rng.randrange(8, 17) if self.child else self.rng.randrange(18, 60)
        return self.planned.received_at.date() - timedelta(
            days=int(365.25 * years) + self.rng.randrange(40, 300)
        )

    def happened(self) -> date:
        return self.planned.received_at.date() - timedelta(days=int(self.rng.expovariate(1 / 20)))
