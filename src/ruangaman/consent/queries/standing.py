"""What was answered, and what of it stands: the same rule as ``door.standing`` in the database, for pages."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.consent.models import Consent, Disclosure, Recall
from ruangaman.consent.policies import NO_VETO
from ruangaman.consent.states import Answer, Basis
from ruangaman.people.models import Part, Person
from ruangaman.people.queries import parts_of
from ruangaman.people.states import PartStatus, PersonRole


@dataclass(frozen=True, slots=True)
class Around:
    """Of the people of a dossier what decides whether an answer stands.

    ``clients``: who the clients are, each once; ``barred``: the records of guardians who were refused and not accepted
    again since.
    """

    clients: frozenset[UUID]
    barred: frozenset[UUID]


def consents_of(viewer: Viewer, dossier_id: UUID) -> list[Consent]:
    """This will give every answer of a dossier, newest first, with client, recipient and who answered; one query.

    Each says of its whole dossier whether something was decided without consent there (``told_without``) and whether
    something was asked back (``asked_back``), so that a page need not ask for what is not there.
    """
    found = Consent.objects.filter(dossier_id=dossier_id).select_related("client", "recipient", "recorded_by")
    found = found.annotate(
        told_without=Exists(Disclosure.objects.filter(dossier_id=dossier_id)),
        asked_back=Exists(Recall.objects.filter(dossier_id=dossier_id)),
    )
    return list(found.order_by("-answered_at", "-id"))


def consent_by_id(viewer: Viewer, consent_id: UUID) -> Consent | None:
    """This will give one answer with its dossier, client and recipient, if the viewer may see it; one query."""
    return Consent.objects.filter(id=consent_id).select_related("dossier", "client", "recipient").first()


def consent_by_text(viewer: Viewer, text: str) -> Consent | None:
    """This will give the answer that an address names, or None where it names none in reach."""
    try:
        return consent_by_id(viewer, UUID(text))
    except ValueError:
        return None


def consent_in(viewer: Viewer, dossier: Dossier, text: str) -> Consent | None:
    """This will give the answer that an address names, if it is of this dossier."""
    found = consent_by_text(viewer, text)
    return found if found and found.dossier_id == dossier.id else None


def around(parts: Iterable[Part]) -> Around:
    """This will read clients and barred guardians from the parts of a dossier (`people.queries.parts_of`)."""
    every = list(parts)

    def ones(role: PersonRole, status: PartStatus) -> frozenset[UUID]:
        return frozenset(p.person.one_id for p in every if (p.role, p.status) == (role, status))

    guardian = PersonRole.GUARDIAN
    out = ones(guardian, PartStatus.REFUSED) - ones(guardian, PartStatus.ACTIVE)
    return Around(
        ones(PersonRole.CLIENT, PartStatus.ACTIVE),
        frozenset(p.person_id for p in every if p.person.one_id in out),
    )


def barred(viewer: Viewer, dossier_id: UUID) -> frozenset[UUID]:
    """This will give the records of people barred as guardians, as far as the viewer may know; one query."""
    return around(parts_of(viewer, dossier_id)).barred


def holds(consent: Consent, at: datetime) -> bool:
    """This will say whether a consent by itself allows something at ``at``."""
    return (
        consent.answer == Answer.GIVEN
        and consent.withdrawn_at is None
        and consent.until is not None
        and consent.until > at
    )


def decides(consent: Consent) -> bool:
    """This will say whether an answer counts: a guardian's no about medical care or protection closes nothing.

    Source: care.md 11.
    """
    veto = consent.answer != Answer.GIVEN and consent.basis == Basis.GUARDIAN
    return not (veto and consent.service in {service.value for service in NO_VETO})


def deciding(consents: Iterable[Consent]) -> list[Consent]:
    """This will give, of answers newest first, the one that decides for each client, service and recipient.

    A client who was written down twice is one.
    """
    found: dict[tuple[UUID, str, UUID | None], Consent] = {}
    for consent in consents:
        if decides(consent):
            found.setdefault((consent.client.one_id, consent.service, consent.recipient_id), consent)
    return list(found.values())


def standing(consents: Iterable[Consent], people: Around) -> list[Consent]:
    """This will give, of answers newest first, those on which access rests until their day (`holds`).

    What a barred guardian gave has ended, but for medical care and protection, which go on until they are asked again,
    because closing them could end a treatment. Source: care.md 10, 11.
    """
    return [
        c
        for c in deciding(consents)
        if c.answer == Answer.GIVEN
        and c.withdrawn_at is None
        and c.client.one_id in people.clients
        and not (_of_barred(c, people.barred) and c.service not in {s.value for s in NO_VETO})
    ]


def standing_now(viewer: Viewer, dossier_id: UUID, at: datetime) -> list[Consent]:
    """This will give the consents on which something new may rest now, of all clients; two queries.

    What a barred guardian gave is asked again first. Source: care.md 10.
    """
    people = around(parts_of(viewer, dossier_id))
    found = standing(consents_of(viewer, dossier_id), people)
    return [c for c in found if holds(c, at) and not _of_barred(c, people.barred)]


def _of_barred(consent: Consent, out: Collection[UUID]) -> bool:
    return consent.basis == Basis.GUARDIAN and consent.given_by_id in out


def to_ask_again(
    viewer: Viewer, consents: Iterable[Consent], at: datetime, parts: Iterable[Part] | None = None
) -> list[Consent]:
    """This will give the consents that a barred guardian gave and that would hold else: they are asked again.

    Nothing new rests on them. Source: care.md 10 ("consents are taken again").
    ``parts``: those of the dossier, where they were read already.
    """
    given = [c for c in deciding(consents) if c.basis == Basis.GUARDIAN and holds(c, at)]
    if not given:
        return []
    out = around(parts).barred if parts is not None else barred(viewer, given[0].dossier_id)
    return [consent for consent in given if _of_barred(consent, out)]


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

    The newest answer decides, by whichever record of the client it was given. What a guardian gave who was barred since
    does not count: it is asked again. The database asks the same (``door.consented``).
    """
    a_client = Part.objects.filter(
        dossier_id=dossier_id,
        role=PersonRole.CLIENT,
        status=PartStatus.ACTIVE,
        person__one_id=OuterRef("client__one_id"),
    )
    answers = Consent.objects.filter(
        Exists(a_client),
        dossier_id=dossier_id,
        client__one_id=Subquery(Person.objects.filter(id=client_id).values("one_id")),
        service=service,
        recipient_id=recipient_id,
    )
    found = deciding(answers.select_related("client").order_by("-answered_at", "-id"))
    consent = found[0] if found and holds(found[0], at) else None
    if consent and consent.basis == Basis.GUARDIAN and consent.given_by_id in barred(viewer, dossier_id):
        return None
    return consent


def newest_answers(consents: list[Consent]) -> dict[tuple[UUID, str], Consent]:
    """This will give the newest answer for each client (``one_id``) and service, from ``consents_of``."""
    found: dict[tuple[UUID, str], Consent] = {}
    for consent in consents:
        found.setdefault((consent.client.one_id, consent.service), consent)
    return found
