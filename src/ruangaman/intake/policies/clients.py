"""Rules of a client's own code: to whom it is given, what its second secret must be. Source: care.md 2."""

import unicodedata
from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role
from ruangaman.intake.states.client import WishAnswer, WishKind
from ruangaman.kernel.errors import Refused
from ruangaman.people.policies import age_on
from ruangaman.people.states import AgeBand

SHORTEST_SECRET, LONGEST_SECRET = 6, 60
YOUNG_YEARS = 12
YOUNG_BANDS = frozenset({AgeBand.UNDER_6, AgeBand.UNDER_13})
MOST_FILES = 30  # that somebody without an account brings into one thread
# What a code may open besides messages, by the name of its column.
OPENS = (
    ("opens_messages", _("Pesan dengan petugas, dan berkas")),
    ("opens_rights", _("Layanan: ditawarkan, disetujui, sudah diberikan, ditolak")),
    ("opens_appointments", _("Janji berikutnya")),
    ("opens_legal", _("Sampai di mana proses hukumnya")),
)


def normal_secret(typed: str) -> str:
    """This will give a second secret as it is used: the same for capitals, spaces at its ends, and either alphabet form
    of a sign, because it is typed on many keyboards.
    """
    return unicodedata.normalize("NFKC", typed).casefold().strip()


def check_secret(typed: str, again: str) -> str:
    """This will give the second secret that was typed twice, as it is used.

    :raises Refused: where it is short, or the two differ.
    """
    secret = normal_secret(typed)
    if len(secret) < SHORTEST_SECRET:
        raise Refused(
            _("Kata rahasia paling sedikit enam huruf atau angka. Minta ia memilih yang lebih panjang.")
        )
    if secret != normal_secret(again):
        raise Refused(_("Dua kata rahasia itu tidak sama. Minta ia mengetik keduanya lagi."))
    return secret


def is_young(*, born_on: date | None, band: str, today: date) -> bool:
    """This will say whether somebody is under twelve, or may be: where only the band is known, the doubt counts."""
    return age_on(born_on, today) < YOUNG_YEARS if born_on else band in YOUNG_BANDS


def check_can_issue(*, is_client: bool, young: bool, roles: Collection[str], has_live_code: bool) -> None:
    """This will refuse a code to whoever is no client of the file, and a second one beside a live one.

    :raises Refused: saying what to do. Source: care.md 1, 2; issue 6.
    """
    if not is_client:
        raise Refused(_("Kode klien hanya untuk klien di berkas ini. Catat dulu ia sebagai klien."))
    if young and Role.SUPERVISOR not in roles:
        raise Refused(_("Kode untuk anak di bawah 12 tahun diserahkan oleh penyelia."))
    if has_live_code:
        raise Refused(_("Ia masih punya kode yang berlaku. Cabut dulu kode itu, lalu serahkan yang baru."))


def check_can_answer_wish(*, kind: str, answered: bool, answer: str) -> None:
    """This will refuse a second answer to one wish, and one that does not fit what was asked.

    :raises Refused: saying what to do. Source: care.md 2, 17.
    """
    if answered:
        raise Refused(_("Permintaan ini sudah dijawab rekan Anda."))
    if answer == WishAnswer.SETTLED and kind in (WishKind.STOP, WishKind.PAUSE):
        raise Refused(
            _(
                "Tentang berhenti atau jeda, catat katanya sendiri: keinginannya, ditekan orang, atau bukan dari dia."
            )
        )


def check_can_attach(files: int) -> None:
    """This will refuse one file more than a thread takes from somebody without an account.

    :raises Refused: saying how to hand it over instead.
    """
    if files >= MOST_FILES:
        raise Refused(
            _("Di sini sudah ada banyak berkas. Tulis pesan dulu; petugas akan memberi tahu cara lain.")
        )
