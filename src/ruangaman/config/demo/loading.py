"""Loading the demonstration: a small one at the first start, years of cases when asked for."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from ruangaman.access.models import Dossier, Organisation, User
from ruangaman.config.demo.about_staff import tell_of_staff
from ruangaman.config.demo.arrival import Arrival, Staff
from ruangaman.config.demo.calls import take_calls
from ruangaman.config.demo.furnishing import furnish
from ruangaman.config.demo.organisations import (
    count_staff,
    make_facilities,
    make_health_services,
    make_organisations,
    make_people,
)
from ruangaman.config.demo.outreach import show_attempt, teach
from ruangaman.config.demo.people import PASSWORD, PEOPLE, address
from ruangaman.config.demo.recent import yesterdays
from ruangaman.config.demo.roster import keep_roster
from ruangaman.config.demo.running import show
from ruangaman.config.demo.walk import Walk
from ruangaman.config.demo.ways import make_ways
from ruangaman.config.demo.who import look_for_somebody, scenes
from ruangaman.config.demo.years import Planned, in_window, plan
from ruangaman.config.madeup import narrative, person_name, phone
from ruangaman.intake import actions
from ruangaman.intake.states import Channel, Means, Proof, ReporterKind
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.errors import Refused
from ruangaman.notices import actions as notices
from ruangaman.notices.models import Notice
from ruangaman.places.models import Place

SEED = 20_260_101
REPORTS = 12  # that came in the last days and wait
CASES = 28  # of the last months, each as far as it has come
"""How many of each the first start makes; `ruangaman demo` adds years of cases."""
UNREAD = timedelta(days=2)  # what is older has been read


def hints() -> list[str]:
    """This will give what is printed at the end of the start: who can sign in, and what to try."""
    if not settings.DEMO:
        return [f"Masuk: {settings.SITE_URL}/akun/login/"]
    lines = [
        "Demonstrasi: semua orang dan laporan di sini rekaan.",
        f"1. Kirim laporan tanpa nama di {settings.SITE_URL}/lapor/ dan catat kodenya.",
        f"2. Masuk di {settings.SITE_URL}/akun/login/ sebagai petugas@contoh.example, buka laporan itu, jawab.",
        f"3. Baca jawabannya dengan kode di {settings.SITE_URL}/cek/",
        "4. Masuk sebagai manajer@contoh.example: Hari ini, lalu sebuah kasus; sebagai kepala: Standar.",
        "5. Tenggat: Hari ini menunjukkan 72 jam yang berjalan dan keputusan polisi yang menunggu; aturan"
        " rumah aman 7 hari ditulis advokat.",
        "6. Agenda, Pemberitahuan, lalu dokumen, bukti, dan surat di sebuah kasus: sebagai manajer atau penyelia.",
        "7. Siapa dan persetujuan: penyelia menemukan wali yang menunggu keputusannya, pencarian tanpa laporan, dan"
        " terlapor yang tercatat dua kali; mitra diminta menghapus salinan; advokat mendampingi klien yang dilaporkan"
        " balik.",
        "8. Saluran pengaduan: sebagai kepala di /saluran/; kunci untuk aplikasi mitra dibuat di sana dan tampil sekali"
        " (petunjuknya di docs/api.md).",
        "Kasus bertahun-tahun (beberapa menit): ruangaman demo",
        f"Kata sandi semua akun contoh: {PASSWORD}",
    ]
    return [*lines, *(f"   {address(sample):<28} {sample.role.label}: {sample.what}" for sample in PEOPLE)]


def is_there(using: str = "default") -> bool:
    """This will say whether the demonstration has been loaded."""
    return User.objects.using(using).filter(email=address(PEOPLE[0])).exists()


@transaction.atomic
def load(*, at: datetime, reports: int = REPORTS, cases: int = CASES) -> bool:
    """This will make organisations, people, posts, new reports and cases of the last months, once; False where they
    are there already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEED])  # a first start may be at it just now
    if is_there():
        return False
    organisations = make_organisations()
    users = make_people(organisations, at)
    make_facilities(organisations)
    make_health_services(organisations)
    count_staff(organisations)
    staff = Staff(users, organisations, at)
    rng = random.Random(SEED)  # noqa: S311  made-up data, the same each time
    furnish(staff)
    teach(staff)
    make_ways(staff)
    districts = _districts()
    walks: list[Arrival] = []
    for number in range(cases):
        when = at - timedelta(days=4 + number * 7, hours=rng.randrange(12))
        group = rng.choice(["woman", "woman", "girl", "girl", "boy"])
        planned = Planned(number, when, rng.choice(list(_CITIES)), group, number % 9 == 0, SEED)  # type: ignore[arg-type]
        walks.append(Walk(staff, planned, districts, at))
    if cases:
        walks += yesterdays(staff, districts, number=cases, seed=SEED)
        walks += scenes(staff, districts, number=len(walks), seed=SEED)
        walks.append(show_attempt(staff, districts, number=len(walks), seed=SEED))
    with _without_tasks():
        for walk in walks:
            _walk(walk)
    make_reports(at, reports, districts)
    show(staff, walks)
    keep_roster(staff)
    if cases:
        with _without_tasks():
            take_calls(staff, districts)
            tell_of_staff(staff)
        look_for_somebody(staff)
    return True


_CITIES = ("31.71", "31.72", "31.73", "31.74", "31.75")


def load_years(
    *,
    at: datetime,
    cases: int,
    seed: int,
    part: tuple[int, int] = (0, 1),
    share: float = 1,
    say: Callable[[str], None],
) -> int:
    """This will add years of cases to a demonstration, each in a transaction of its own, and give how many.

    Cases that are there already are passed over, so that a load that was broken off goes on where it was.
    ``part``: (which, of how many) shares of the plan, so that several processes can load side by side; the same seed
    gives the same cases, whoever loads them.

    :raises ValueError: where fewer cases are asked for than the windows hold, or another seed's year is there.
    """
    there = check_years(at=at, cases=cases, seed=seed, share=share)
    staff = Staff(_users(), _organisations(), at)
    districts, made, began = _districts(), 0, monotonic()
    with _one_transaction_each():
        for planned in plan(seed=seed, cases=cases, until=at, share=share):
            if planned.number % part[1] != part[0] or planned.dossier_id in there:
                continue
            if not _load_one(staff, planned, districts, at):
                continue
            made += 1
            if made % 100 == 0:
                rate = made / (monotonic() - began)
                say(f"part {part[0] + 1} of {part[1]}: {made:,} cases, {rate:.1f} a second")
    return made


def _load_one(staff: Staff, planned: Planned, districts: list[str], at: datetime) -> bool:
    """Write one case; False where somebody else is at it. Its chances are its own, so walked again it is the same, but
    for an hour that another process has given away meanwhile.
    """
    for tries_left in (2, 1, 0):
        try:
            with _without_tasks(), transaction.atomic():
                if not _claim(planned.dossier_id):
                    return False
                _walk(Walk(staff, planned, districts, at))
            return True
        except Refused:
            if not tries_left:
                raise
    return False


def check_years(*, at: datetime, cases: int, seed: int, share: float = 1) -> set[UUID]:
    """This will give the ids of the dossiers that are there already.

    :raises ValueError: where fewer cases are asked for than the windows hold, or where 2021 holds other cases: with
        them its totals would no longer be those of the source document.
    """
    planned = {one.dossier_id for one in plan(seed=seed, cases=cases, until=at, share=share)}
    there = dict(Dossier.objects.values_list("id", "opened_at"))
    if any(in_window(opened_at) for id_, opened_at in there.items() if id_ not in planned):
        raise ValueError(
            "2021 holds cases of another seed here, and its totals would double. Use that seed, or begin anew."
        )
    return set(there)


@contextmanager
def _one_transaction_each() -> Iterator[None]:
    """A case is written whole or not at all, so its actions need no savepoints of their own, which were four of ten
    statements; and what the last second wrote may be lost with the machine's power: it is made again.
    """
    uses_savepoints = connection.features.uses_savepoints
    connection.features.uses_savepoints = False
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        connection.features.uses_savepoints = uses_savepoints
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _claim(dossier_id: UUID) -> bool:
    """Whether nobody makes this case or has made it: a process of a load that was broken off may still be at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [dossier_id.int >> 65])
        claimed = bool(cursor.fetchone()[0])
    return claimed and not Dossier.objects.filter(id=dossier_id).exists()


def _walk(walk: Arrival) -> None:
    """Some rules ask the database who works where, and it answers to somebody's ticket only."""
    with walk.staff.acting("penyelia"):
        walk.walk()
    _have_read(walk.staff, walk.dossier.id)


def _have_read(staff: Staff, dossier_id: UUID) -> None:
    """What was told of a case days ago has been read: nobody comes back to hundreds of notices."""
    told: dict[UUID, list[UUID]] = {}
    old = Notice.objects.filter(dossier_id=dossier_id, read_at=None, made_at__lt=staff.at - UNREAD)
    for person, notice in old.values_list("person_id", "id"):
        told.setdefault(person, []).append(notice)
    for name, user in staff.users.items():
        if user.id in told:
            notices.read(viewer=staff[name], notices=told[user.id], at=staff.at)


@contextmanager
def _without_tasks() -> Iterator[None]:
    """What a case of the past asks the worker for is dropped: nobody is to be told now of a report of years ago."""
    with app.replace_connector(InMemoryConnector()):
        yield


def _users() -> dict[str, User]:
    found = User.objects.filter(email__endswith="@contoh.example")
    return {user.email.split("@")[0]: user for user in found}


def _districts() -> list[str]:
    return list(Place.objects.filter(code__startswith="31.", level="district").values_list("code", flat=True))


def _organisations() -> dict[str, Organisation]:
    called = {
        "unit": "UPT PPA DKI Jakarta",
        "hospital": "RSUD Contoh Sehat",
        "clinic": "Puskesmas Contoh Sejahtera",
        "court": "Pengadilan Negeri Contoh",
    }
    return {key: Organisation.objects.get(name=name) for key, name in called.items()}


def make_reports(at: datetime, count: int, districts: list[str]) -> None:
    """This will file reports of the last days that nobody has answered yet."""
    rng = random.Random(SEED)  # noqa: S311  made-up data, the same each time
    for number in range(count):
        when = at - timedelta(hours=2 + 5 * (count - number), minutes=rng.randrange(60))
        named = rng.random() < 0.6
        answers = {
            "story": narrative(rng),
            "reporter_kind": rng.choice(ReporterKind.values),
            "danger_now": "yes" if number % 6 == 1 else "no",
            "place": rng.choice(districts),
            "name": person_name(rng, "f" if rng.random() < 0.7 else "m") if named else "",
            "means": Means.TEXT if named else Means.CODE,
            "phone": phone(rng) if named else "",
            "hours": "Senin–Jumat, 09.00–12.00" if named else "",
        }
        dossier_id = UUID(int=rng.getrandbits(128), version=4)
        with tickets.carry(tickets.sign(purpose="filing", scope=dossier_id, at=clock.now())):
            actions.receive(
                dossier_id=dossier_id,
                told=actions.told_in(answers),
                code=new_code(),
                channel=Channel.WEB,
                proof=Proof.WORKED,
                at=when,
            )
