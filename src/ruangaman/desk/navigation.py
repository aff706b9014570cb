"""The menu of people who sign in: which pages, for whom."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ruangaman.access.policies import ERASURE_ROLES, POWER_ROLES
from ruangaman.access.states import Role, Section
from ruangaman.intake.policies.calls import TAKES
from ruangaman.intake.policies.roster import ROSTER_READERS
from ruangaman.intake.policies.ways import KEEPERS
from ruangaman.people.policies.likenesses import LOOKS

NAVIGATION = [
    (_("Hari ini"), "desk:today", Section.FILE, None),
    (pgettext_lazy("daftar", "Telepon"), "intake:calls", "", TAKES),
    (_("Hubungi kembali"), "intake:call_backs", Section.REPORTER, None),
    (pgettext_lazy("daftar", "Laporan"), "desk:reports", Section.ADMINISTRATION, None),
    (pgettext_lazy("daftar", "Kasus"), "desk:cases", Section.ADMINISTRATION, None),
    (pgettext_lazy("daftar", "Rujukan"), "services:referrals", Section.REFERRAL, None),
    (_("Rujukan antardaerah"), "intake:transfers", "", ROSTER_READERS),
    (_("Konfirmasi hapus"), "consent:recalls", "", frozenset({Role.PARTNER_OFFICER})),
    (pgettext_lazy("daftar", "Tenggat"), "clocks:board", Section.ADMINISTRATION, None),
    (_("Naskah surat"), "papers:templates", "", frozenset({Role.HEAD, Role.SUPERVISOR})),
    (_("Agenda"), "agenda:week", Section.FILE, None),
    (pgettext_lazy("daftar", "Piket"), "intake:roster", "", ROSTER_READERS),
    (_("Cari orang"), "people:find", "", LOOKS),
    (_("Jejak pencarian"), "people:probes", "", frozenset({Role.DATA_OFFICER})),
    (_("Buku pengaduan"), "intake:register", "", ROSTER_READERS),
    (_("Saluran pengaduan"), "intake:ways", "", KEEPERS),
    (_("Keahlian petugas"), "intake:aptitudes", "", KEEPERS),
    (_("Standar"), "standards:board", "", frozenset({Role.HEAD, Role.SUPERVISOR, Role.ANALYST})),
    (_("Jurnal"), "desk:journal", Section.JOURNAL, None),
    (pgettext_lazy("daftar", "Peran"), "access:powers", "", POWER_ROLES),
    (_("Akun"), "access:people", "", POWER_ROLES),
    (_("Penghapusan"), "access:erasures", "", ERASURE_ROLES),
    (_("Pemberitahuan"), "notices:own", "", frozenset(Role.values)),
    (pgettext_lazy("daftar", "Perangkat"), "access:devices", "", None),
]
