"""What goes with evidence on paper: its chain of custody, and the sheet beside a copy. In Indonesian, always."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ruangaman.papers.models import Paper
from ruangaman.papers.policies.layout import Document
from ruangaman.papers.policies.letters import day_words
from ruangaman.papers.queries.evidence import Link, Told
from ruangaman.papers.states import Act, Origin, PaperKind, PaperState, Scan

GROUP = 8  # digits of a digest that are read together


def custody_record(*, paper: Paper, told: Told, chain: list[Link], at: datetime) -> Document:
    """This will lay out the chain of custody of a piece of evidence, every hand of it."""
    with translation.override("id"):
        rows = [
            [
                str(number),
                moment_words(link.row.done_at),
                _what(link),
                link.row.done_by.name,
            ]
            for number, link in enumerate(chain, start=1)
        ]
        return {
            "title": _("Rantai bukti"),
            "heading": _("Rantai bukti"),
            "head": [paper.dossier.unit.name],
            "day": _day(at),
            "blocks": [
                {"kind": "facts", "rows": [*_facts(paper, told), [_("Jumlah catatan"), str(len(rows))]]},
                {"kind": "table", "header": ["No.", _("Waktu"), _("Tindakan"), _("Oleh")], "rows": rows},
                {"kind": "paragraph", "text": _warrant(paper)},
                {"kind": "signatures", "names": [_("Yang mencetak"), _("Yang menerima")]},
            ],
            "foot": _("Rantai bukti %(id)s, dicetak %(at)s") % {"id": paper.id, "at": moment_words(at)},
        }


def cover_sheet(*, paper: Paper, told: Told, link: Link) -> Document:
    """This will lay out the sheet that goes with one copy: whose it is, since when, and how to compare it."""
    with translation.override("id"):
        whose = link.to_whom or link.row.done_by.name
        return {
            "title": _("Lembar pengantar bukti"),
            "heading": _("Lembar pengantar bukti"),
            "head": [paper.dossier.unit.name],
            "day": _day(link.row.done_at),
            "blocks": [
                {
                    "kind": "facts",
                    "rows": [
                        *_facts(paper, told),
                        [str(Act(link.row.act).label), moment_words(link.row.done_at)],
                        [_("Oleh"), link.row.done_by.name],
                        [_("Salinan ini dipegang"), whose],
                        [_("Nomor salinan"), str(link.row.id)],
                    ],
                },
                {"kind": "paragraph", "text": _advice(paper)},
                {"kind": "signatures", "names": [_("Yang menyerahkan"), _("Yang menerima")]},
            ],
            "foot": _("Lembar pengantar bukti %s") % paper.id,
        }


def moment_words(at: datetime) -> str:
    """This will write a moment to the second, with its zone: ``23 November 2026, 09.05.12 WIB``."""
    local = timezone.localtime(at)
    return f"{day_words(local.date())}, {local:%H.%M.%S} {local.tzname()}"


def _facts(paper: Paper, told: Told) -> list[list[str]]:
    rows = [
        [_("Nomor bukti"), str(paper.id)],
        [_("Nomor berkas"), paper.dossier.reference],
        [_("Nama"), told.name],
        [_("Jenis"), str(PaperKind(paper.kind).label)],
        [_("Asal"), str(Origin(paper.origin).label)],
        [_("Diterima"), f"{moment_words(paper.added_at)}, {_bringer(paper)}"],
        [_("Sidik SHA-256"), _grouped(told.digest)],
    ]
    if paper.state == PaperState.KEPT:
        size = f"{paper.size:,}".replace(",", ".")
        rows.append([_("Ukuran"), _("%s bita") % size])
        rows.append([_("Pemindaian"), str(Scan(paper.scan).label)])
    return rows


def _bringer(paper: Paper) -> str:
    """Who brought it; what came through a thread was brought by somebody without an account."""
    return paper.added_by.name if paper.added_by else str(Origin(paper.origin).label)


def _what(link: Link) -> str:
    parts = [str(Act(link.row.act).label), link.to_whom, link.note]
    return "\n".join(part for part in parts if part)


def _warrant(paper: Paper) -> str:
    if paper.state == PaperState.HASH_ONLY:
        return _("Unit ini hanya menyimpan sidik. Berkasnya tidak pernah diterima, dibuka, atau disimpan.")
    return _(
        "Bukti disegel saat diterima dan tidak pernah diubah. Setiap pembukaan perlu alasan dan persetujuan orang "
        "kedua. Catatan di atas hanya bisa ditambah."
    )


def _advice(paper: Paper) -> str:
    if paper.state == PaperState.HASH_ONLY:
        return _(
            "Yang diserahkan adalah sidiknya. Berkasnya tidak pernah diterima, dibuka, atau disimpan di sini."
        )
    return _(
        "Salinan ini sama bit demi bit dengan bukti yang disegel. Untuk memeriksanya, hitung SHA-256 salinan dan "
        "bandingkan dengan sidik di atas. Jangan disalin atau diteruskan lagi; yang tidak diperlukan lagi dihapus. "
        "Nomor salinan tercatat di rantai bukti."
    )


def _day(at: datetime) -> list[int]:
    local = timezone.localdate(at)
    return [local.year, local.month, local.day]


def _grouped(digest: str) -> str:
    return " ".join(digest[place : place + GROUP] for place in range(0, len(digest), GROUP))
