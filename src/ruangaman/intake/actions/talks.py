"""Writes of the log: what was said by messenger, telephone, on paper or face to face."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.intake.actions.erased import refused_if_erased
from ruangaman.intake.models import Talk
from ruangaman.intake.policies.talks import check_can_log
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def log_talk(
    *,
    viewer: Viewer,
    dossier: Dossier,
    medium: str,
    direction: str,
    text: str,
    said_at: datetime,
    at: datetime,
    wiped: bool = False,
    talk_id: UUID | None = None,
) -> Talk:
    """This will log what was said outside the thread. ``wiped``: it is deleted on the telephone already.

    ``talk_id`` travels with the form: sent twice, it makes one entry.

    :raises Refused: where it tells nothing, lies ahead, or is out of reach.
    """
    check_can_log(text=text, said_at=said_at, medium=medium, wiped=wiped, at=at)
    key = key_for(dossier=dossier, section=Section.NARRATIVE)
    talk = Talk(
        id=talk_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        key_id=key.id,
        medium=medium,
        direction=direction,
        said_at=said_at,
        written_by_id=viewer.id,
        written_at=at,
        wiped_at=at if wiped else None,
    )
    try:
        _save(talk, text, key)
    except IntegrityError:
        # The same form, sent twice, logs once; sent again with other words, it is another entry: nothing is lost.
        there = Talk.objects.filter(id=talk.id, dossier_id=dossier.id).first()
        if there and unseal(there, "text", key) == text:
            return there
        talk.id = new_id()
        try:
            _save(talk, text, key)
        except IntegrityError:
            raise Refused(_("Berkas ini baru saja pindah tahap. Buka lagi, lalu catat di sana.")) from None
    record(
        Verb.TALK_LOGGED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[talk.id],
        fields=[str(medium), str(direction)],
    )
    return talk


def _save(talk: Talk, text: str, key: Key) -> None:
    seal(talk, "text", text, key)
    with refused_if_erased(sentence=_("Berkas ini baru saja dihapus, jadi catatan ini tidak tersimpan.")):
        talk.save(force_insert=True)


@transaction.atomic
def state_wiped(*, viewer: Viewer, talk_id: UUID, at: datetime) -> None:
    """This will say that nothing of an entry is left on the telephone. Its writer says it, once.

    :raises Refused: where it is not theirs, or was said before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT dossier, unit FROM door.wiped(%s)", [talk_id])
        dossier, unit = cursor.fetchone() or (None, None)
    if dossier is None:
        raise Refused(
            _("Ini sudah dinyatakan, atau dicatat oleh rekan lain; yang menyatakan adalah pencatatnya.")
        )
    record(Verb.TALK_WIPED, at=at, by=viewer.id, unit=unit, dossier=dossier, objects=[talk_id])
