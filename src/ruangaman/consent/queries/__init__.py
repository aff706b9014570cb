"""Reads of consent: what was answered, and what holds now."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from ruangaman.access.matrix import allows
from ruangaman.access.models import Organisation
from ruangaman.access.queries import Viewer
from ruangaman.access.states import OrganisationKind, Role, Section, Stage
from ruangaman.consent.models import Consent
from ruangaman.consent.policies import NO_VETO
from ruangaman.consent.states import Answer, Basis
from ruangaman.people.models import Part
from ruangaman.people.states import PartStatus, PersonRole


def consents_of(viewer: Viewer, dossier_id: UUID) -> list[Consent]:
    """This will give every answer of a dossier, newest first, with recipient and who answered; one query."""
    found = Consent.objects.filter(dossier_id=dossier_id).select_related("recipient", "recorded_by")
    return list(found.order_by("-answered_at", "-id"))


def consent_by_id(viewer: Viewer, consent_id: UUID) -> Consent | None:
    """This will give one answer with its dossier, client and recipient, if the viewer may see it; one query."""
    return Consent.objects.filter(id=consent_id).select_related("dossier", "client", "recipient").first()


def partners(viewer: Viewer) -> list[Organisation]:
    """This will give the partner organisations a client may be asked about, by name; one query."""
    found = Organisation.objects.filter(kind=OrganisationKind.PARTNER, is_active=True)
    return list(found.order_by("name", "id"))


def holds(consent: Consent, at: datetime) -> bool:
    """This will say whether a consent allows something at ``at``."""
    return (
        consent.answer == Answer.GIVEN
        and consent.withdrawn_at is None
        and consent.until is not None
        and consent.until > at
    )


def decides(consent: Consent) -> bool:
    """This will say whether an answer counts: a guardian's no about medical care or protection closes nothing.

    Source: care.md 11. The database asks the same (``door.project_consents``).
    """
    veto = consent.answer != Answer.GIVEN and consent.basis == Basis.GUARDIAN
    return not (veto and consent.service in {service.value for service in NO_VETO})


def deciding(consents: Iterable[Consent]) -> list[Consent]:
    """This will give, of answers newest first, the one that decides for each client, service and recipient."""
    found: dict[tuple[UUID, str, UUID | None], Consent] = {}
    for consent in consents:
        if decides(consent):
            found.setdefault((consent.client_id, consent.service, consent.recipient_id), consent)
    return list(found.values())


def live_consent(
    viewer: Viewer,
    dossier_id: UUID,
    *,
    client_id: UUID,
    service: str,
    recipient_id: UUID | None,
    at: datetime,
) -> Consent | None:
    """This will give the consent that allows a service by one recipient (None: the unit's own people), or None.

    The newest answer decides. What a guardian gave who was barred since does not count: it is asked again.
    """
    answers = Consent.objects.filter(
        dossier_id=dossier_id, client_id=client_id, service=service, recipient_id=recipient_id
    )
    found = deciding(answers.order_by("-answered_at", "-id"))
    consent = found[0] if found and holds(found[0], at) else None
    if consent and consent.basis == Basis.GUARDIAN and consent.given_by_id in barred(viewer, dossier_id):
        return None
    return consent


def barred(viewer: Viewer, dossier_id: UUID) -> set[UUID]:
    """This will give the people refused as guardians in a dossier, as far as the viewer may know; one query."""
    refused = Part.objects.filter(dossier_id=dossier_id, role=PersonRole.GUARDIAN, status=PartStatus.REFUSED)
    return set(refused.values_list("person_id", flat=True))


def to_ask_again(
    viewer: Viewer, consents: Iterable[Consent], at: datetime, parts: Iterable[Part] | None = None
) -> list[Consent]:
    """This will give the consents that a barred guardian gave and that still hold: access stays until asked again.

    Closing it at once could end a treatment. Source: care.md 10 ("consents are taken again").
    ``parts``: those of the dossier, where they were read already.
    """
    given = [c for c in deciding(consents) if c.basis == Basis.GUARDIAN and holds(c, at)]
    if parts is not None:
        out = {p.person_id for p in parts if (p.role, p.status) == (PersonRole.GUARDIAN, PartStatus.REFUSED)}
    else:
        out = barred(viewer, given[0].dossier_id) if given else set()
    return [consent for consent in given if consent.given_by_id in out]


def newest_answers(consents: list[Consent]) -> dict[tuple[UUID, str], Consent]:
    """This will give the newest answer for each client and service, from ``consents_of``."""
    found: dict[tuple[UUID, str], Consent] = {}
    for consent in consents:
        found.setdefault((consent.client_id, consent.service), consent)
    return found


def shown_to_partner(scope: Iterable[str]) -> set[str]:
    """This will give the sections of a scope that the matrix lets a partner see."""
    return {s for s in scope if allows(Role.PARTNER_OFFICER, "grant", Stage.CASE, s, "r")}


def lost_with(consent: Consent, consents: Iterable[Consent], at: datetime) -> list[Section]:
    """This will give what its recipient sees no longer, once a consent is withdrawn; of all answers, newest first."""
    if consent.recipient_id is None or consent not in (live := _live(consent, consents, at)):
        return []
    kept = {section for other in live if other != consent for section in shown_to_partner(other.scope)}
    return [Section(section) for section in sorted(shown_to_partner(consent.scope) - kept)]


def _live(consent: Consent, consents: Iterable[Consent], at: datetime) -> list[Consent]:
    return [c for c in deciding(consents) if c.recipient_id == consent.recipient_id and holds(c, at)]
