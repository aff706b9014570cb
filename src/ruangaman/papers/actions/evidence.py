"""Writes of evidence: each hand it passes through is a link of its chain of custody. Source: care.md 14."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Decision, Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.notices.actions import tell
from ruangaman.notices.states import Kind
from ruangaman.papers import storing
from ruangaman.papers.models import Custody, Opening, Paper
from ruangaman.papers.policies import evidence as rules
from ruangaman.papers.queries import evidence as queries
from ruangaman.papers.states import Act, Origin, PaperKind, PaperState, Scan


@dataclass(frozen=True, slots=True)
class Original:
    """Evidence that was opened: what it is called, its size, and its bytes as they came in."""

    name: str
    size: int
    is_infected: bool
    pieces: Iterator[bytes]


def begin_chain(*, viewer: Viewer, paper: Paper, at: datetime) -> None:
    """This will begin the chain of custody of evidence that has just come in, in the caller's transaction."""
    _link(viewer, paper, Act.ENTERED, at)


@transaction.atomic
def register_hash(
    *,
    viewer: Viewer,
    dossier: Dossier,
    kind: PaperKind,
    origin: Origin,
    subject: UUID | None = None,
    digest: str,
    name: str,
    note: str,
    paper_id: UUID,
    at: datetime,
) -> tuple[Paper, datetime | None]:
    """This will register evidence by its digest alone, and say when the same digest was recorded here before.

    Nobody looks at it and nothing is kept but the digest. Source: care.md 14.

    :raises Refused: where it is no SHA-256, or the form was sent twice.
    """
    digest = rules.normal_digest(digest)
    if Paper.objects.filter(id=paper_id).exists():
        raise Refused(_("Sidik ini baru saja dicatat. Lihat di bagian dokumen berkas ini."))
    before = queries.same_digest(viewer, dossier, digest)
    key = key_for(dossier=dossier, section=Section.NARRATIVE)
    paper = Paper(
        id=paper_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=Section.NARRATIVE,
        kind=kind,
        origin=origin,
        subject_id=subject,
        is_evidence=True,
        state=PaperState.HASH_ONLY,
        key_id=key.id,
        added_by_id=viewer.id,
        added_at=at,
        kept_at=at,
    )
    seal(paper, "name", name, key)
    seal(paper, "note", note or None, key)
    seal(paper, "digest", digest, key)
    paper.save(force_insert=True)
    _link(viewer, paper, Act.REGISTERED, at)
    _record(Verb.HASH_REGISTERED, viewer, paper, at, fields=["digest", "name", "note"])
    return paper, before


@transaction.atomic
def ask_opening(*, viewer: Viewer, paper: Paper, reason: str, opening_id: UUID, at: datetime) -> Opening:
    """This will ask a second person to let the viewer open evidence.

    :raises Refused: where there is no file, or a request of the viewer's still waits.
    """
    rules.check_can_ask(paper, queries.openings_of(viewer, paper.id), by=viewer.id)
    key = _key(paper)
    opening = Opening(
        id=opening_id,
        dossier_id=paper.dossier_id,
        unit_id=paper.unit_id,
        stage=paper.stage,
        section=paper.section,
        paper=paper,
        key_id=key.id,
        asked_by_id=viewer.id,
        asked_at=at,
    )
    seal(opening, "reason", reason, key)
    opening.save(force_insert=True)
    _link(viewer, paper, Act.ASKED, at, key, note=reason)
    _record(Verb.EVIDENCE_ASKED, viewer, paper, at, objects=[opening.id], fields=["reason"])
    tell(
        people=queries.second_persons(viewer, paper, at),
        kind=Kind.SECOND_PERSON,
        cause=f"opening:{opening.id}",
        at=at,
        dossier=paper.dossier_id,
    )
    return opening


@transaction.atomic
def decide_opening(*, viewer: Viewer, paper: Paper, opening: Opening, allow: bool, at: datetime) -> None:
    """This will let who asked open the evidence for an hour, or not.

    :raises Refused: for who asked, whose role does not decide, or where it was decided already.
    """
    rules.check_can_decide(opening, by=viewer.id, roles=viewer.roles_in(opening.unit_id))
    changed = Opening.objects.filter(id=opening.id, decision=Decision.OPEN).update(
        decision=Decision.APPROVED if allow else Decision.REFUSED,
        decided_by=viewer.id,
        decided_at=at,
        until=at + rules.OPEN_FOR if allow else None,
    )
    if not changed:
        raise Refused(_("Permintaan ini sudah diputuskan, atau bukan bagian Anda untuk memutuskannya."))
    _link(viewer, paper, Act.ALLOWED if allow else Act.DENIED, at)
    verb = Verb.EVIDENCE_ALLOWED if allow else Verb.EVIDENCE_DENIED
    _record(verb, viewer, paper, at, objects=[opening.id])


def open_evidence(*, viewer: Viewer, paper: Paper, at: datetime) -> Original | None:
    """This will give the original of evidence, or None where it is not any more what came in; both stay in its chain.

    The digest is compared before a byte goes out, and each piece opens only as what it was. Between the question and
    the answer no transaction is open: a large file takes seconds to read.

    :raises Refused: where no second person allowed it within the hour.
    """
    with transaction.atomic():
        rules.check_can_open(queries.openings_of(viewer, paper.id), by=viewer.id, at=at)
    whole = _is_whole(paper)
    with transaction.atomic():
        if not whole:
            _tell_difference(viewer, paper, at)
            return None
        key = _key(paper)
        name = queries.told_of(paper, key).name
        _link(viewer, paper, Act.OPENED, at)
        _record(Verb.EVIDENCE_OPENED, viewer, paper, at)
    content = storing.pieces(paper.id, paper.pieces, key)
    return Original(name, paper.size, paper.scan == Scan.INFECTED, content)


def check_digest(*, viewer: Viewer, paper: Paper, at: datetime) -> bool:
    """This will say whether evidence is still what came in, without showing it to anybody.

    :raises Refused: where there is no file to compare.
    """
    if paper.state != PaperState.KEPT:
        raise Refused(_("Hanya sidiknya yang tercatat: tidak ada berkas yang bisa diperiksa di sini."))
    whole = _is_whole(paper)
    with transaction.atomic():
        if whole:
            _link(viewer, paper, Act.CHECKED, at)
            _record(Verb.EVIDENCE_CHECKED, viewer, paper, at)
        else:
            _tell_difference(viewer, paper, at)
    return whole


@transaction.atomic
def hand_over(
    *, viewer: Viewer, paper: Paper, to_whom: str, reason: str, custody_id: UUID, at: datetime
) -> None:
    """This will record that evidence, or its digest, was handed to somebody outside, and why.

    :raises Refused: where the form was sent twice.
    """
    if Custody.objects.filter(id=custody_id).exists():
        raise Refused(_("Penyerahan ini baru saja dicatat."))
    _link(viewer, paper, Act.HANDED, at, _key(paper), to_whom=to_whom, note=reason, custody_id=custody_id)
    _record(Verb.EVIDENCE_HANDED, viewer, paper, at, fields=["to_whom", "note"])


@transaction.atomic
def print_custody(*, viewer: Viewer, paper: Paper, at: datetime) -> None:
    """This will record that the chain of custody was printed; what is printed holds this link too."""
    _link(viewer, paper, Act.PRINTED, at)
    _record(Verb.CUSTODY_PRINTED, viewer, paper, at)


def _is_whole(paper: Paper) -> bool:
    """Whether the file still has the digest it came with."""
    try:
        key = _key(paper)
        expected = queries.told_of(paper, key).digest
        return queries.digest_of(storing.pieces(paper.id, paper.pieces, key)) == expected
    except Unreadable:  # a piece is missing, altered or exchanged
        return False


def _tell_difference(viewer: Viewer, paper: Paper, at: datetime) -> None:
    _link(viewer, paper, Act.DIFFERS, at)
    _record(Verb.EVIDENCE_CHECKED, viewer, paper, at, fields=["digest"])


def _key(paper: Paper) -> Key:
    return queries.key_of_paper(paper)


def _link(
    viewer: Viewer,
    paper: Paper,
    act: Act,
    at: datetime,
    key: Key | None = None,
    *,
    to_whom: str = "",
    note: str = "",
    custody_id: UUID | None = None,
) -> None:
    row = Custody(
        id=custody_id or new_id(),
        dossier_id=paper.dossier_id,
        unit_id=paper.unit_id,
        stage=paper.stage,
        section=paper.section,
        paper=paper,
        act=act,
        key_id=key.id if key else None,
        done_by_id=viewer.id,
        done_at=at,
    )
    if key:
        seal(row, "to_whom", to_whom or None, key)
        seal(row, "note", note or None, key)
    row.save(force_insert=True)


def _record(
    verb: Verb,
    viewer: Viewer,
    paper: Paper,
    at: datetime,
    *,
    objects: list[UUID] | None = None,
    fields: list[str] | None = None,
) -> None:
    record(
        verb,
        at=at,
        by=viewer.id,
        unit=paper.unit_id,
        dossier=paper.dossier_id,
        objects=[paper.id, *(objects or [])],
        fields=fields or [],
    )
