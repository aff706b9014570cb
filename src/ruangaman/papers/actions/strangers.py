"""Files of somebody without an account: of a report that is being written, or in a thread that a code opened.

There is no row yet while the pieces come in: whoever calls knows how many have come, and keeps the key. Nothing of a
file that is refused stays behind.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, seal
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.papers import storing
from ruangaman.papers.models import Paper
from ruangaman.papers.policies import contents, files
from ruangaman.papers.states import Origin, PaperKind, PaperState, Scan
from ruangaman.papers.storing import examining

LARGEST = 20 * 1_048_576  # of one file, in bytes
WHOLE = 8 * 1_048_576  # of one that comes in one piece with its form, without script


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a file that came in whole and was examined. Its pieces lie in the storage under ``id``."""

    id: UUID
    name: str
    size: int
    pieces: int
    media_type: str
    digest: str
    pages: int
    scan: Scan


def check_announced(*, name: str, size: int, largest: int = LARGEST) -> None:
    """This will check what a file is called and how large it is, before anything of it is taken in.

    :raises Refused: with what to do.
    """
    contents.check_name(name)
    if "/" in name:
        raise Refused(_("Nama berkas ini berisi bagian folder. Ganti namanya, lalu lampirkan lagi."))
    if size <= 0:
        raise contents.refused("empty")
    if size > largest:
        raise Refused(
            _("Berkas ini terlalu besar: paling banyak %d MB. Pecah menjadi beberapa bagian.")
            % (largest // 1_048_576)
        )


def take_piece(*, paper_id: UUID, key: Key, index: int, received: int, size: int, content: bytes) -> int:
    """This will take one piece of a file and give how many have come. One that has come already is not written again.

    :raises Refused: for a piece out of order, longer or shorter than it must be.
    """
    files.check_piece(index=index, received=received, size=size, length=len(content))
    if index == received:
        storing.write_piece(paper_id, index, content, key)
        received += 1
    return received


def examine(*, paper_id: UUID, key: Key, name: str, size: int) -> Facts:
    """This will examine a file of which every piece has come. What is refused is deleted at once.

    It takes up to some seconds, so it is called outside a transaction.

    :raises Refused: for a file that is not kept, with the reason and what to do.
    """
    pieces = files.pieces_for(size)
    try:
        seen = examining.examine(
            paper_id=paper_id, pieces=pieces, size=size, name=name, key=key, pictures=True
        )
    except Unreadable:
        storing.forget(paper_id)
        raise Refused(_("Sebagian berkas ini rusak di penyimpanan. Lampirkan lagi dari awal.")) from None
    except BaseException:
        storing.forget(paper_id)
        raise
    return Facts(paper_id, name.strip(), size, pieces, seen.media_type, seen.digest, seen.pages, seen.scan)


def take_whole(*, paper_id: UUID, key: Key, name: str, content: bytes) -> Facts:
    """This will take in a file that came in one piece: stored, examined, and nothing of it kept where it is refused.

    :raises Refused: for a file that is not kept, with the reason and what to do.
    """
    check_announced(name=name, size=len(content), largest=WHOLE)
    contents.content_of(content[: storing.PIECE], name)
    try:
        for index in range(files.pieces_for(len(content))):
            piece = content[index * storing.PIECE : (index + 1) * storing.PIECE]
            storing.write_piece(paper_id, index, piece, key)
    except BaseException:
        storing.forget(paper_id)
        raise
    return examine(paper_id=paper_id, key=key, name=name, size=len(content))


def keep(
    *,
    dossier_id: UUID,
    unit_id: UUID,
    stage: str,
    section: str,
    key: Key,
    subject: UUID | None,
    facts: Facts,
    at: datetime,
) -> Paper:
    """This will put a file that was examined into a thread, in the caller's transaction and under the caller's ticket.

    ``key``: the thread's data key, under which the pieces were sealed. ``subject``: the client whose thread it is.
    """
    by_client = section == Section.CLIENT_THREAD
    paper = Paper(
        id=facts.id,
        dossier_id=dossier_id,
        unit_id=unit_id,
        stage=stage,
        section=section,
        kind=_kind_of(facts.media_type),
        subject_id=subject,
        origin=Origin.CLIENT if by_client else Origin.REPORTER,
        state=PaperState.KEPT,
        key_id=key.id,
        content_type=facts.media_type,
        size=facts.size,
        pieces=facts.pieces,
        pages=facts.pages,
        scan=facts.scan,
        scanned_at=None if facts.scan == Scan.UNSCANNED else at,
        added_at=at,
        kept_at=at,
    )
    seal(paper, "name", facts.name, key)
    seal(paper, "digest", facts.digest, key)
    paper.save(force_insert=True)
    record(
        Verb.PAPER_ADDED,
        at=at,
        kind=ActorKind.CLIENT if by_client else ActorKind.REPORTER,
        unit=unit_id,
        dossier=dossier_id,
        objects=[paper.id],
        fields=[str(section)],
    )
    return paper


def _kind_of(media_type: str) -> PaperKind:
    if media_type.startswith("image/"):
        return PaperKind.PHOTO
    return PaperKind.RECORDING if media_type.startswith(("audio/", "video/")) else PaperKind.OTHER
