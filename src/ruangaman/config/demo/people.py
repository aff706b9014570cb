"""Who can sign in to a demonstration."""

from dataclasses import dataclass

from ruangaman.access.states import Role

PASSWORD = "aman-hanya-untuk-demo"  # noqa: S105  printed at the start of a demonstration


@dataclass(frozen=True, slots=True)
class Sample:
    """Somebody who can sign in to a demonstration."""

    address: str
    name: str
    role: Role
    where: str  # key of demo.organisations
    what: str


PEOPLE = (
    Sample(
        "petugas",
        "Rina Contoh",
        Role.INTAKE_OFFICER,
        "unit",
        "menerima laporan, menjawab pelapor, memutuskan triase, mengutus pendamping",
    ),
    Sample("kepala", "Bambang Contoh", Role.HEAD, "unit", "melihat semua berkas unit, Standar, dan jurnal"),
    Sample(
        "penyelia",
        "Yanti Contoh",
        Role.SUPERVISOR,
        "unit",
        "mengawasi berkas unit, menyerahkan kasus ke manajer",
    ),
    Sample(
        "pendamping", "Sari Contoh", Role.COMPANION, "unit", "menjangkau, mencatat asesmen dan persetujuan"
    ),
    Sample(
        "manajer", "Dewi Contoh", Role.CASE_MANAGER, "unit", "memegang kasus: rencana, tim, rujukan, akhir"
    ),
    Sample("psikolog", "Maya Contoh", Role.PSYCHOLOGIST, "unit", "mencatat layanan psikologis kliennya"),
    Sample("advokat", "Rudi Contoh", Role.LAWYER, "unit", "mencatat proses hukum kliennya"),
    Sample("rohani", "Siti Contoh", Role.SPIRITUAL_GUIDE, "unit", "mencatat bimbingan rohani kliennya"),
    Sample("pengawas", "Hadi Contoh", Role.DATA_OFFICER, "unit", "membaca jurnal: siapa membuka apa"),
    Sample(
        "admin",
        "Agus Contoh",
        Role.ADMINISTRATOR,
        "unit",
        "mengelola akun dan mengusulkan peran; tidak membuka berkas",
    ),
    Sample("analis", "Tono Contoh", Role.ANALYST, "unit", "melihat Standar: hanya angka, tanpa berkas"),
    Sample(
        "mitra",
        "Lina Contoh",
        Role.PARTNER_OFFICER,
        "hospital",
        "rumah sakit: hanya bagian yang disetujui klien",
    ),
    Sample(
        "tetangga",
        "Joko Contoh",
        Role.INTAKE_OFFICER,
        "other",
        "petugas unit lain: tidak melihat apa pun dari unit ini",
    ),
)
# One companion for each of the five cities of the study; the first is in the list above. Source: seed 003.
MORE_COMPANIONS = ("pendamping2", "pendamping3", "pendamping4", "pendamping5")


def address(sample: Sample) -> str:
    """This will give the e-mail address somebody of the demonstration signs in with."""
    return f"{sample.address}@contoh.example"
