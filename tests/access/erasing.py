"""An erasure from the wish to its end, as tests need it."""

from typing import Any
from uuid import UUID

from ruangaman.access import actions, erasure
from ruangaman.access.models import DataKey, ErasureRequest
from ruangaman.access.states import ErasureBasis, Role
from ruangaman.kernel import clock, tickets
from tests.worlds import Filed, World, acting

TOLD = {
    "name": "Sekar Wangi Contoh",
    "phone": "0812-000-000",
    "hours": "siang",
    "place": "31.73.01",
    "story": "Cerita.",
}
SECTIONS = {"narrative", "thread", "reporter"}  # those that such a report fills: as many keys


def ask(world: World, filed: Filed) -> ErasureRequest:
    officer = world.person(Role.DATA_OFFICER)
    with acting(officer):
        return actions.ask_erasure(
            viewer=world.viewer(officer), dossier=filed.dossier, basis=ErasureBasis.REQUEST, at=clock.now()
        )


def approve(world: World, filed: Filed) -> None:
    request = ask(world, filed)
    head = world.person(Role.HEAD)
    with acting(head):
        actions.decide_erasure(viewer=world.viewer(head), request_id=request.id, approve=True, at=clock.now())


def carry_out(filed: Filed, *, purpose: str = "job_erasure", scope: UUID | None = None) -> bool:
    """The task's work, in the worker's role."""
    ticket = tickets.sign(purpose=purpose, scope=scope or filed.dossier.id, at=clock.now())
    with tickets.carry(ticket, using="worker"):
        return erasure.erase(dossier_id=filed.dossier.id, at=clock.now(), using="worker")


def erased(world: World, **told: Any) -> Filed:
    filed = world.file(**{**TOLD, **told})
    approve(world, filed)
    assert carry_out(filed)
    return filed


def live_keys(filed: Filed) -> int:
    return DataKey.objects.using("owner").filter(dossier_id=filed.dossier.id, wrapped__isnull=False).count()
