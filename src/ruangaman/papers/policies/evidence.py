"""How evidence is kept: who may open it, for how long, and what a digest looks like. Source: care.md 14."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Decision, Role, Section
from ruangaman.kernel.errors import Refused
from ruangaman.papers.models import Opening, Paper
from ruangaman.papers.states import PaperKind, PaperState

OPEN_FOR = timedelta(hours=1)
DIGEST_LENGTH = 64
# What may be registered by its digest alone: what circulates online.
HASHED_KINDS = (PaperKind.PHOTO, PaperKind.RECORDING, PaperKind.SCREENSHOT, PaperKind.OTHER)


def deciders(section: str) -> frozenset[str]:
    """This will give the roles that may be the second person for a section; the database keeps to the same ones.

    Nobody of rank reads psychological notes (care.md 8), so there it is another psychologist of the team.
    """
    if section == Section.PSYCHOLOGICAL:
        return frozenset({Role.PSYCHOLOGIST})
    return frozenset({Role.SUPERVISOR, Role.HEAD, Role.CASE_MANAGER})


def normal_digest(text: str) -> str:
    """This will give a SHA-256 as it is kept: 64 hexadecimal digits, small letters.

    :raises Refused: where it is something else.
    """
    digest = "".join(text.split()).replace(":", "").lower()
    if len(digest) != DIGEST_LENGTH or set(digest) - set("0123456789abcdef"):
        raise Refused(
            _(
                "Sidik SHA-256 terdiri atas 64 angka dan huruf a sampai f. "
                "Salin seluruhnya dari alat yang menghitungnya."
            )
        )
    return digest


def check_can_ask(paper: Paper, openings: Iterable[Opening], *, by: UUID) -> None:
    """This will let somebody ask once at a time.

    :raises Refused: where there is no file to open, or their last request still waits.
    """
    if paper.state != PaperState.KEPT:
        raise Refused(_("Hanya sidiknya yang tercatat: tidak ada berkas yang bisa dibuka di sini."))
    if any(one.asked_by_id == by and one.decision == Decision.OPEN for one in openings):
        raise Refused(_("Permintaan Anda masih menunggu orang kedua. Hubungi penyelia kalau mendesak."))


def check_can_decide(opening: Opening, *, by: UUID, roles: frozenset[str]) -> None:
    """This will let a second person decide, and only a second one.

    Source: care.md 14, "opening needs a reason and a second person".

    :raises Refused: for who asked, whose role does not decide, or where it was decided already.
    """
    if opening.decision != Decision.OPEN:
        raise Refused(_("Permintaan ini sudah diputuskan. Muat ulang halaman untuk melihat putusannya."))
    if opening.asked_by_id == by:
        raise Refused(_("Anda sendiri yang meminta. Orang kedua yang memutuskan."))
    if not roles & deciders(opening.section):
        raise Refused(
            _("Yang memutuskan adalah penyelia, kepala unit, atau manajer kasus yang menangani berkas ini.")
        )


def allowed(openings: Iterable[Opening], *, by: UUID, at: datetime) -> Opening | None:
    """This will give the opening that lets somebody in now."""
    return next(
        (
            one
            for one in openings
            if one.asked_by_id == by
            and one.decision == Decision.APPROVED
            and one.until is not None
            and at < one.until
        ),
        None,
    )


def check_can_open(openings: Iterable[Opening], *, by: UUID, at: datetime) -> None:
    """This will let in who asked, for as long as the second person allowed.

    :raises Refused: where nobody allowed it, or the hour is over.
    """
    if allowed(openings, by=by, at=at) is None:
        raise Refused(
            _(
                "Belum ada izin yang berlaku. Minta pembukaan dengan alasan; izin berlaku satu jam setelah disetujui."
            )
        )
