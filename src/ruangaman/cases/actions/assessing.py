"""Writes of what is known: the assessment, safety, and what happened in codes."""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, key_of
from ruangaman.access.states import Section
from ruangaman.cases import policies, queries
from ruangaman.cases.actions.rows import in_file, spine
from ruangaman.cases.models import Assessment, Incident, SafetyNote, Violence
from ruangaman.cases.states import Form
from ruangaman.clocks.actions import happened
from ruangaman.clocks.queries import zone_of
from ruangaman.clocks.states import Event
from ruangaman.intake.models import Report
from ruangaman.intake.policies import is_from_victim
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.policies import check_born_on
from ruangaman.people.queries import born_on, clients_of
from ruangaman.places.models import Place


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
        stored = Assessment(id=new_id(), **spine(dossier=dossier), version=0)
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
    record(Verb.ASSESSED, **in_file(viewer=viewer, dossier=dossier, at=at), objects=[stored.id])
    if stored.version == 1:
        happened(event=Event.ASSESSED, dossier=dossier, at=at, by=viewer.id)
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
        **spine(dossier=dossier),
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
    record(Verb.SAFETY_NOTED, **in_file(viewer=viewer, dossier=dossier, at=at), objects=[note.id])
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
    happened_from: time | None = None,
    penetration: str = "",
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
    coded = Incident.objects.filter(dossier_id=dossier.id, replaced_at=None)
    coded.filter(client__one_id=client.one_id).update(replaced_at=at)
    incident = Incident(
        id=new_id(),
        **spine(dossier=dossier),
        client=client,
        happened_on=happened_on,
        setting=setting,
        place=place,
        online=online,
        happened_from=happened_from,
        penetration=penetration if Form.SEXUAL in chosen else "",
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
        Violence(**spine(dossier=dossier), incident=incident, form=form.value) for form in chosen
    )
    record(Verb.INCIDENT_CODED, **in_file(viewer=viewer, dossier=dossier, at=at), objects=[incident.id])
    _start_clocks(viewer, dossier, incident, chosen, at)
    return incident


def _start_clocks(
    viewer: Viewer, dossier: Dossier, incident: Incident, forms: list[Form], at: datetime
) -> None:
    """What the law starts with what happened: hours of care, the duty to report, aid after trafficking."""
    if policies.hours_matter(forms=forms, setting=incident.setting, penetration=incident.penetration):
        since = None
        if incident.happened_on:
            since = policies.happened_since(
                happened_on=incident.happened_on,
                happened_from=incident.happened_from,
                zone=zone_of(dossier.unit_id),
            )
        happened(event=Event.SEXUAL_ASSAULT, dossier=dossier, at=at, by=viewer.id, since=since)
    report = Report.objects.filter(dossier_id=dossier.id).first()
    # A neighbour's report starts nothing. Source: care.md 9.
    if Form.SEXUAL in forms and report and is_from_victim(report.reporter_kind):
        happened(event=Event.VICTIM_REPORTED, dossier=dossier, at=at, by=viewer.id, since=report.received_at)
    if Form.TRAFFICKING in forms:
        happened(event=Event.TRAFFICKING_FOUND, dossier=dossier, at=at, by=viewer.id)
