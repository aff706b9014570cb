"""A contact that is not safe any more: told by who reported, confirmed anew by the unit. Source: care.md 7.

What a client tells by her own code is a wish (``clients.wish``); the database carries it to her contact.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.intake.actions.threads import as_reporter
from ruangaman.intake.jobs import pass_on
from ruangaman.intake.models import SafeContact
from ruangaman.intake.policies.calling_back import DOUBTED, check_can_renew
from ruangaman.intake.states import Means
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb

NOT_TO_BE_CALLED = "RA006"  # SQLSTATE of intake's migrations


@contextmanager
def refused_if_not_to_be_called(*, sentence: str = "") -> Iterator[None]:
    """This will take back what is written within where the database says that this contact must not be called.

    :raises Refused: with ``sentence``, else saying that the contact is in doubt.
    """
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != NOT_TO_BE_CALLED:
            raise
        raise Refused(sentence or DOUBTED) from None


@transaction.atomic
def doubt_contact(*, dossier_id: UUID, at: datetime) -> None:
    """This will stop every call to who reported by the contact that was told with the report, and tell the unit once.

    Under the ticket of the report's own code. Whether there was a contact is not said: somebody else may hold the code.
    Only this contact is stopped: a client has a code of her own (care.md 1).
    """
    with as_reporter(dossier=dossier_id, at=at):
        with connection.cursor() as cursor:
            cursor.execute("SELECT door.reporter_doubts(%s)", [at])
            if not cursor.fetchone()[0]:
                return
        record(Verb.WISHED, at=at, kind=ActorKind.REPORTER, dossier=dossier_id, fields=["other_contact"])
        pass_on.defer(dossier_id=str(dossier_id), message_id=str(new_id()))


@transaction.atomic
def renew_contact(
    *,
    viewer: Viewer,
    dossier: Dossier,
    means: Means,
    phone: str,
    code_word: str,
    weekdays: int,
    from_time: time | None,
    until_time: time | None,
    spoken_since: bool,
    at: datetime,
) -> None:
    """This will write down how who reported can be reached from now on, in place of a contact that they doubted.

    Nothing of the old contact is taken over: who holds that telephone may know the code word too.

    :raises Refused: where nobody has heard it from them since, it contradicts itself, or it is out of reach.
    """
    check_can_renew(
        means=means, phone=phone, hours=(from_time, until_time), weekdays=weekdays, spoken_since=spoken_since
    )
    contact = SafeContact.objects.select_for_update().filter(dossier_id=dossier.id).first()
    if contact is None or contact.doubted_at is None:
        raise Refused(_("Kontak pelapor ini tidak sedang diragukan. Muat ulang berkasnya."))
    key = key_for(dossier=dossier, section=Section.REPORTER)
    contact.means, contact.never_call = means, False
    contact.weekdays, contact.from_time, contact.until_time, contact.doubted_at = (
        weekdays,
        from_time,
        until_time,
        None,
    )
    for name, text in (("phone", phone), ("code_word", code_word), ("hours", "")):
        seal(contact, name, text.strip() or None, key)
    contact.save(
        update_fields=[
            "means", "never_call", "weekdays", "from_time", "until_time", "doubted_at", "phone", "code_word", "hours"
        ]
    )  # fmt: skip
    record(
        Verb.CONTACT_SET, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id, objects=[contact.id],
        fields=[Section.REPORTER.value],
    )  # fmt: skip
