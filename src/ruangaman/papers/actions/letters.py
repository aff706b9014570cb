"""Letters: issued under the next number of their unit, and taken back."""

import base64
import contextlib
import hashlib
import json
import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import Key, seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.papers import storing
from ruangaman.papers.models import Letter, Letterhead, Paper, Template
from ruangaman.papers.policies.layout import Content, Document, lay_out
from ruangaman.papers.policies.letters import (
    CODE_LENGTH,
    Wanted,
    check_reason,
    check_recipient,
    number_of,
    section_of,
)
from ruangaman.papers.queries import letters as queries
from ruangaman.papers.queries.subjects import subject_of
from ruangaman.papers.states import LetterState, Origin, PaperKind, PaperState
from ruangaman.papers.typesetting import pdf, square

GENUINE_BYTES = 16  # 128 random bits
# One statement takes the next number and holds it until the transaction ends: a letter that fails gives it back, and
# no two take the same.
NEXT = """
INSERT INTO papers_series (id, unit_id, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (unit_id, year) DO UPDATE SET last = papers_series.last + 1
RETURNING last
"""


@transaction.atomic
def issue(
    *, viewer: Viewer, dossier: Dossier, template: Template, wanted: Wanted, letter_id: UUID, at: datetime
) -> Letter:
    """This will issue a letter: numbered, set as PDF/A, sealed into its section. ``letter_id``: from the form, so that
    a double click issues one.

    :raises Refused: without a letterhead, for who may not write that section, or where a reason is missing.
    """
    there = queries.letter_by_id(viewer, letter_id)
    if there:
        return there
    check_reason(wanted.extra, wanted.reason)
    check_recipient(wanted)
    look = queries.letterhead_of(viewer, dossier.unit_id)
    if look is None:
        raise Refused(_("Kop surat unit belum diatur. Minta kepala unit atau penyelia mengaturnya dulu."))
    paper_id = new_id()
    try:
        return _issue(viewer, dossier, template, wanted, look, (letter_id, paper_id), at)
    except BaseException:
        # The row goes with its transaction: what was stored under it would lie there for ever.
        with contextlib.suppress(OSError):
            storing.forget(paper_id)
        raise


def _issue(
    viewer: Viewer,
    dossier: Dossier,
    template: Template,
    wanted: Wanted,
    look: Letterhead,
    ids: tuple[UUID, UUID],
    at: datetime,
) -> Letter:
    letter_id, paper_id = ids
    head = queries.head_from(look)
    section = section_of(wanted.kind, to_partner=wanted.organisation is not None)
    key = key_for(dossier=dossier, section=section)
    content = queries.content_of(viewer, dossier, template, wanted, head, at)
    day = at.astimezone(queries.zone_of(dossier.unit)).date()
    # From here on other letters of the unit wait for this one: nothing slow stands below.
    serial = _next_serial(dossier.unit_id, day.year)
    number = number_of(look.scheme, serial, code=template.code, day=day, unit=dossier.unit.name)
    code = _new_code()
    site = f"{settings.SITE_URL}/asli/"
    document = lay_out(
        content, head, number=number, day=day, square=square(f"{site}{code}/"), code=code, site=site
    )
    kept_as = (paper_id, subject_of(viewer, dossier.id, wanted))
    paper = _keep(viewer, dossier, section, kept_as, f"{template.title}.pdf", pdf(document), key, at)
    letter = Letter(
        id=letter_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=section,
        template=template,
        paper=paper,
        year=day.year,
        serial=serial,
        number=number,
        organisation_id=wanted.organisation,
        key_id=key.id,
        genuine_hash=hashlib.sha256(code.encode()).digest(),
        issued_by_id=viewer.id,
        issued_at=at,
    )
    seal(letter, "content", json.dumps(_kept(content, document)), key)
    seal(letter, "reason", wanted.reason.strip() if wanted.extra else None, key)
    letter.save(force_insert=True)
    told = content.redaction.sections_told
    record(
        Verb.LETTER_ISSUED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[one for one in (letter.id, paper.id, wanted.organisation) if one],
        fields=[wanted.kind, *sorted(f"extra_{one}" if one in wanted.extra else one for one in told)],
    )
    return letter


def _kept(content: Content, document: Document) -> dict[str, object]:
    return {
        "kind": content.kind,
        "title": content.title,
        "recipient": list(content.recipient),
        "copies": list(content.copies),
        "blocks": document["blocks"],
        "told": sorted(content.redaction.sections_told),
        "withheld": list(content.redaction.withheld),
        "extra": sorted(content.extra),
    }


def _next_serial(unit_id: UUID, year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [new_id(), unit_id, year])
        return int(cursor.fetchone()[0])


def _new_code() -> str:
    code = base64.b32encode(secrets.token_bytes(GENUINE_BYTES)).decode().rstrip("=")
    assert len(code) == CODE_LENGTH
    return code


def _keep(
    viewer: Viewer,
    dossier: Dossier,
    section: str,
    kept_as: tuple[UUID, UUID | None],
    name: str,
    content: bytes,
    key: Key,
    at: datetime,
) -> Paper:
    """Keep a PDF that was made here, in the caller's transaction.

    It is not examined as a stranger's file is: that takes a process of its own and half a second, in which every other
    letter of the unit would wait.
    """
    paper_id, subject = kept_as
    pieces = range(0, len(content), storing.PIECE)
    for index, start in enumerate(pieces):
        storing.write_piece(paper_id, index, content[start : start + storing.PIECE], key)
    paper = Paper(
        id=paper_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=section,
        kind=PaperKind.LETTER_OUT,
        subject_id=subject,
        origin=Origin.UNIT,
        state=PaperState.KEPT,
        key_id=key.id,
        content_type="application/pdf",
        size=len(content),
        pieces=len(pieces),
        added_by_id=viewer.id,
        added_at=at,
        kept_at=at,
    )
    seal(paper, "name", name, key)
    seal(paper, "digest", hashlib.sha256(content).hexdigest(), key)
    paper.save(force_insert=True)
    return paper


@transaction.atomic
def revoke(*, viewer: Viewer, letter: Letter, at: datetime) -> None:
    """This will take a letter back: who asks whether it is genuine is told so from now on.

    :raises Refused: where it was taken back already, or lies out of reach.
    """
    changed = Letter.objects.filter(id=letter.id, state=LetterState.ISSUED).update(
        state=LetterState.REVOKED, revoked_by=viewer.id, revoked_at=at
    )
    if not changed:
        raise Refused(_("Surat ini sudah ditarik, atau di luar jangkauan Anda."))
    record(
        Verb.LETTER_REVOKED,
        at=at,
        by=viewer.id,
        unit=letter.unit_id,
        dossier=letter.dossier_id,
        objects=[letter.id],
    )


@transaction.atomic
def take_draft(*, viewer: Viewer, dossier: Dossier, content: Content, at: datetime) -> None:
    """This will record that a draft was taken away to be edited, and which sections it tells.

    :raises Refused: where it tells more than a grant covers: a draft has nowhere to keep the reason.
    """
    if content.extra:
        raise Refused(
            _(
                "Konsep DOCX tidak memuat bagian tambahan. Hapus centangnya, atau terbitkan surat ini sebagai PDF."
            )
        )
    record(
        Verb.LETTER_EDITED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        fields=[content.kind, *sorted(content.redaction.sections_told)],
    )


@transaction.atomic
def look_ahead(*, viewer: Viewer, dossier: Dossier, content: Content, at: datetime) -> None:
    """This will record that a draft was looked at, where it opens anything sealed. Source: security.md 12."""
    opened = sorted(content.redaction.sections_told - {"file"})
    if opened:
        record(
            Verb.OPENED, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id,
            objects=[dossier.id], fields=opened,
        )  # fmt: skip


@transaction.atomic
def take_letter(*, viewer: Viewer, letter: Letter, at: datetime) -> bytes:
    """This will give the PDF of a letter as it was issued, and record that it was taken.

    It is not stamped with who takes it: it names its recipient already, and it is the original that is signed.

    :raises Unreadable: where it was altered.
    """
    key = queries.key_of(letter)
    content = b"".join(storing.pieces(letter.paper_id, letter.paper.pieces, key))
    record(
        Verb.PAPER_DOWNLOADED,
        at=at,
        by=viewer.id,
        unit=letter.unit_id,
        dossier=letter.dossier_id,
        objects=[letter.id, letter.paper_id],
        fields=[letter.section],
    )
    return content
