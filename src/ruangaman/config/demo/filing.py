"""The papers of one running case: a photograph, a paper set by the program, evidence, a digest, two letters."""

import hashlib
import io
from collections.abc import Sequence
from datetime import timedelta

from PIL import Image, ImageDraw, ImageFont

from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role, Section
from ruangaman.config.demo.arrival import LOCAL, Staff
from ruangaman.config.demo.furnishing import HOSPITAL, village
from ruangaman.config.demo.walk import Walk
from ruangaman.consent.states import Service
from ruangaman.kernel.ids import new_id
from ruangaman.papers import storing
from ruangaman.papers.actions import evidence, files, letters
from ruangaman.papers.models import Letter, Paper
from ruangaman.papers.policies.letters import Wanted
from ruangaman.papers.queries.letters import template_of
from ruangaman.papers.states import LetterKind, Origin, PaperKind
from ruangaman.papers.typesetting import pdf

PNG, JPEG, PDF = "image/png", "image/jpeg", "application/pdf"
SIZE = (1200, 800)
SKY, GROUND, PAPER, INK = "#cfdde6", "#dfe4d8", "#f4f2ee", "#46525b"


def file_papers(staff: Staff, running: Sequence[Walk]) -> None:
    """This will attach papers to a running case and issue two letters; what is stored goes again where it fails."""
    walk = next((one for one in running if Service.MEDICAL in one.agreed), running[0])
    kept: list[Paper] = []
    try:
        with staff.acting(walk.companion) as companion:
            kept.append(
                _attach(companion, walk, PaperKind.PHOTO, Origin.CLIENT, "foto-contoh.jpg", photograph())
            )
            kept.append(_attach(companion, walk, PaperKind.OTHER, Origin.UNIT, "catatan-contoh.pdf", sheet()))
            proof = _attach(
                companion, walk, PaperKind.SCREENSHOT, Origin.CLIENT, "tangkapan-contoh.png", screenshot(),
                is_evidence=True,
            )  # fmt: skip
            kept.append(proof)
            _ask(companion, proof, walk)
            _register(companion, walk)
        with staff.acting("manajer") as manager:
            kept.append(_introduce(staff, manager, walk).paper)
            kept.append(_assign(staff, manager, walk).paper)
    except BaseException:
        for paper in kept:
            storing.forget(paper.id)
        raise


def _attach(
    viewer: Viewer,
    walk: Walk,
    kind: PaperKind,
    origin: Origin,
    name: str,
    content: bytes,
    *,
    is_evidence: bool = False,
) -> Paper:
    media_type = {"jpg": JPEG, "pdf": PDF, "png": PNG}[name.rpartition(".")[2]]
    return files.add_whole(
        viewer=viewer,
        dossier=walk.dossier,
        kind=kind,
        section=Section.NARRATIVE,
        origin=origin,
        subject=walk.client if kind == PaperKind.PHOTO else None,
        is_evidence=is_evidence,
        name=name,
        note="Contoh untuk demonstrasi.",
        content=content,
        content_type=media_type,
        at=walk.staff.at,
    )


def _ask(viewer: Viewer, proof: Paper, walk: Walk) -> None:
    """The companion waits for the supervisor, the head, or the case manager. Source: care.md 14."""
    evidence.ask_opening(
        viewer=viewer,
        paper=proof,
        reason="Perlu disiapkan untuk penyidik, atas permintaan klien.",
        opening_id=new_id(),
        at=walk.staff.at,
    )


def _register(viewer: Viewer, walk: Walk) -> None:
    """A picture that circulates online, by its digest alone: nobody looked at it. Source: care.md 14."""
    evidence.register_hash(
        viewer=viewer,
        dossier=walk.dossier,
        kind=PaperKind.PHOTO,
        origin=Origin.CLIENT,
        digest=hashlib.sha256(b"a made-up picture").hexdigest(),
        name="gambar yang beredar (contoh)",
        note="Dihitung klien di ponselnya sendiri.",
        paper_id=new_id(),
        at=walk.staff.at,
    )


def _introduce(staff: Staff, viewer: Viewer, walk: Walk) -> Letter:
    """To the partner that she agreed to; else to a hospital in words, which then learns the number alone."""
    partner = walk.partner if Service.MEDICAL in walk.agreed else None
    return _issue(
        staff,
        viewer,
        walk,
        Wanted(
            kind=LetterKind.EXAMINATION,
            organisation=partner.id if partner else None,
            recipient=(f"Pimpinan {partner.name if partner else HOSPITAL}", "di tempat"),
            client=walk.client.id,
            officer=_officer(staff, walk),
            addition="Mohon klien dilayani oleh petugas perempuan.",
        ),
    )


def _assign(staff: Staff, viewer: Viewer, walk: Walk) -> Letter:
    tomorrow = staff.at.astimezone(LOCAL).date() + timedelta(days=1)
    return _issue(
        staff,
        viewer,
        walk,
        Wanted(
            kind=LetterKind.ASSIGNMENT,
            officer=_officer(staff, walk),
            area=village(walk.planned.city).name,
            starts_on=tomorrow,
            ends_on=tomorrow,
        ),
    )


def _officer(staff: Staff, walk: Walk) -> tuple[str, str]:
    return staff[walk.companion].name, str(Role.COMPANION.label)


def _issue(staff: Staff, viewer: Viewer, walk: Walk, wanted: Wanted) -> Letter:
    template = template_of(viewer, walk.dossier.unit_id, wanted.kind)
    assert template is not None  # comes with the program
    return letters.issue(
        viewer=viewer,
        dossier=walk.dossier,
        template=template,
        wanted=wanted,
        letter_id=new_id(),
        at=staff.at,
    )


# --- made-up content: shapes, and nobody in them ----------------------------------------------------------------------


def photograph() -> bytes:
    """This will draw a house in a field, and write "contoh" under it."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 1200, 800), fill=GROUND)
    draw.rectangle((430, 380, 770, 640), fill=PAPER, outline=INK, width=4)
    draw.polygon(((400, 380), (600, 240), (800, 380)), fill=INK)
    draw.rectangle((560, 500, 640, 640), fill=SKY, outline=INK, width=4)
    draw.text((600, 715), "contoh", fill=INK, anchor="mm", font=ImageFont.load_default(size=72))
    return _saved(image, "JPEG")


def screenshot() -> bytes:
    """This will draw a conversation on a screen without a word."""
    image = Image.new("RGB", (720, 1280), PAPER)
    draw = ImageDraw.Draw(image)
    for place, top in enumerate(range(120, 1120, 200)):
        left = 60 if place % 2 else 220
        draw.rounded_rectangle(
            (left, top, left + 440, top + 140), radius=28, fill=SKY if place % 2 else GROUND
        )
    return _saved(image, "PNG")


def _saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def sheet() -> bytes:
    """This will set one page by the program's own way."""
    return pdf(
        {
            "title": "Catatan contoh",
            "head": ["CONTOH UNTUK DEMONSTRASI"],
            "heading": "Catatan contoh",
            "blocks": [
                {
                    "kind": "paragraph",
                    "text": "Halaman ini dibuat program. Orang dan kejadian di dalamnya rekaan.",
                }
            ],
        }
    )
