"""Rules of the register of complaints and of the numbers of blank forms."""

import secrets
from datetime import date, timedelta

from django.utils.translation import gettext as _

from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import ALPHABET, check_character

LONGEST_PERIOD = timedelta(days=92)  # the longest quarter
FORM_SIGNS = 10  # 50 bits: two copies never bear the same number


def check_period(first: date, last: date) -> None:
    """This will refuse a period that ends before it begins, or is longer than a quarter.

    :raises Refused: with what to do.
    """
    if last < first:
        raise Refused(_("Tanggal akhir sebelum tanggal awal. Periksa tanggalnya."))
    if last - first >= LONGEST_PERIOD:
        raise Refused(
            _("Buku pengaduan dicetak paling lama untuk tiga bulan. Pilih rentang yang lebih pendek.")
        )


def new_form_number() -> str:
    """This will make the number of one printed copy, such as ``7K3M-Q9T4-XA5``: ten random signs and a check."""
    body = "".join(secrets.choice(ALPHABET) for _sign in range(FORM_SIGNS))
    return _grouped(body + check_character(body))


def read_form_number(text: str) -> str:
    """This will read a form's number as people type it.

    :raises Refused: where it can't be one.
    """
    plain = text.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    signs = "".join(sign for sign in plain if sign in ALPHABET)
    if len(signs) != FORM_SIGNS + 1 or check_character(signs[:-1]) != signs[-1]:
        raise Refused(_("Nomor formulir ini tidak cocok. Salin sebelas tanda di pojok formulirnya."))
    return _grouped(signs)


def _grouped(signs: str) -> str:
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"
