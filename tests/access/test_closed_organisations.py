"""An organisation that closed reaches nothing, at the next statement."""

from django.db import connection

from ruangaman.access.models import Organisation
from ruangaman.access.states import Role
from tests.worlds import World, acting


def seen() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_dossier")
        return int(cursor.fetchone()[0])


def test_the_people_of_a_closed_organisation_see_no_dossier_any_more(world: World) -> None:
    world.file()
    with acting(world.person(Role.HEAD)):
        assert seen() == 1
        Organisation.objects.using("owner").filter(id=world.unit.id).update(is_active=False)
        assert seen() == 0
