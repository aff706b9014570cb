"""The steps of the legal process, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """A step of the legal process, in the words of the criminal procedure. Source: flow.md 8.

    Names and articles move with the law (KUHAP was renewed by UU 20/2025): they stand here and in policies alone.
    """

    POLICE_REPORT = "police_report", _("Laporan polisi")
    QUESTIONING = "questioning", _("Pemeriksaan (BAP)")
    INQUIRY = "inquiry", _("Penyelidikan")
    INVESTIGATION = "investigation", _("Penyidikan")
    STOPPED = "stopped", _("Perkara dihentikan")
    P21 = "p21", _("P21 (berkas lengkap)")
    STAGE_TWO = "stage_two", _("Tahap II (tersangka dan barang bukti diserahkan)")
    PROSECUTION = "prosecution", _("Penuntutan")
    TRIAL = "trial", _("Sidang")
    VERDICT = "verdict", _("Putusan")
    RESTITUTION = "restitution", _("Restitusi")
    PROTECTION_ASKED = "protect_asked", _("Perlindungan polisi diminta")
    PROTECTION_GIVEN = "protect_given", _("Perlindungan polisi diberikan")
    PROTECTION_ORDER = "protect_order", _("Penetapan perlindungan pengadilan, atau perlindungan berakhir")


class Side(models.TextChoices):
    """Whose process it is: that about what was done to her, or one in which she is the reported person.

    The second never makes her a reported person of her own file. Source: care.md 21; seed 000 (protection from
    criminalisation is a service).
    """

    HERS = "hers", _("Perkara klien")
    AGAINST = "against", _("Klien dilaporkan balik")


# Asked for and given for her safety: there is none of it in a process against her.
HERS_ALONE = frozenset({Step.PROTECTION_ASKED, Step.PROTECTION_GIVEN, Step.PROTECTION_ORDER})


class Pressing(models.TextChoices):
    """How somebody was pressed to settle. Each is an incident; none of it is a step. Source: care.md 15."""

    TALKED = "talked", _("Dibujuk, atau didatangi berulang kali")
    THREATENED = "threatened", _("Diancam")
    PAID = "paid", _("Ditawari uang, barang, atau pekerjaan")
    MARRIAGE = "marriage", _("Disuruh menikah dengan terlapor")
    PAPER = "paper", _("Disuruh menandatangani surat damai atau mencabut laporan")
    MEETING = "meeting", _("Dipanggil ke musyawarah atau mediasi")
    COUNTER = "counter", _("Diancam akan dilaporkan balik")
    OTHER = "other", _("Cara lain")


# Said wherever pressure is written down. Source: care.md 15; UU 12/2022 Pasal 23 (read in secondary sources).
NO_PEACE = _(
    "Tidak ada mediasi dan tidak ada perdamaian: perkara kekerasan seksual tidak diselesaikan di luar pengadilan "
    "(UU 12/2022 Pasal 23), dan klien tidak dipertemukan dengan pasangan yang melakukan kekerasan untuk berdamai. "
    "Tekanan untuk berdamai dicatat sebagai kejadian."
)
# Where the reported person is a child. Source: care.md 15; UU 11/2012 (diversion).
DIVERSION = _(
    "Terlapor masih anak, jadi penyidik, jaksa, atau hakim bisa mengupayakan diversi (UU 11/2012). Kehadiran klien "
    "sukarela dan di ruang terpisah. Ia boleh tidak datang, tanpa alasan."
)


class Statute(models.TextChoices):
    """Under which statute a case was decided; IV.5 counts those on violence against women and children."""

    TPKS = "tpks", _("UU 12/2022 (TPKS)")
    PKDRT = "pkdrt", _("UU 23/2004 (KDRT)")
    CHILD_PROTECTION = "child_protection", _("UU 35/2014 (Perlindungan Anak)")
    TRAFFICKING = "trafficking", _("UU 21/2007 (TPPO)")
    PORNOGRAPHY = "pornography", _("UU 44/2008 (Pornografi)")
    JUVENILE = "juvenile", _("UU 11/2012 (Sistem Peradilan Pidana Anak)")
    ITE = "ite", _("UU ITE")
    KUHP = "kuhp", _("KUHP")


# What IV.5 counts as "dasar perundang-undangan yang berkaitan dengan kekerasan terhadap perempuan dan anak".
# Source: seed 004, Lampiran D.IV, indicator 5, points 2, 3 and 5 (Rujukan d, g, h, i). Where the text leaves it open
# the reading is ours, and a lawyer confirms it: the Rujukan also names the general penal code, but the example (15 of
# 20 judgments) has a meaning only if judgments under that code are not counted; UU 12/2022 came later and has that
# violence as its subject; the law on juvenile justice is procedure, and UU ITE protects everybody.
STATUTES_FOR_IV5 = frozenset(
    {
        Statute.TPKS,
        Statute.PKDRT,
        Statute.CHILD_PROTECTION,
        Statute.TRAFFICKING,
        Statute.PORNOGRAPHY,
    }
)

# Each step, and the steps of which at least one came before it. A step without any begins a process. There is no step
# for mediation, peace or withdrawal by agreement, and none is to be added. Source: flow.md 8; care.md 15 (UU 12/2022
# Pasal 23); seed 004, Lampiran D.IV, IV.5.s1 (P21, then Tahap II). Penuntutan stands beside the hearings: the demand
# is read during the trial. Restitution is asked for in the demand or after it (Perma 1/2022, secondary source).
STEP_MOVES: dict[Step, frozenset[Step]] = {
    Step.POLICE_REPORT: frozenset(),
    Step.QUESTIONING: frozenset({Step.POLICE_REPORT, Step.INQUIRY, Step.INVESTIGATION}),
    Step.INQUIRY: frozenset({Step.POLICE_REPORT}),
    Step.INVESTIGATION: frozenset({Step.POLICE_REPORT, Step.INQUIRY}),
    Step.STOPPED: frozenset({Step.POLICE_REPORT, Step.INQUIRY, Step.INVESTIGATION}),
    Step.P21: frozenset({Step.POLICE_REPORT, Step.INVESTIGATION}),
    Step.STAGE_TWO: frozenset({Step.P21}),
    Step.PROSECUTION: frozenset({Step.STAGE_TWO}),
    Step.TRIAL: frozenset({Step.STAGE_TWO}),
    Step.VERDICT: frozenset({Step.TRIAL}),
    Step.RESTITUTION: frozenset({Step.PROSECUTION, Step.TRIAL, Step.VERDICT}),
    # Protection begins with a report or with what the police know of themselves: nothing has to come before it.
    # Source: UU 23/2004 Pasal 16; UU 12/2022 Pasal 42.
    Step.PROTECTION_ASKED: frozenset(),
    Step.PROTECTION_GIVEN: frozenset(),
    Step.PROTECTION_ORDER: frozenset({Step.PROTECTION_GIVEN}),
}
# The road that a case goes; no part of it begins before an earlier one began. The other steps stand beside it.
ROAD = (
    Step.POLICE_REPORT,
    Step.INQUIRY,
    Step.INVESTIGATION,
    Step.P21,
    Step.STAGE_TWO,
    Step.TRIAL,
    Step.VERDICT,
)
# What brings a stopped case back, and what a stopped case can't reach before. Source: flow.md 8.
RESUMING = frozenset({Step.POLICE_REPORT, Step.INQUIRY, Step.INVESTIGATION})
ADVANCING = frozenset({Step.P21, Step.STAGE_TWO, Step.PROSECUTION, Step.TRIAL, Step.VERDICT})


class Outcome(models.TextChoices):
    """How a verdict ended."""

    CONVICTED = "convicted", _("Terbukti bersalah")
    ACQUITTED = "acquitted", _("Bebas")
    RELEASED = "released", _("Lepas dari tuntutan")
