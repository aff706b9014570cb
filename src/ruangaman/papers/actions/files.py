"""Files: taken in piece by piece, examined when they are whole, kept sealed; looked at and taken away with a trace."""

import contextlib
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.template.defaultfilters import date as as_date
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.consent.models import Consent
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.papers import storing
from ruangaman.papers.actions.evidence import begin_chain
from ruangaman.papers.models import Paper
from ruangaman.papers.policies import contents, files
from ruangaman.papers.queries.files import key_of, receiving
from ruangaman.papers.states import PaperState, Scan
from ruangaman.papers.storing import examining, forgetting, marking
from ruangaman.people.models import Person


@transaction.atomic
def begin(
    *,
    viewer: Viewer,
    dossier: Dossier,
    kind: str,
    section: str,
    origin: str,
    subject: Person | None,
    is_evidence: bool,
    name: str,
    note: str,
    size: int,
    at: datetime,
    paper_id: UUID | None = None,
    consent: Consent | None = None,
) -> Paper:
    """This will begin to take in a file. ``paper_id``: from the form, so that a double click begins one file.

    ``consent``: of which it is the signed sheet.

    :raises Refused: for a name or a size that is not taken, or a section that can't be written.
    """
    contents.check_name(name)
    contents.check_size(size)
    if consent is not None:
        files.check_sheet(kind=kind, section=section)
    key = key_for(dossier=dossier, section=section)
    paper = Paper(
        id=paper_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=section,
        kind=kind,
        subject=subject,
        consent=consent,
        origin=origin,
        is_evidence=is_evidence,
        key_id=key.id,
        size=size,
        added_by_id=viewer.id,
        added_at=at,
    )
    _name(paper, name, note, key)
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError:
        there = receiving(viewer, paper_id) if paper_id else None
        if there is None:
            raise
        if _is_same(there, paper, key):
            return there
        # Another file under the id of one that was sent before: a form that the browser had kept.
        paper.id = new_id()
        _name(paper, name, note, key)
        paper.save(force_insert=True)
    return paper


def _name(paper: Paper, name: str, note: str, key: Key) -> None:
    seal(paper, "name", name.strip(), key)
    seal(paper, "note", note.strip() or None, key)


def _is_same(there: Paper, paper: Paper, key: Key) -> bool:
    same_place = (there.dossier_id, there.key_id, there.size) == (paper.dossier_id, paper.key_id, paper.size)
    return same_place and unseal(there, "name", key) == unseal(paper, "name", key)


@transaction.atomic
def receive(*, viewer: Viewer, paper: Paper, index: int, piece: bytes, at: datetime) -> int:
    """This will take one piece and give how many have come. One that has come already is not written again.

    :raises Refused: for a piece out of order, longer or shorter than it must be, or a day after the first.
    """
    now = Paper.objects.select_for_update().filter(id=paper.id, state=PaperState.RECEIVING).first()
    if now is None or at - now.added_at > files.UNFINISHED:
        raise Refused(_("Berkas ini sudah tidak diterima lagi. Lampirkan lagi dari awal."))
    files.check_piece(index=index, received=now.pieces, size=now.size, length=len(piece))
    if index == now.pieces:
        storing.write_piece(now.id, index, piece, key_of(now))
        now.pieces += 1
        now.save(update_fields=["pieces"])
    return now.pieces


def finish(*, viewer: Viewer, paper: Paper, at: datetime) -> Paper:
    """This will examine a file that has come in whole, and keep it. What is refused is deleted at once.

    It takes seconds, and so it begins and ends transactions of its own where its caller has none.

    :raises Refused: for a file that is not kept, with the reason and what to do.
    """
    with transaction.atomic():
        now = receiving(viewer, paper.id)
        if now is None:
            raise Refused(_("Berkas ini sudah tidak diterima lagi. Lampirkan lagi dari awal."))
        if now.state != PaperState.RECEIVING:
            return now
        files.check_whole(received=now.pieces, size=now.size)
        key = key_of(now)
    try:
        seen = examining.examine(
            paper_id=now.id,
            pieces=now.pieces,
            size=now.size,
            name=unseal(now, "name", key) or "",
            key=key,
            pictures=not now.is_evidence,
        )
    except Unreadable:
        forgetting.take_back(viewer=viewer, paper=now)
        raise Refused(_("Sebagian berkas ini rusak di penyimpanan. Lampirkan lagi dari awal.")) from None
    except Refused:
        forgetting.take_back(viewer=viewer, paper=now)
        raise
    return _keep(viewer, now.id, seen, key, at)


@transaction.atomic
def _keep(viewer: Viewer, paper_id: UUID, seen: examining.Seen, key: Key, at: datetime) -> Paper:
    paper = Paper.objects.select_for_update().filter(id=paper_id).first()
    if paper is None:
        raise Refused(_("Berkas ini sudah tidak diterima lagi. Lampirkan lagi dari awal."))
    if paper.state != PaperState.RECEIVING:
        return paper
    seal(paper, "digest", seen.digest, key)
    paper.content_type, paper.pages, paper.scan = seen.media_type, seen.pages, seen.scan
    paper.state, paper.kept_at = PaperState.KEPT, at
    paper.scanned_at = None if seen.scan == Scan.UNSCANNED else at
    paper.save()
    if paper.is_evidence:
        begin_chain(viewer=viewer, paper=paper, at=at)
    _record(Verb.PAPER_ADDED, viewer, paper, at)
    return paper


def add_whole(
    *,
    viewer: Viewer,
    dossier: Dossier,
    kind: str,
    section: str,
    origin: str,
    subject: Person | None,
    is_evidence: bool,
    name: str,
    note: str,
    content: bytes,
    content_type: str,
    at: datetime,
    paper_id: UUID | None = None,
    consent: Consent | None = None,
) -> Paper:
    """This will take in a file that is here whole: a small one, or a letter that was made here.

    ``content_type``: what it must turn out to be, or empty for whatever may be attached.

    :raises Refused: for a file that is not kept, with the reason and what to do.
    """
    contents.check_size(len(content))
    if content_type and contents.content_of(content[: storing.PIECE], name).media_type != content_type:
        raise contents.refused("unknown")
    paper = begin(
        viewer=viewer, dossier=dossier, kind=kind, section=section, origin=origin, subject=subject,
        is_evidence=is_evidence, name=name, note=note, size=len(content), at=at, paper_id=paper_id,
        consent=consent,
    )  # fmt: skip
    try:
        for index in range(files.pieces_for(len(content))):
            if paper.state == PaperState.RECEIVING and index >= paper.pieces:
                piece = content[index * storing.PIECE : (index + 1) * storing.PIECE]
                receive(viewer=viewer, paper=paper, index=index, piece=piece, at=at)
        return finish(viewer=viewer, paper=paper, at=at)
    except Refused:
        raise
    except Exception:
        # The transaction goes, and its row with it: pieces of it would lie there for ever.
        with contextlib.suppress(OSError):
            storing.forget(paper.id)
        raise


@transaction.atomic
def look(*, viewer: Viewer, paper: Paper, at: datetime) -> UUID:
    """This will record that somebody looks at a file, and give the entry's id.

    :raises Refused: for evidence, and for what is infected or not whole.
    """
    files.check_can_look(state=paper.state, is_evidence=paper.is_evidence, scan=paper.scan)
    return _record(Verb.PAPER_LOOKED_AT, viewer, paper, at)


def take_copy(*, viewer: Viewer, paper: Paper, at: datetime) -> tuple[bytes, str]:
    """This will give a copy that says who took it, where it can say so, and the number the ledger knows it by.

    :raises Refused: for evidence, for what is infected or not whole, or where no copy can be made.
    """
    files.check_can_look(state=paper.state, is_evidence=paper.is_evidence, scan=paper.scan)
    with transaction.atomic():
        key = key_of(paper)
        entry = _record(Verb.PAPER_DOWNLOADED, viewer, paper, at)
    number = files.short_id(entry)
    try:
        if not contents.BY_TYPE[paper.content_type].looked_at:
            return b"".join(storing.pieces(paper.id, paper.pieces, key)), number
        who = f"{viewer.name} · {viewer.organisation_name}"
        moment = as_date(timezone.localtime(at), "j F Y H.i T")
        strip = marking.mark(who, f"{moment} · {number}", as_picture=paper.content_type != "application/pdf")
        made = examining.marked(
            paper_id=paper.id, pieces=paper.pieces, key=key, media_type=paper.content_type, mark=strip,
            told=f"{who} · {moment} · {entry}",
        )  # fmt: skip
    except Unreadable:
        raise Refused(
            _("Berkas ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
        ) from None
    return made, number


def scan_again(*, viewer: Viewer, paper: Paper, at: datetime) -> Paper:
    """This will show a kept file to the scanner once more.

    :raises Refused: where it can't be read, or the scanner says nothing.
    """
    with transaction.atomic():
        key = key_of(paper)
    try:
        found = examining.scan_again(paper_id=paper.id, pieces=paper.pieces, key=key)
    except Unreadable:
        raise Refused(
            _("Berkas ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
        ) from None
    if found == Scan.UNSCANNED:  # what was found before stays
        raise Refused(_("Pemindai tidak menjawab. Coba lagi nanti."))
    with transaction.atomic():
        paper.scan, paper.scanned_at = found, at
        paper.save(update_fields=["scan", "scanned_at"])
    return paper


def _record(verb: Verb, viewer: Viewer, paper: Paper, at: datetime) -> UUID:
    return record(
        verb, at=at, by=viewer.id, unit=paper.unit_id, dossier=paper.dossier_id, objects=[paper.id],
        fields=[paper.section],
    )  # fmt: skip
