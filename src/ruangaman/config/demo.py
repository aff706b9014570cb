"""Demonstration data: made-up people and reports, through the product's own rules. Never in a real installation."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ruangaman.access.actions import seat
from ruangaman.access.models import Dossier, Membership, Organisation, User
from ruangaman.access.queries import viewer_of
from ruangaman.access.states import OrganisationKind, Role
from ruangaman.config.madeup import narrative, person_name, phone
from ruangaman.intake import actions
from ruangaman.intake.states import Channel, Means, ReporterKind
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.ids import new_id
from ruangaman.network.models import Facility, OpeningHours
from ruangaman.network.states import FacilityKind
from ruangaman.places.models import Place

PASSWORD = "aman-hanya-untuk-demo"  # noqa: S105  printed at the start of a demonstration
SEED = 20_260_101
REPORTS = 40
# How many posts each kota has. Source: seed 003 (19 posts in 2020 to 2021).
POSTS = {"31.71": 2, "31.72": 2, "31.73": 6, "31.74": 4, "31.75": 5}
WORKDAYS = range(5)


@dataclass(frozen=True, slots=True)
class Sample:
    """Somebody who can sign in to a demonstration."""

    address: str
    name: str
    role: Role
    where: str  # key of the organisations made below
    what: str


PEOPLE = (
    Sample(
        "petugas",
        "Rina Contoh",
        Role.INTAKE_OFFICER,
        "unit",
        "menerima laporan, membuka identitas, menjawab pelapor",
    ),
    Sample(
        "kepala",
        "Bambang Contoh",
        Role.HEAD,
        "unit",
        "melihat semua berkas unit dan jurnal, memutuskan usulan peran",
    ),
    Sample("penyelia", "Yanti Contoh", Role.SUPERVISOR, "unit", "mengawasi berkas unit"),
    Sample("pendamping", "Sari Contoh", Role.COMPANION, "unit", "hanya melihat berkas yang ditugaskan"),
    Sample("manajer", "Dewi Contoh", Role.CASE_MANAGER, "unit", "memegang kasus yang ditugaskan"),
    Sample("pengawas", "Hadi Contoh", Role.DATA_OFFICER, "unit", "membaca jurnal: siapa membuka apa"),
    Sample(
        "admin",
        "Agus Contoh",
        Role.ADMINISTRATOR,
        "unit",
        "mengelola akun dan mengusulkan peran; tidak membuka berkas",
    ),
    Sample("analis", "Tono Contoh", Role.ANALYST, "unit", "belum ada halaman: hanya angka, tanpa berkas"),
    Sample(
        "mitra",
        "Lina Contoh",
        Role.PARTNER_OFFICER,
        "hospital",
        "rumah sakit: hanya bagian yang dirujuk kepadanya",
    ),
    Sample(
        "tetangga",
        "Joko Contoh",
        Role.INTAKE_OFFICER,
        "other",
        "petugas unit lain: tidak melihat apa pun dari unit ini",
    ),
)


def address(sample: Sample) -> str:
    """This will give the e-mail address somebody of the demonstration signs in with."""
    return f"{sample.address}@contoh.example"


def hints() -> list[str]:
    """This will give what is printed at the end of the start: who can sign in, and what to try."""
    if not settings.DEMO:
        return [f"Masuk: {settings.SITE_URL}/akun/login/"]
    lines = [
        "Demonstrasi: semua orang dan laporan di sini rekaan.",
        f"1. Kirim laporan tanpa nama di {settings.SITE_URL}/lapor/ dan catat kodenya.",
        f"2. Masuk di {settings.SITE_URL}/akun/login/ sebagai petugas@contoh.example, buka laporan itu, jawab.",
        f"3. Baca jawabannya dengan kode di {settings.SITE_URL}/cek/",
        f"Kata sandi semua akun contoh: {PASSWORD}",
    ]
    return [*lines, *(f"   {address(sample):<28} {sample.role.label}: {sample.what}" for sample in PEOPLE)]


def is_there(using: str = "default") -> bool:
    """This will say whether the demonstration has been loaded."""
    return User.objects.using(using).filter(email=address(PEOPLE[0])).exists()


@transaction.atomic
def load(*, at: datetime, reports: int = REPORTS) -> bool:
    """This will make organisations, people, posts and reports, once; False where they are there already."""
    if is_there():
        return False
    organisations = make_organisations()
    users = make_people(organisations, at)
    make_facilities(organisations)
    make_reports(users, at, reports)
    return True


def make_organisations() -> dict[str, Organisation]:
    """This will make a province with its kota, the unit, its posts, a partner, and another region's unit."""
    kinds = OrganisationKind
    province = Organisation.objects.create(
        kind=kinds.PROVINCE, name="Pemerintah Provinsi DKI Jakarta", place_id="31"
    )
    unit = Organisation.objects.create(
        kind=kinds.UNIT,
        name="UPT PPA DKI Jakarta",
        parent=province,
        place_id="31",
        mailbox="laporan@unit.example",
    )
    made = {"province": province, "unit": unit}
    for kota in Place.objects.filter(parent_id="31").order_by("code"):
        city = Organisation.objects.create(
            kind=kinds.REGENCY, name=f"Pemerintah {kota.name}", parent=province, place=kota
        )
        for number in range(1, POSTS.get(kota.code, 0) + 1):
            made[f"post {kota.code} {number}"] = Organisation.objects.create(
                kind=kinds.POST, name=f"Pos Pengaduan {kota.name} {number}", parent=unit, place=kota
            )
        made[kota.code] = city
    made["hospital"] = Organisation.objects.create(
        kind=kinds.PARTNER, name="RSUD Contoh Sehat", parent=province, place_id="31.73"
    )
    made["police"] = Organisation.objects.create(
        kind=kinds.PARTNER, name="Unit PPA Polres Contoh", parent=province, place_id="31.73"
    )
    made["other"] = Organisation.objects.create(
        kind=kinds.UNIT, name="UPTD PPA Kota Depok", place_id="32.76", mailbox="laporan@depok.example"
    )
    return made


def make_people(organisations: dict[str, Organisation], at: datetime) -> dict[str, User]:
    """This will make one account for each role, all with the printed password."""
    users = {}
    for sample in PEOPLE:
        user = User(email=address(sample), name=sample.name)
        user.set_password(PASSWORD)
        user.save(force_insert=True)
        seat(
            user=user,
            organisation=organisations[sample.where],
            role=sample.role,
            since=at - timedelta(days=400),
            at=at,
        )
        users[sample.address] = user
    return users


def make_facilities(organisations: dict[str, Organisation]) -> None:
    """This will make the telephone lines, the office, the posts and their hours. Source: seeds 000 and 003."""
    unit = organisations["unit"]

    def facility(
        name: str, kind: FacilityKind, rank: int, closes: int = 0, owner: Organisation = unit, **more: object
    ) -> None:
        made = Facility.objects.create(
            organisation=owner, name=name, kind=kind, rank=rank, always_open=not closes, **more
        )
        for day in WORKDAYS if closes else ():
            OpeningHours.objects.create(facility=made, weekday=day, opens=time(8), closes=time(closes))

    facility("112 Jakarta Siaga", FacilityKind.HOTLINE, 1, phone="112", note="24 jam, bebas pulsa")
    facility("SAPA 129", FacilityKind.HOTLINE, 2, phone="129", note="24 jam, layanan nasional")
    facility(
        "Kantor UPT PPA DKI Jakarta",
        FacilityKind.OFFICE,
        10,
        16,
        place_id="31.71",
        address="Jalan Contoh Aman 1, Jakarta Pusat",
    )
    for key, post in organisations.items():
        if key.startswith("post "):
            facility(
                post.name,
                FacilityKind.POST,
                20,
                15,
                owner=post,
                place_id=post.place_id,
                address=f"Jalan Contoh, {post.name[14:]}",
            )
    facility("Rumah aman contoh", FacilityKind.SHELTER, 90, address="Alamat yang tidak pernah tampil")


def make_reports(users: dict[str, User], at: datetime, count: int) -> None:
    """This will file reports of the last weeks, answer most of them, and assign a few to the companion."""
    rng = random.Random(SEED)  # noqa: S311  made-up data, the same each time
    officer = viewer_of(users["petugas"], at)
    districts = list(
        Place.objects.filter(code__startswith="31.", level="district").values_list("code", flat=True)
    )
    for number in range(count):
        when = at - timedelta(hours=5 + 17 * (count - number), minutes=rng.randrange(60))
        named = rng.random() < 0.6
        answers = {
            "story": narrative(rng),
            "reporter_kind": rng.choice(ReporterKind.values),
            "danger_now": "yes" if rng.random() < 0.1 else "no",
            "place": rng.choice(districts),
            "name": person_name(rng, "f" if rng.random() < 0.7 else "m") if named else "",
            "means": Means.TEXT if named else Means.CODE,
            "phone": phone(rng) if named else "",
            "hours": "Senin–Jumat, 09.00–12.00" if named else "",
        }
        dossier = actions.receive(
            dossier_id=UUID(int=rng.getrandbits(128), version=4),
            answers=answers,
            code=new_code(),
            channel=Channel.WEB,
            at=when,
        )
        if number < count - 6:
            answer = (
                "Terima kasih sudah menulis. Laporanmu sudah kami baca. "
                "Kapan waktu yang aman untuk bertanya lebih lanjut?"
            )
            actions.answer(
                viewer=officer,
                dossier=dossier,
                message_id=new_id(),
                body=answer,
                at=when + timedelta(hours=rng.randrange(2, 40)),
            )
        if number % 10 == 0:
            assign(dossier, users["pendamping"], users["penyelia"], when + timedelta(hours=1))


def assign(dossier: Dossier, person: User, by: User, at: datetime) -> None:
    """This will put somebody into the team of a dossier, with the sections that their role may be given."""
    from ruangaman.access.actions import give_grant
    from ruangaman.access.matrix import cells
    from ruangaman.access.states import GrantSource

    roles = frozenset(Membership.objects.filter(user=person).values_list("role", flat=True))
    for cell in cells():
        if cell.role in roles and cell.reach == "grant" and cell.stage == dossier.stage:
            give_grant(
                dossier=dossier,
                section=cell.section,
                principal=person.id,
                roles=roles,
                writes=cell.writes,
                source=GrantSource.TEAM,
                until=at + timedelta(days=180),
                by=by.id,
                at=at,
            )
