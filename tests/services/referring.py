"""A case whose client agreed to be treated by a hospital, up to the referral that waits there; all made up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from ruangaman.access.models import Organisation, User
from ruangaman.access.states import OrganisationKind, Role
from ruangaman.cases.models import PlanItem
from ruangaman.consent.actions import withdraw_consent
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Service
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.services import actions
from ruangaman.services.models import Referral
from ruangaman.services.states import Kind
from tests.cases.cases import Way, case
from tests.worlds import World, acting

REQUEST = "Mohon diperiksa oleh dokter perempuan."
NOTE = "Luka dirawat; kontrol minggu depan."


@dataclass
class Sent:
    """A referral, and who is who about it."""

    way: Way
    consent: Consent
    item: PlanItem
    referral: Referral
    officer: User

    @property
    def world(self) -> World:
        return self.way.world

    @property
    def page(self) -> str:
        return f"/rujukan/{self.referral.id}/"

    @property
    def browser(self) -> Client:
        return self.world.client(self.officer)

    @property
    def status(self) -> str:
        return str(
            self.world.rows("SELECT status FROM services_referral WHERE id = %s", [self.referral.id])[0][0]
        )

    def post(self, what: str, **told: Any) -> Any:
        """One act of the partner, as its page sends it."""
        fields = {f"{what}-{name}": value for name, value in told.items()}
        return self.browser.post(f"{self.page}{what}/", fields)

    def accept(self) -> None:
        assert self.post("terima").status_code == 302

    def treat(self, **told: Any) -> Any:
        today = timezone.localdate().isoformat()
        given = {"row_id": str(new_id()), "kind": Kind.EXAMINATION.value, "given_on": today, "note": NOTE}
        return self.post("layanan", **{**given, **told})

    def visum(self, **told: Any) -> Any:
        today = timezone.localdate().isoformat()
        given = {"row_id": str(new_id()), "number": "V/12/2026", "dated_on": today, "request_number": "R/7"}
        return self.post("visum", **{**given, **told})

    def count(self, table: str) -> int:
        return int(self.world.rows(f"SELECT count(*) FROM {table}")[0][0])


def planned_with(
    way: Way, partner: Organisation, service: str = Service.MEDICAL, also: Iterable[str] = ()
) -> tuple[Consent, PlanItem]:
    """She agreed to that partner, and the plan says so."""
    consent = way.consent(service, to=partner, also=also)
    need = way.need(service)[service]
    with acting(way.manager):
        there = Organisation.objects.get(id=partner.id)
    return consent, way.plan(need, organisation=there)


def sent(
    world: World,
    *,
    way: Way | None = None,
    partner: Organisation | None = None,
    service: str = Service.MEDICAL,
    also: Iterable[str] = (),
    visum: bool = False,
) -> Sent:
    """A referral that waits for a partner."""
    partner = partner or world.hospital
    way = way or case(world)
    consent, item = planned_with(way, partner, service, also)
    return Sent(
        way, consent, item, refer(way, item, visum=visum), world.person(Role.PARTNER_OFFICER, partner)
    )


def refer(way: Way, item: PlanItem, *, visum: bool = False, referral_id: UUID | None = None) -> Referral:
    viewer = way.world.viewer(way.manager)
    with acting(way.manager):
        return actions.refer(
            viewer=viewer, dossier=way.dossier, item=PlanItem.objects.get(id=item.id), request=REQUEST,
            visum_wanted=visum, at=clock.now(), referral_id=referral_id,
        )  # fmt: skip


def withdraw(way: Way, consent: Consent) -> None:
    """She changes her mind."""
    viewer = way.world.viewer(way.manager)
    with acting(way.manager):
        found = Consent.objects.select_related("dossier", "client").get(id=consent.id)
        withdraw_consent(viewer=viewer, consent=found, at=clock.now())


def another(world: World, name: str = "RS Lain") -> Organisation:
    """A second partner."""
    return world.organisation(OrganisationKind.PARTNER, name, "31")


def table_of(way: Way) -> str:
    return table_read(way.world, way.manager, way.reference)


def table_read(world: World, user: User, reference: str) -> str:
    """The words of the table of needs, as somebody reads them."""
    page = world.client(user).get(f"/berkas/{reference}/").content.decode()
    tables = re.findall(r'<table class="list-table">.*?</table>', page, re.S)
    found = next(table for table in tables if "Terlaksana" in table)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))
