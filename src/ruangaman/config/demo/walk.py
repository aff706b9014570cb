"""One made-up case from report to end, through the product's own actions: each by the person whose duty it is."""

from datetime import date, datetime, time, timedelta

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role
from ruangaman.cases import actions as cases
from ruangaman.cases.models import Need
from ruangaman.cases.states import Form, RiskLevel, Unmet
from ruangaman.clocks import actions as clocks
from ruangaman.clocks.models import Clock
from ruangaman.clocks.policies import Facts
from ruangaman.clocks.states import Answer, Ruling
from ruangaman.closure import actions as closure
from ruangaman.closure.states import Destination, Reason, WordOf
from ruangaman.config.demo.arrival import Arrival
from ruangaman.config.demo.chances import GIVES, KINDS, NEVER_GIVEN, STEPS
from ruangaman.consent.states import Service
from ruangaman.intake.states import ReporterKind
from ruangaman.justice import actions as justice
from ruangaman.justice.states import Outcome, Statute, Step
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions as people
from ruangaman.people.policies import Way
from ruangaman.people.states import ContactMeans
from ruangaman.services import actions as services


class Walk(Arrival):
    """A case from its report to its end, as far as it has come by the present."""

    def walk(self) -> Dossier:
        """This will take the case as far as it has come by the present."""
        self.report()
        steps = (
            self.triage,
            self.reach,
            self.meet,
            self.agree,
            self.decide_on_police,
            self.take,
            self.serve,
            self.go_home,
            self.end,
        )
        for step in steps:
            if not step():
                break
        return self.dossier

    def decide_on_police(self) -> bool:
        """Where she told of sexual violence herself: what she wishes is recorded, and nothing is sent by it."""
        if self.kind == ReporterKind.VICTIM and Form.SEXUAL in self.forms:
            duty = Clock.objects.filter(dossier=self.dossier, code="police-duty", ended_at=None).first()
            if duty is None:  # a lawyer switched it off here
                return True
            agrees = Service.LEGAL in self.agreed
            clocks.rule(
                viewer=self.staff[self.companion],
                clock=duty,
                facts=Facts(
                    on_complaint=Answer.NO,
                    child=Answer.YES if self.child else Answer.NO,
                    disability=Answer.NO,
                    she_agrees=Answer.YES if agrees else Answer.NO,
                    danger=Answer.NO,
                ),
                ruling=Ruling.REPORT if agrees else Ruling.RESPECT,
                reason="Dibicarakan dengan tenang; keinginannya dicatat.",
                at=self.at,
            )
        return True

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
        answered = self.at + timedelta(hours=5)
        if referral and answered < self.until:
            referral = services.answer_referral(
                viewer=by, referral=referral, accept=True, decline="", at=answered
            )
        given = self.at + timedelta(days=2 + 10 * self.rng.random())
        if given >= self.until or self.rng.random() < NEVER_GIVEN:
            return
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
        # At home other ways may be safe than before. Source: care.md 7.
        people.set_contact(viewer=by, dossier=self.dossier, person=self.client, way=self.way(), at=self.at)
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
            people.confirm_contact(
                viewer=self.staff[self.companion], dossier=self.dossier, person=self.client, at=self.at
            )
        return True

    def way(self) -> Way:
        """How she can be reached; no number of the demonstration is in use."""
        return Way(
            means=ContactMeans.MESSAGE,
            never_call=True,
            address=f"0812-0000-{self.planned.number % 10_000:04}",
            from_time=time(9),
            until_time=time(15),
            reminders_safe=True,
        )

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
