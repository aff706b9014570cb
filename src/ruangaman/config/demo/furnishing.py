"""What a unit sets once: its letterhead, its buildings, rooms, vehicle and interpreter, its own law."""

from ruangaman.agenda.actions.venues import add_resource, add_venue
from ruangaman.agenda.states import ResourceKind
from ruangaman.clocks.actions import define
from ruangaman.clocks.actions.defining import Version
from ruangaman.clocks.queries import newest_version
from ruangaman.clocks.states import Measure
from ruangaman.config.demo.arrival import LOCAL, Staff
from ruangaman.papers.actions.templates import set_letterhead
from ruangaman.places.models import Place

OFFICE, HOSPITAL = "Kantor UPT PPA DKI Jakarta", "RSUD Contoh Sehat"
COUNSELLING, FAMILY, MEETING = "Ruang Melati", "Ruang Mawar", "Ruang Rapat"
CAR, INTERPRETER = "Mobil layanan 1", "Juru Bahasa Isyarat (BISINDO) Contoh"
SHELTER_DAYS = 7
LINES = """PEMERINTAH PROVINSI DAERAH KHUSUS IBUKOTA JAKARTA
UNIT PELAKSANA TEKNIS PUSAT PERLINDUNGAN PEREMPUAN DAN ANAK
Jalan Contoh Aman 1, Jakarta Pusat
Telepon 112 · laporan@unit.example"""


def furnish(staff: Staff) -> None:
    """This will set all of it for the unit of the demonstration."""
    unit, at = staff.organisations["unit"], staff.at
    with staff.acting("kepala") as head:
        set_letterhead(
            viewer=head,
            unit_id=unit.id,
            unit_name=unit.name,
            lines=LINES,
            town="Jakarta",
            signer_title="Kepala UPT PPA DKI Jakarta",
            signer_name=head.name,
            signer_number="19700101 199503 1 001",
            scheme="{nomor}/{kode}/UPT-PPA/{bulan}/{tahun}",
            at=at,
        )
    _add_places(staff)
    _write_law(staff)


def _add_places(staff: Staff) -> None:
    unit, at = staff.organisations["unit"].id, staff.at
    with staff.acting("penyelia") as supervisor:
        office = add_venue(viewer=supervisor, unit=unit, name=OFFICE, area=village("31.71"), at=at)
        add_venue(viewer=supervisor, unit=unit, name=HOSPITAL, area=village("31.73"), at=at)
        for kind, name in (
            (ResourceKind.ROOM, COUNSELLING),
            (ResourceKind.ROOM, FAMILY),
            (ResourceKind.ROOM, MEETING),
            (ResourceKind.VEHICLE, CAR),
            (ResourceKind.INTERPRETER, INTERPRETER),
        ):
            venue = office if kind == ResourceKind.ROOM else None
            add_resource(viewer=supervisor, unit=unit, kind=kind, name=name, venue=venue, at=at)


def _write_law(staff: Staff) -> None:
    """The stay in a shelter, in seven days instead of the nation's fourteen."""
    unit = staff.organisations["unit"].id
    shelter = newest_version(unit, "shelter")
    assert shelter is not None  # comes with the program
    with staff.acting("advokat") as lawyer:
        define(
            viewer=lawyer,
            owner=unit,
            code="shelter",
            version=Version(
                from_on=staff.at.astimezone(LOCAL).date(),
                name=shelter.name,
                name_en=shelter.name_en,
                duty=shelter.duty,
                duty_en=shelter.duty_en,
                article="contoh untuk demonstrasi",
                measure=Measure.DAYS,
                amount=SHELTER_DAYS,
                told_roles=shelter.told_roles,
                before_hours=shelter.before_hours,
                after_hours=shelter.after_hours,
                escalate_hours=shelter.escalate_hours,
                may_pause=shelter.may_pause,
            ),
            at=staff.at,
        )


def village(city: str) -> Place:
    """This will give the first kelurahan of a kota."""
    return Place.objects.filter(code__startswith=f"{city}.", level="village").order_by("code")[0]
