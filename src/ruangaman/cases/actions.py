"""Writes of cases: assessment, safety, coding, needs, team, plan."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ruangaman.access.actions import join_team, key_for, leave_team, move_stage
from ruangaman.access.models import Dossier, Organisation, User
from ruangaman.access.policies import LONGEST_GRANT
from ruangaman.access.queries import Viewer, key_of, staff_of
from ruangaman.access.states import Section, Stage
from ruangaman.cases import policies, queries
from ruangaman.cases.models import Assessment, Case, Incident, Need, PlanItem, SafetyNote, Violence
from ruangaman.cases.states import Form, NeedState
from ruangaman.consent.models import Consent
from ruangaman.consent.queries import live_consent
from ruangaman.consent.states import Service
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.policies import check_born_on
from ruangaman.people.queries import born_on, clients_of
from ruangaman.places.models import Place


def _spine(dossier: Dossier) -> dict[str, object]:
    return {"dossier": dossier, "unit_id": dossier.unit_id, "stage": dossier.stage}


def _record(
    verb: Verb, viewer: Viewer, dossier: Dossier, at: datetime, objects: Iterable[UUID], *fields: str
) -> None:
    # Who reads the ledger may read no file: neither form, level nor service stands there.
    record(
        verb,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=list(objects),
        fields=list(fields),
    )


@transaction.atomic
def record_assessment(
    *,
    viewer: Viewer,
    dossier: Dossier,
    chronology: str,
    hopes: str,
    seen_alone: bool,
    version: int | None,
    at: datetime,
) -> Assessment:
    """This will keep the assessment. ``version`` is the one that the writer saw, None where there was none.

    The same texts sent again are no conflict: a form that was sent twice.

    :raises Refused: without a client.
    :raises Conflict: where somebody else saved meanwhile; nothing is overwritten, and it carries what they wrote.
    """
    policies.check_can_assess(clients=len(clients_of(viewer, dossier.id)))
    key = key_for(dossier=dossier, section=Section.NARRATIVE)
    stored = Assessment.objects.select_for_update().filter(dossier_id=dossier.id).first()
    if stored is None:
        stored = Assessment(id=new_id(), **_spine(dossier), version=0)
    elif stored.version != version:
        told = (unseal(stored, "chronology", key) or "", unseal(stored, "hopes", key) or "")
        if (*told, stored.seen_alone) == (chronology, hopes, seen_alone):
            return stored
        raise policies.Conflict(
            chronology=told[0], hopes=told[1], seen_alone=stored.seen_alone, version=stored.version
        )
    seal(stored, "chronology", chronology, key)
    seal(stored, "hopes", hopes or None, key)
    stored.key_id, stored.seen_alone = key.id, seen_alone
    stored.done_by_id, stored.done_at, stored.version = viewer.id, at, stored.version + 1
    if stored.version == 1:
        try:
            with transaction.atomic():
                stored.save(force_insert=True)
        except IntegrityError:
            raise _met(dossier, key) from None
    else:
        stored.save()
    _record(Verb.ASSESSED, viewer, dossier, at, [stored.id])
    return stored


def _met(dossier: Dossier, key: Key) -> Refused:
    """What to say where two people made the first assessment at the same moment, and this one came second."""
    theirs = queries.assessment_of(dossier.id, key)
    if theirs is None:
        return Refused(_("Asesmen tidak tersimpan. Muat ulang halaman, lalu coba lagi."))
    return policies.Conflict(
        chronology=theirs.chronology,
        hopes=theirs.hopes,
        seen_alone=theirs.row.seen_alone,
        version=theirs.row.version,
    )


@transaction.atomic
def note_safety(
    *, viewer: Viewer, dossier: Dossier, level: str, text: str, at: datetime, note_id: UUID | None = None
) -> SafetyNote:
    """This will add how dangerous it is and how to meet her; earlier notes stay, and the level is copied to the case.

    ``note_id`` comes with the form, so that a double click writes one note.
    """
    before = SafetyNote.objects.filter(id=note_id, dossier_id=dossier.id).first() if note_id else None
    if before:
        return before
    key = key_for(dossier=dossier, section=Section.RISK)
    note = SafetyNote(
        id=note_id or new_id(),
        **_spine(dossier),
        key_id=key.id,
        level=level,
        written_by_id=viewer.id,
        written_at=at,
    )
    seal(note, "text", text, key)
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("Catatan ini baru saja tersimpan. Kembali ke berkas untuk membacanya.")) from None
    _record(Verb.SAFETY_NOTED, viewer, dossier, at, [note.id])
    return note


@transaction.atomic
def code_incident(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    happened_on: date | None,
    setting: str,
    place_code: str,
    online: str,
    forms: Iterable[str],
    at: datetime,
) -> Incident:
    """This will code what happened to a client. A second coding replaces the first, which stays to be read.

    :raises Refused: for a day ahead, before the client was born, without a form, or where a colleague coded meanwhile.
    """
    chosen = [form for form in Form if form in set(forms)]
    today = localdate(at)
    policies.check_incident(happened_on=happened_on, today=today, forms=chosen)
    for one in clients_of(viewer, dossier.id):
        born = born_on(one, key_of(dossier.id, one.section))
        check_born_on(born, today=today, happened_on=happened_on)
    place = Place.objects.filter(code=place_code).first() if place_code else None
    if place_code and place is None:
        raise Refused(_("Wilayah ini tidak ada di daftar. Pilih dari daftar."))
    Incident.objects.filter(dossier_id=dossier.id, client=client, replaced_at=None).update(replaced_at=at)
    incident = Incident(
        id=new_id(),
        **_spine(dossier),
        client=client,
        happened_on=happened_on,
        setting=setting,
        place=place,
        online=online,
        recorded_by_id=viewer.id,
        recorded_at=at,
    )
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            _("Rekan baru saja mencatat kejadian ini. Muat ulang halaman untuk melihatnya.")
        ) from None
    Violence.objects.bulk_create(
        Violence(**_spine(dossier), incident=incident, form=form.value) for form in chosen
    )
    _record(Verb.INCIDENT_CODED, viewer, dossier, at, [incident.id])
    return incident


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
    if client.id not in {one.id for one in clients_of(viewer, dossier.id)}:
        raise Refused(_("Orang ini bukan klien berkas ini. Pilih klien."))
    there = {need.service: need for need in Need.objects.filter(dossier_id=dossier.id, client=client)}
    made = []
    for service in wanted:
        need = there.get(service)
        if need is None:
            # Two clicks at once write one need.
            need, _new = Need.objects.get_or_create(
                dossier=dossier,
                client=client,
                service=service,
                defaults={**_spine(dossier), "recorded_by_id": viewer.id, "recorded_at": at},
            )
        elif need.state == NeedState.UNMET:
            need.state, need.unmet = NeedState.OPEN, ""
            need.recorded_by_id, need.recorded_at = viewer.id, at
            need.save(update_fields=["state", "unmet", "recorded_by", "recorded_at"])
        else:
            continue
        made.append(need)
    if made:
        _record(Verb.NEED_RECORDED, viewer, dossier, at, [need.id for need in made])
    return made


# --- the team ----------------------------------------------------------------------------------------------------


@transaction.atomic
def assign(*, viewer: Viewer, dossier: Dossier, person: UUID, role: str, at: datetime) -> None:
    """This will put a colleague of the unit on the team, in a role they hold, for as long as a grant may last.

    :raises Refused: where they don't hold it, or the role has no work at this stage.
    """
    held = [held_role for user, held_role in staff_of(dossier.unit_id, [role], at) if user.id == person]
    policies.check_can_assign(role=role, held=held, stage=dossier.stage)
    join_team(dossier=dossier, person=person, role=role, until=at + LONGEST_GRANT, by=viewer.id, at=at)


@transaction.atomic
def unassign(*, viewer: Viewer, dossier: Dossier, person: UUID, at: datetime) -> None:
    """This will take somebody off the team at once.

    :raises Refused: for who holds the case.
    """
    case = queries.case_of(viewer, dossier.id)
    live = case if case and case.ended_at is None else None
    policies.check_can_leave(person=person, manager=live.manager_id if live else None)
    leave_team(dossier=dossier, person=person, by=viewer.id, at=at)


@transaction.atomic
def take_case(*, viewer: Viewer, dossier: Dossier, at: datetime) -> Case:
    """This will make a report the viewer's case, held whole; or hand over one that a colleague holds.

    :raises Refused: for anybody but a case manager on the team, or before client and assessment are recorded.
    """
    case = Case.objects.filter(dossier_id=dossier.id).first()
    assessed = Assessment.objects.filter(dossier_id=dossier.id).exists()
    policies.check_can_take(
        roles=viewer.roles_in(dossier.unit_id),
        on_team=queries.on_team(viewer, dossier.id, at),
        stage=dossier.stage,
        assessed=assessed,
        clients=len(clients_of(viewer, dossier.id)),
        viewer=viewer.id,
        manager=case.manager_id if case and case.ended_at is None else None,
    )
    if dossier.stage == Stage.INTAKE:
        move_stage(dossier=dossier, to=Stage.CASE, by=viewer.id, at=at)
    if case is None:
        newest = SafetyNote.objects.filter(dossier_id=dossier.id).order_by("-written_at", "-id").first()
        case = Case.objects.create(
            **_spine(dossier), manager_id=viewer.id, taken_at=at, risk=newest.level if newest else ""
        )
    else:
        case.manager_id = viewer.id
        case.save(update_fields=["manager"])
    _record(Verb.CASE_TAKEN, viewer, dossier, at, [case.id])
    return case


# --- the plan ----------------------------------------------------------------------------------------------------


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
    _record(Verb.PLANNED, viewer, dossier, at, [item.id, need.id])
    return item


def _planned(
    viewer: Viewer, dossier: Dossier, need: Need, consent: Consent, at: datetime, item_id: UUID | None
) -> PlanItem:
    return PlanItem(
        id=item_id or new_id(),
        **_spine(dossier),
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
    _record(Verb.PLANNED, viewer, dossier, at, [need.id], "unmet")


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
    _record(Verb.PLANNED, viewer, dossier, at, [item.id], "dropped_at")
