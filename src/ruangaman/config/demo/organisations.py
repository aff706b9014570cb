"""The made-up unit: a province with its cities, 19 posts, partners, people with accounts, doors with hours."""

from datetime import UTC, datetime, time

from ruangaman.access.actions import seat
from ruangaman.access.models import Organisation, User
from ruangaman.access.states import OrganisationKind, Role
from ruangaman.config.demo.people import MORE_COMPANIONS, PASSWORD, PEOPLE, address
from ruangaman.network.models import Facility, HealthService, OpeningHours, StaffCount
from ruangaman.network.states import Duty, FacilityKind, HealthServiceKind
from ruangaman.places.models import Place

# How many posts each kota has. Source: seed 003 (19 posts in 2020 to 2021).
POSTS = {"31.71": 2, "31.72": 2, "31.73": 6, "31.74": 4, "31.75": 5}
WORKDAYS = range(5)
# Everybody has been in their seats since before the years that the demonstration tells of.
SEATED = datetime(2018, 1, 1, tzinfo=UTC)


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
    made["clinic"] = Organisation.objects.create(
        kind=kinds.PARTNER, name="Puskesmas Contoh Sejahtera", parent=province, place_id="31.74"
    )
    made["court"] = Organisation.objects.create(
        kind=kinds.PARTNER, name="Pengadilan Negeri Contoh", parent=province, place_id="31.73"
    )
    made["other"] = Organisation.objects.create(
        kind=kinds.UNIT, name="UPTD PPA Kota Depok", place_id="32.76", mailbox="laporan@depok.example"
    )
    return made


def make_people(organisations: dict[str, Organisation], at: datetime) -> dict[str, User]:
    """This will make one account for each role and more companions, all with the printed password."""
    users = {}
    told = [(sample.address, address(sample), sample.name, sample.role, sample.where) for sample in PEOPLE]
    told += [
        (key, f"{key}@contoh.example", f"Pendamping {number} Contoh", Role.COMPANION, "unit")
        for number, key in enumerate(MORE_COMPANIONS, start=2)
    ]
    told.append(("klinik", "klinik@contoh.example", "Wati Contoh", Role.PARTNER_OFFICER, "clinic"))
    for key, email, name, role, where in told:
        user = User(email=email, name=name)
        user.set_password(PASSWORD)
        user.save(force_insert=True)
        seat(user=user, organisation=organisations[where], role=role, since=SEATED, at=at)
        users[key] = user
    return users


def make_health_services(organisations: dict[str, Organisation]) -> None:
    """This will say which partners give health services, with as many trained staff as the standard asks for."""
    for key, kind, trained in (
        ("hospital", HealthServiceKind.HOSPITAL, 3),
        ("clinic", HealthServiceKind.HEALTH_CENTRE, 2),
    ):
        HealthService.objects.create(
            organisation=organisations[key], kind=kind, trained_staff=trained, counted_on=SEATED.date()
        )


# Officers of the unit for each duty, and how many of them were trained: made up, and none of them complete.
OFFICERS = {
    Duty.COMPLAINTS: (5, 3),
    Duty.SOCIAL: (8, 3),
    Duty.SPIRITUAL: (2, 1),
    Duty.LEGAL: (3, 2),
    Duty.REINTEGRATION: (4, 1),
}


def count_staff(organisations: dict[str, Organisation]) -> None:
    """This will say how many officers the unit has for each duty, and how many of them were trained."""
    for duty, (staff, trained) in OFFICERS.items():
        StaffCount.objects.create(
            organisation=organisations["unit"],
            duty=duty,
            staff=staff,
            trained=trained,
            counted_on=SEATED.date(),
        )


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
