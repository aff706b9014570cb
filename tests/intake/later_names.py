"""Who comes later and who takes another name, and what they read of a report about staff, for tests."""

from uuid import uuid4

from ruangaman.access.models import Organisation, User, Wall
from ruangaman.access.states import Role
from ruangaman.intake import jobs
from tests.access.filled import tried
from tests.intake.handing_on import every_minute
from tests.worlds import Filed, World, acting

NAME = "Bambang Prasetyo"
TABLES = ("intake_report", "intake_story", "intake_thread", "access_datakey", "access_dossier", "access_wall")


def compare() -> None:
    every_minute(jobs.compare_later_names)


def comes(world: World, name: str, role: Role = Role.SUPERVISOR, where: Organisation | None = None) -> User:
    """An account is made and given a seat, as the owner does it."""
    person = User(email=f"{uuid4().hex[:8]}@unit.example", name=name)
    person.set_unusable_password()
    person.save(force_insert=True, using="owner")
    world.seat(person, where or world.unit, role)
    return person


def renamed(person: User, name: str) -> None:
    """Somebody changes their name, as they may themselves."""
    with acting(person):
        assert User.objects.filter(id=person.id).update(name=name) == 1


def reads(world: World, person: User, filed: Filed) -> bool:
    """Whether a page opens; what SQL gives must agree."""
    status = world.client(person).get(f"/berkas/{filed.reference}/").status_code
    assert status in (200, 404)
    with acting(person):
        there = tried("SELECT 1 FROM access_dossier WHERE id = %s", [filed.dossier.id]) == [(1,)]
        if not there:
            for table in TABLES:
                column = "id" if table == "access_dossier" else "dossier_id"
                assert tried(f"SELECT 1 FROM {table} WHERE {column} = %s", [filed.dossier.id]) == [], table
    assert there == (status == 200)
    return there


def walls(filed: Filed, person: User) -> int:
    return (
        Wall.objects.using("owner")
        .filter(dossier_id=filed.dossier.id, person_id=person.id, lifted_at=None)
        .count()
    )
