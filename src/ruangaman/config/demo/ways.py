"""The ways in of the made-up unit, as the seeds tell them: the office, 19 posts, 112, the call centre, and others."""

from dataclasses import dataclass
from datetime import time

from ruangaman.access.models import Organisation
from ruangaman.config.demo.arrival import Staff
from ruangaman.config.demo.organisations import WORKDAYS
from ruangaman.intake.actions.ways import Arranged, set_way
from ruangaman.intake.states import Channel, ReporterKind
from ruangaman.network.models import Facility, OpeningHours
from ruangaman.network.states import FacilityKind

# Working days 07.30 to 16.00. Source: seed 003 ("call center pada jam kerja yaitu 7.30-16.00 di hari kerja").
CALL_CENTRE, CALLS_FROM, CALLS_UNTIL = "Pusat panggilan UPT PPA DKI Jakarta", time(7, 30), time(16)
APP = "Jakarta Aman"


@dataclass(frozen=True, slots=True)
class Way:
    """A way of the demonstration: who runs it, and what holds."""

    channel: Channel
    name: str
    owner: str
    facility: str = ""
    usual_reporter: str = ""
    needs_ticket: bool = False
    takes_anonymous: bool = True


WAYS = (
    # Monday to Friday 08.00 to 16.00 (the hours stand with the office in organisations.py). Source: seed 000.
    Way(Channel.OFFICE, "Kantor UPT PPA DKI Jakarta", "unit", "Kantor UPT PPA DKI Jakarta"),
    # "Jakarta Siaga 24 Jam (Bebas Pulsa)". Source: seed 000, whose "102" is a scanning error for 112 (flow.md 1).
    Way(Channel.PHONE_112, "Jakarta Siaga 112", "province", "112 Jakarta Siaga", needs_ticket=True),
    Way(Channel.CALL_CENTRE, "Pusat panggilan", "unit", CALL_CENTRE),
    # Source: seed 000 ("APPS JAKARTA AMAN").
    Way(Channel.APP, APP, "province"),
    # RP3, "Rumah Perlindungan Pekerja Perempuan", in several branches of industry. Source: seed 002.
    Way(Channel.RP3, "RP3 kawasan industri contoh", "province", usual_reporter=ReporterKind.INSTITUTION),
    # By referral from an agency. Source: flow.md 1.
    Way(
        Channel.REFERRAL, "Rujukan rumah sakit", "hospital",
        usual_reporter=ReporterKind.INSTITUTION, takes_anonymous=False,
    ),
    # Not in the seeds; practice of the units.
    Way(Channel.LETTER, "Surat", "unit"),
    Way(Channel.HOTLINE, "Pesan ke nomor layanan", "unit"),
)  # fmt: skip


def make_ways(staff: Staff) -> None:
    """This will set up the ways in by the hand of the unit's head, and the call centre's line with its hours."""
    organisations = staff.organisations
    _add_call_centre(organisations["unit"])
    for way in WAYS:
        _set(staff, way, organisations[way.owner])
    for key, organisation in organisations.items():
        # 19 posts, Monday to Friday 08.00 to 15.00. Source: seeds 000 and 003 (organisations.POSTS counts them).
        if key.startswith("post "):
            _set(staff, Way(Channel.POST, organisation.name, key, organisation.name), organisation)
        # "Sosialisasi ke camat atau lurah … perkuat peran pamong praja deteksi dini ancaman kekerasan di tingkat RW".
        # Source: seed 002.
        elif key.startswith("31."):
            name = f"Camat dan lurah, {organisation.name.removeprefix('Pemerintah ')}"
            reporter = ReporterKind.INSTITUTION
            _set(staff, Way(Channel.LOCAL, name, key, usual_reporter=reporter), organisation)


def _set(staff: Staff, way: Way, owner: Organisation) -> None:
    facility = Facility.objects.get(name=way.facility) if way.facility else None
    with staff.acting("kepala") as head:
        set_way(
            viewer=head,
            unit=staff.organisations["unit"].id,
            arranged=Arranged(
                channel=way.channel,
                name=way.name,
                owner=owner,
                facility=facility,
                usual_reporter=way.usual_reporter,
                needs_ticket=way.needs_ticket,
                takes_anonymous=way.takes_anonymous,
            ),
            at=staff.at,
        )


def _add_call_centre(unit: Organisation) -> None:
    """Not among the lines for danger, which always answer: its page says when it does."""
    made = Facility.objects.create(
        organisation=unit,
        name=CALL_CENTRE,
        kind=FacilityKind.OFFICE,
        rank=11,
        phone="021-5550-1129",  # nobody's
        note="Lewat telepon, pada hari kerja",
    )
    for day in WORKDAYS:
        OpeningHours.objects.create(facility=made, weekday=day, opens=CALLS_FROM, closes=CALLS_UNTIL)
