"""The files of a dossier, as far as the viewer reaches the sections they lie in."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.access.models import DataKey
from ruangaman.access.panels import Event, Look, Panel
from ruangaman.access.queries import open_key
from ruangaman.kernel.errors import Unreadable
from ruangaman.papers.models import Letter
from ruangaman.papers.policies.files import PAPER_SECTIONS
from ruangaman.papers.policies.letters import LETTER_SECTIONS
from ruangaman.papers.queries.files import Listed, listed, papers_of
from ruangaman.papers.queries.letters import letters_of, opened
from ruangaman.papers.states import LetterState, PaperState, Scan

MOST = 12


def papers(look: Look) -> Panel | None:
    """This will show the newest files of the dossier, with their names, and the way to attach one; one query."""
    writes = bool(look.writes & set(PAPER_SECTIONS))
    if not (look.sections & set(PAPER_SECTIONS)):
        return None
    found = papers_of(look.viewer, look.dossier.id, MOST + 1)
    if not found and not writes:
        return None
    sections = sorted({paper.section for paper in found})
    rows = listed(found[:MOST], {section: look.key(section) for section in sections})
    where = [look.dossier.reference]
    return Panel(
        "papers/panel_papers.html",
        _("Dokumen"),
        {
            "rows": [row(one) for one in rows],
            "all_url": reverse("papers:listing", args=where) if found else "",
            "more": len(found) > MOST,
            "attach_url": reverse("papers:attach", args=where) if writes else "",
        },
        opens=" ".join(sections),
        events=[
            Event(paper.added_at, _("%(kind)s dilampirkan") % {"kind": paper.get_kind_display()})
            for paper in found
        ],
    )


def row(one: Listed) -> dict[str, Any]:
    """This will give what a list shows of a file."""
    paper = one.paper
    kept = paper.state == PaperState.KEPT
    return {
        "kind": paper.get_kind_display(),
        "name": one.name,
        "url": reverse("papers:evidence" if paper.is_evidence else "papers:paper", args=[paper.id]),
        "size": paper.size if kept else None,
        "scan": paper.get_scan_display() if kept else "",
        "scan_tag": {Scan.CLEAN: "tag--good", Scan.INFECTED: "tag--danger"}.get(Scan(paper.scan), ""),
        "is_evidence": paper.is_evidence,
        "by": paper.added_by.name if paper.added_by else paper.get_origin_display(),
        "at": paper.added_at,
    }


def letters(look: Look) -> Panel | None:
    """This will show the newest letters of the dossier, and the way to write one; one query. Of several partners each
    sees those that were written to it.
    """
    if not look.sections & LETTER_SECTIONS:
        return None
    of_unit = bool(look.viewer.roles_in(look.dossier.unit_id))
    writes = of_unit and bool(look.writes & LETTER_SECTIONS)
    found = letters_of(look.viewer, look.dossier.id, MOST)
    if not found and not writes:
        return None
    return Panel(
        "papers/panel_letters.html",
        _("Surat"),
        {
            "letters": [letter_row(letter, look.wrapped) for letter in found],
            "letters_url": reverse("papers:letters", args=[look.dossier.reference]) if of_unit else "",
        },
        events=[
            Event(letter.issued_at, _("Surat %(number)s terbit") % {"number": letter.number}, _("Surat"))
            for letter in found
        ],
    )


def letter_row(letter: Letter, keys: Mapping[str, DataKey]) -> dict[str, Any]:
    """This will give what a list shows of a letter; of one that was altered no more than its number."""
    row = keys.get(letter.section)
    try:
        said = opened(letter, open_key(row) if row else None)
    except Unreadable:
        said = {"title": _("Tidak terbaca")}
    return {
        "url": reverse("papers:letter", args=[letter.id]),
        "number": letter.number,
        "title": said.get("title", ""),
        "recipient": ", ".join(said.get("recipient", ())),
        "issued_at": letter.issued_at,
        "revoked": letter.state == LetterState.REVOKED,
    }
