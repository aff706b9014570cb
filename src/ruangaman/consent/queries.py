"""Reads of consent: what was answered, and what holds now."""

from datetime import datetime
from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Answer


def consents_of(viewer: Viewer, dossier_id: UUID) -> list[Consent]:
    """This will give every answer of a dossier, newest first, with recipient and who answered; one query."""
    found = Consent.objects.filter(dossier_id=dossier_id).select_related("recipient", "recorded_by")
    return list(found.order_by("-answered_at", "-id"))


def holds(consent: Consent, at: datetime) -> bool:
    """This will say whether a consent allows something at ``at``."""
    return (
        consent.answer == Answer.GIVEN
        and consent.withdrawn_at is None
        and consent.until is not None
        and consent.until > at
    )


def live_consent(
    viewer: Viewer,
    dossier_id: UUID,
    *,
    client_id: UUID,
    service: str,
    recipient_id: UUID | None,
    at: datetime,
) -> Consent | None:
    """This will give the newest consent that allows a service by one recipient (None: the unit's own people)."""
    found = Consent.objects.filter(
        dossier_id=dossier_id,
        client_id=client_id,
        service=service,
        recipient_id=recipient_id,
        answer=Answer.GIVEN,
        withdrawn_at=None,
        until__gt=at,
    )
    return found.order_by("-answered_at").first()


def newest_answers(consents: list[Consent]) -> dict[tuple[UUID, str], Consent]:
    """This will give the newest answer for each client and service, from ``consents_of``."""
    found: dict[tuple[UUID, str], Consent] = {}
    for consent in consents:
        found.setdefault((consent.client_id, consent.service), consent)
    return found
