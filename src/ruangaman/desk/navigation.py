"""The menu of people who sign in: which pages, for whom."""

from django.utils.translation import gettext_lazy as _

from ruangaman.access.policies import ERASURE_ROLES, POWER_ROLES
from ruangaman.access.states import Section

NAVIGATION = [
    (_("Laporan"), "desk:reports", Section.ADMINISTRATION, None),
    (_("Jurnal"), "desk:journal", Section.JOURNAL, None),
    (_("Peran"), "access:powers", "", POWER_ROLES),
    (_("Akun"), "access:people", "", POWER_ROLES),
    (_("Penghapusan"), "access:erasures", "", ERASURE_ROLES),
    (_("Perangkat"), "access:devices", "", None),
]
