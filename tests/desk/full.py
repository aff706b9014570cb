"""A file in which everything happened, made through the product's own actions; for the measure of its page."""

from datetime import timedelta

from ruangaman.access.actions import join_team
from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.cases import actions as cases
from ruangaman.cases.models import Need, PlanItem
from ruangaman.cases.states import Form, RiskLevel, Setting
from ruangaman.consent.states import Service
from ruangaman.intake import actions as intake
from ruangaman.justice import actions as justice
from ruangaman.justice.states import Step
from ruangaman.kernel.ids import new_id
from ruangaman.services import actions as services
from ruangaman.services.states import Kind
from tests.closure.stories import Story, a_case
from tests.worlds import World, acting


def everything(world: World) -> Story:
    """Assessed, coded, agreed to, planned, referred, treated, before a court, home again, visited."""
    story = a_case(world)
    story.do(
        cases.record_assessment,
        chronology="Kronologi rekaan.",
        hopes="Ingin tidur tenang.",
        seen_alone=True,
        version=None,
    )
    story.do(cases.note_safety, level=RiskLevel.HIGH, text="Jangan menelepon. Temui di sekolah, Selasa pagi.")
    story.do(
        cases.code_incident,
        client=story.client,
        happened_on=story.day(-90),
        setting=Setting.HOME,
        place_code="31.73",
        online="",
        forms={Form.PHYSICAL.value, Form.PSYCHOLOGICAL.value},
    )
    story.do(
        intake.answer,
        message_id=new_id(),
        body="Terima kasih sudah menulis.",
    )
    _services(story)
    _law(story)
    story.bring_home()
    story.visit()
    return story


def more_of_it(story: Story) -> None:
    """Further messages, services, steps before a court and visits."""
    psychologist, lawyer = story.world.person(Role.PSYCHOLOGIST), story.world.person(Role.LAWYER)
    for number in range(4):
        story.do(intake.answer, message_id=new_id(), body=f"Kabar ke-{number}.")
        _counsel(story, psychologist, days_ago=number)
        _step(story, lawyer, Step.QUESTIONING, days=number - 25)
        story.visit(days_ago=number)


def _services(story: Story) -> None:
    hospital, psychologist = story.world.hospital, story.world.person(Role.PSYCHOLOGIST)
    wanted = [Service.MEDICAL, Service.PSYCHOLOGICAL, Service.LEGAL, Service.SPIRITUAL]
    story.do(cases.record_needs, client=story.client, services=wanted)
    story.agree(Service.MEDICAL, recipient=hospital)
    story.agree(Service.PSYCHOLOGICAL)
    plan = {"sessions": 8, "starts_on": story.day(1), "aim": ""}
    medical = story.do(
        cases.plan, need=_need(story, Service.MEDICAL), provider=None, organisation=hospital, **plan
    )
    story.do(
        cases.plan,
        need=_need(story, Service.PSYCHOLOGICAL),
        provider=psychologist,
        organisation=None,
        **plan,
    )
    story.do(services.refer, item=medical, request="Mohon diperiksa.", visum_wanted=True)
    for number in range(2):
        _counsel(story, psychologist, days_ago=number)


def _counsel(story: Story, psychologist: User, *, days_ago: int) -> None:
    with acting(story.manager):
        item = PlanItem.objects.get(dossier_id=story.filed.dossier.id, service=Service.PSYCHOLOGICAL)
    story.do(
        services.give_service,
        by=psychologist,
        client=story.client,
        service=Service.PSYCHOLOGICAL,
        kind=Kind.COUNSELLING,
        given_on=story.day(-days_ago),
        organisation_id=story.world.unit.id,
        item=item.id,
        referral=None,
        note="Berjalan baik.",
        delivery_id=new_id(),
    )


def _need(story: Story, service: Service) -> Need:
    with acting(story.manager):
        return Need.objects.get(dossier_id=story.filed.dossier.id, service=service)


def _law(story: Story) -> None:
    lawyer = _on_the_team(story, Role.LAWYER)
    for days, step in ((-40, Step.POLICE_REPORT), (-30, Step.INVESTIGATION)):
        _step(story, lawyer, step, days=days)


def _step(story: Story, lawyer: User, step: Step, *, days: int) -> None:
    story.do(
        justice.record_step,
        by=lawyer,
        client=story.client,
        step=step,
        happened_on=story.day(days),
        step_id=new_id(),
    )


def _on_the_team(story: Story, role: Role) -> User:
    person = story.world.person(role)
    supervisor = story.world.person(Role.SUPERVISOR)
    with acting(supervisor):
        join_team(
            dossier=story.dossier,
            person=person.id,
            role=role,
            until=story.now + timedelta(days=100),
            by=supervisor.id,
            at=story.now,
        )
    return person
