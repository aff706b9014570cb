"""Letters for tests: a unit with a letterhead, a case with a client, all made up."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pypdfium2

from ruangaman.access.actions import join_team
from ruangaman.access.models import Organisation, User
from ruangaman.access.queries import dossier_by_reference
from ruangaman.access.states import Role, Stage
from ruangaman.consent.actions import record_consent
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Answer, Basis, Method, Service
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.papers.actions import letters, templates
from ruangaman.papers.models import Letter
from ruangaman.papers.policies.letters import Wanted
from ruangaman.papers.queries.letters import letter_by_id, template_of
from ruangaman.people.actions import add_person
from ruangaman.people.models import Person
from ruangaman.people.policies import Identity
from ruangaman.people.states import PersonRole, Relation
from tests.worlds import Filed, World, acting

CLIENT = "Rekasari Wulandari Uji"
NIK = "3173014107990001"
LOOK = {
    "lines": "PEMERINTAH PROVINSI CONTOH\nUPTD CONTOH\nJalan Contoh Nomor 1",
    "town": "Kota Contoh",
    "signer_title": "Kepala UPTD Contoh",
    "signer_name": "Contoh Pejabat, M.Si.",
    "signer_number": "19700101 199503 2 001",
    "scheme": "{nomor}/{kode}/UPTD/{bulan}/{tahun}",
}


def with_letterhead(world: World, **changed: str) -> None:
    head = world.person(Role.HEAD)
    with acting(head):
        templates.set_letterhead(
            viewer=world.viewer(head), unit_id=world.unit.id, unit_name=world.unit.name, at=clock.now(),
            **{**LOOK, **changed},
        )  # fmt: skip


def case_with_client(world: World) -> tuple[Filed, User]:
    """A case whose client was recorded, and its case manager."""
    filed, manager = world.file(), world.person(Role.CASE_MANAGER)
    supervisor = world.person(Role.SUPERVISOR)
    now = clock.now()
    with acting(supervisor):
        add_person(
            dossier=filed.dossier, role=PersonRole.CLIENT, identity=Identity(name=CLIENT, nik=NIK, sex="f"),
            relation=Relation.UNKNOWN, by=supervisor.id, at=now, person_id=new_id(),
        )  # fmt: skip
    world.move(filed, Stage.CASE)
    with acting(supervisor):
        join_team(
            dossier=filed.dossier, person=manager.id, role=Role.CASE_MANAGER,
            until=now.replace(year=now.year + 1), by=supervisor.id, at=now,
        )  # fmt: skip
    return filed, manager


def agreed(world: World, filed: Filed, manager: User, partner: Organisation) -> Consent:
    """The client agrees that a partner treats her: what it is told of her is number, identity and the referral."""
    world.rows("UPDATE people_person SET age_band = '25-59' WHERE section = 'identity'")
    viewer, now = world.viewer(manager), clock.now()
    with acting(manager):
        return record_consent(
            viewer=viewer, dossier=filed.dossier, client=Person.objects.get(section="identity"),
            service=Service.MEDICAL, recipient=Organisation.objects.get(id=partner.id), answer=Answer.GIVEN,
            basis=Basis.CLIENT, assent="", method=Method.SIGNED, until=now + timedelta(days=30), at=now,
        )  # fmt: skip


def issued(world: World, filed: Filed, user: User, letter_id: UUID | None = None, **wanted: Any) -> Letter:
    given = Wanted(
        **{"recipient": () if wanted["kind"] == "assignment" else ("Direktur RS Contoh",), **wanted}
    )
    viewer = world.viewer(user)
    with acting(user):
        dossier = dossier_by_reference(viewer, filed.reference)
        assert dossier is not None
        template = template_of(viewer, dossier.unit_id, given.kind)
        assert template is not None
        return letters.issue(
            viewer=viewer, dossier=dossier, template=template, wanted=given,
            letter_id=letter_id or new_id(), at=clock.now(),
        )  # fmt: skip


def text_of(content: bytes) -> str:
    """What a PDF says, in one line."""
    pages = pypdfium2.PdfDocument(content)
    said = "\n".join(page.get_textpage().get_text_range() for page in pages)
    return " ".join(said.replace("\u200b", "").replace("\ufffe", "").split())


def pdf_of(world: World, letter: Letter, user: User) -> bytes:
    viewer = world.viewer(user)
    with acting(user):
        found = letter_by_id(viewer, letter.id)
        assert found is not None
        return letters.take_letter(viewer=viewer, letter=found, at=clock.now())
