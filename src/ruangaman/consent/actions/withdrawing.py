"""Taking back what was agreed to. Access that rested on it closes in the same transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.consent import policies, queries
from ruangaman.consent.actions.lasting import keep_clock
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Basis
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.queries import guardian_of


@transaction.atomic
def withdraw_consents(
    *,
    viewer: Viewer,
    dossier: Dossier,
    consents: Sequence[Consent],
    word_of: str = Basis.CLIENT,
    at: datetime,
) -> None:
    """This will withdraw consents on somebody's word, all or none. Nothing but who gives the word is asked.

    ``word_of``: for who answers for herself it is always her own.

    :raises Refused: where one was not given or is withdrawn, this word can't withdraw it, or none is named.
    """
    if not consents or any(consent.dossier_id != dossier.id for consent in consents):
        raise Refused(_("Pilih paling sedikit satu persetujuan berkas ini."))
    clients = {consent.client_id: consent.client for consent in consents}
    capacity = queries.capacities(viewer, dossier.id, clients.values(), at)
    guarded = {id_ for id_, client in clients.items() if guardian_of(viewer, dossier.id, client)}
    for consent in consents:
        policies.check_can_withdraw(
            answer=consent.answer,
            withdrawn=consent.withdrawn_at is not None,
            service=consent.service,
            basis=consent.basis,
            alone=capacity[consent.client_id].alone,
            has_guardian=consent.client_id in guarded,
            word_of=word_of,
            roles=viewer.roles_in(dossier.unit_id),
        )
    ids = [consent.id for consent in consents]
    changed = Consent.objects.filter(id__in=ids, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_by_id=viewer.id
    )
    if changed != len(set(ids)):
        raise Refused(_("Persetujuan ini sudah ditarik."))
    for consent in consents:
        consent.withdrawn_at, consent.withdrawn_by_id = at, viewer.id
    keep_clock(viewer=viewer, dossier=dossier, clients=clients.values(), at=at)
    record(
        Verb.CONSENT_WITHDRAWN,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=ids,
    )


def withdraw_consent(*, viewer: Viewer, consent: Consent, word_of: str = Basis.CLIENT, at: datetime) -> None:
    """This will withdraw one consent (`withdraw_consents`).

    :raises Refused: where it was not given, is withdrawn, or this word can't withdraw it.
    """
    withdraw_consents(viewer=viewer, dossier=consent.dossier, consents=[consent], word_of=word_of, at=at)
