"""Writes of needs and of what answers them."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ruangaman.access.actions import join_team, key_for, leave_team
from ruangaman.access.models import Dossier, Organisation, User
from ruangaman.access.policies import LONGEST_GRANT
from ruangaman.access.queries import Viewer, staff_of
from ruangaman.access.states import Section
from ruangaman.cases import policies, queries
from ruangaman.cases.actions.rows import in_file, spine
from ruangaman.cases.models import Need, PlanItem
from ruangaman.cases.states import NEVER_NEEDED, NeedState
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.consent.models import Consent
from ruangaman.consent.queries import live_consent
from ruangaman.consent.states import Service
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of


@transaction.atomic
def record_needs(
    *, viewer: Viewer, dossier: Dossier, client: Person, services: Iterable[str], at: datetime
) -> list[Need]:
    """This will add what a client needs; a need that was closed without a plan and is named again opens again.

    What is already recorded and not named stays: a mistake is corrected by `leave_unmet` with its own reason.

    :raises Refused: for somebody who is no client of this dossier, or no service at all.
    """
    wanted = [service for service in Service if service in set(services)]
    if not wanted:
        raise Refused(_("Pilih paling sedikit satu layanan yang diperlukan."))
    if client.one_id not in {one.one_id for one in clients_of(viewer, dossier.id)}:
        raise Refused(_("Orang ini bukan klien berkas ini. Pilih klien."))
    hers = Need.objects.filter(dossier_id=dossier.id, client__one_id=client.one_id)
    # Written down twice under two records of hers, the one that is worked on counts.
    there = {need.service: need for need in sorted(hers, key=lambda need: need.state != NeedState.UNMET)}
    made = []
    for service in wanted:
        need = there.get(service)
        if need is None:
            # Two clicks at once write one need.
            need, _new = Need.objects.get_or_create(
                dossier=dossier,
                client=client,
                service=service,
                defaults={**spine(dossier=dossier), "recorded_by_id": viewer.id, "recorded_at": at},
            )
        elif need.state == NeedState.UNMET:
            if need.unmet == NEVER_NEEDED:  # else it stays in the period in which it was first known
                need.recorded_by_id, need.recorded_at = viewer.id, at
            need.state, need.unmet = NeedState.OPEN, ""
            need.save(update_fields=["state", "unmet", "recorded_by", "recorded_at"])
        else:
            continue
        made.append(need)
    if made:
        record(
            Verb.NEED_RECORDED,
            **in_file(viewer=viewer, dossier=dossier, at=at),
            objects=[need.id for need in made],
        )
        case = queries.case_of(viewer, dossier.id)
        happened(
            event=Event.NEED_RECORDED,
            dossier=dossier,
            at=at,
            by=viewer.id,
            holder=case.manager_id if case else None,
        )
    return made


@transaction.atomic
def plan(
    *,
    viewer: Viewer,
    dossier: Dossier,
    need: Need,
    provider: User | None,
    organisation: Organisation | None,
    sessions: int,
    starts_on: date,
    aim: str,
    at: datetime,
    item_id: UUID | None = None,
) -> PlanItem:
    """This will plan an answer to a need, by a colleague of the unit or by a partner, on the consent for just that.

    A colleague comes onto the team in the profession that gives the service. ``item_id`` comes with the form, so that a
    double click plans once.

    :raises Refused: without a live consent, which the database refuses as well, or to who does not give that service.
    """
    before = PlanItem.objects.filter(id=item_id, dossier_id=dossier.id).first() if item_id else None
    if before:
        return before
    if (provider is None) == (organisation is None) or need.dossier_id != dossier.id:
        raise Refused(_("Pilih satu kebutuhan berkas ini dan satu pemberi layanan: rekan unit atau mitra."))
    consent = live_consent(
        viewer,
        dossier.id,
        client_id=need.client_id,
        service=need.service,
        recipient_id=organisation.id if organisation else None,
        at=at,
    )
    policies.check_can_plan(
        roles=viewer.roles_in(dossier.unit_id),
        stage=dossier.stage,
        state=need.state,
        has_consent=consent is not None,
        consent_until=consent.until if consent else None,
        starts_on=starts_on,
        opened_on=localdate(dossier.opened_at),
        sessions=sessions,
    )
    assert consent is not None
    if provider is not None:
        _bring_in(viewer, dossier, need, provider, at)
    item = _planned(viewer, dossier, need, consent, at, item_id)
    item.provider_id = provider.id if provider else None
    item.organisation_id = organisation.id if organisation else None
    item.sessions, item.starts_on = sessions, starts_on
    key = key_for(dossier=dossier, section=Section.PLAN)
    item.key_id = key.id
    seal(item, "aim", aim or None, key)
    _save_consented(item)
    if need.state != NeedState.PLANNED:
        need.state = NeedState.PLANNED
        need.save(update_fields=["state"])
    record(Verb.PLANNED, **in_file(viewer=viewer, dossier=dossier, at=at), objects=[item.id, need.id])
    _say_planned(viewer, dossier, at)
    return item


def _say_planned(viewer: Viewer, dossier: Dossier, at: datetime) -> None:
    """A plan is written when it answers each need, or says why not. Source: flow.md 6."""
    if not Need.objects.filter(dossier_id=dossier.id, state=NeedState.OPEN).exists():
        happened(event=Event.PLAN_WRITTEN, dossier=dossier, at=at, by=viewer.id)


def _planned(
    viewer: Viewer, dossier: Dossier, need: Need, consent: Consent, at: datetime, item_id: UUID | None
) -> PlanItem:
    return PlanItem(
        id=item_id or new_id(),
        **spine(dossier=dossier),
        need=need,
        consent=consent,
        service=need.service,
        planned_by_id=viewer.id,
        planned_at=at,
    )


def _bring_in(viewer: Viewer, dossier: Dossier, need: Need, provider: User, at: datetime) -> None:
    """Put who gives a service on the team in that profession, unless they are there already."""
    fitting = policies.PROVIDERS[need.service]
    held = {role for user, role in staff_of(dossier.unit_id, fitting, at) if user.id == provider.id}
    policies.check_can_provide(service=need.service, held=held)
    role = next(role for role in fitting if role in held)
    there = {mate.id for mate in queries.mates(viewer, dossier.id, dossier.unit_id, at)}
    if provider.id not in there or role in policies.PROFESSIONS:
        until = at + LONGEST_GRANT
        join_team(dossier=dossier, person=provider.id, role=role, until=until, by=viewer.id, at=at)


def _save_consented(item: PlanItem) -> None:
    """Save a plan; a consent that was withdrawn at this very moment is told as any other that is missing."""
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("Rencana ini baru saja tersimpan. Kembali ke berkas untuk melihatnya.")) from None
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "RA002":
            raise
        raise Refused(
            _("Persetujuan untuk layanan ini baru saja ditarik. Tanyakan lagi kepada klien.")
        ) from None


@transaction.atomic
def leave_unmet(*, viewer: Viewer, dossier: Dossier, need: Need, reason: str, at: datetime) -> None:
    """This will say why the plan does not answer a need, or that it was written down by mistake.

    :raises Refused: where it is planned or closed.
    """
    live = PlanItem.objects.filter(need=need, dropped_at=None).count()
    policies.check_can_leave_unmet(state=need.state, live_items=live, reason=reason)
    need.state, need.unmet = NeedState.UNMET, reason
    need.save(update_fields=["state", "unmet"])
    record(
        Verb.PLANNED, **in_file(viewer=viewer, dossier=dossier, at=at), objects=[need.id], fields=["unmet"]
    )
    _say_planned(viewer, dossier, at)


@transaction.atomic
def drop_item(*, viewer: Viewer, dossier: Dossier, item: PlanItem, at: datetime) -> None:
    """This will stop a plan. A need without another plan is open again, and a profession without one leaves the team.

    :raises Refused: where it was stopped already.
    """
    policies.check_can_drop(roles=viewer.roles_in(dossier.unit_id), dropped=item.dropped_at is not None)
    if not PlanItem.objects.filter(id=item.id, dropped_at=None).update(dropped_at=at):
        raise Refused(_("Rencana ini sudah dihentikan."))
    item.dropped_at = at
    if not PlanItem.objects.filter(need_id=item.need_id, dropped_at=None).exists():
        Need.objects.filter(id=item.need_id, state=NeedState.PLANNED).update(state=NeedState.OPEN)
    leaves = bool(policies.PROFESSIONS & set(policies.PROVIDERS[item.service])) and item.provider_id
    if (
        leaves
        and not PlanItem.objects.filter(
            dossier_id=dossier.id, provider_id=item.provider_id, dropped_at=None
        ).exists()
    ):
        assert item.provider_id is not None
        leave_team(dossier=dossier, person=item.provider_id, by=viewer.id, at=at)
    record(
        Verb.PLANNED,
        **in_file(viewer=viewer, dossier=dossier, at=at),
        objects=[item.id],
        fields=["dropped_at"],
    )
