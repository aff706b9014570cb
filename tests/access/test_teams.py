"""Who looks after a team by a grant."""

import pytest
from django.db import DatabaseError, connection

from ruangaman.access.states import Role, Section
from tests.worlds import World, acting


def test_a_case_manager_puts_together_the_team_of_her_own_dossier_and_of_no_other(world: World) -> None:
    manager, companion = world.person(Role.CASE_MANAGER), world.person(Role.COMPANION)
    hers, other = world.file(), world.file()
    world.grant(hers, manager.id, Section.TEAM, writes=True)
    world.grant(hers, manager.id, Section.ADMINISTRATION)
    sql = (
        "INSERT INTO access_grant (id, dossier_id, unit_id, stage, section, principal_id, writes, source, given_by_id, "
        "given_at, until) VALUES (gen_random_uuid(), %s, %s, 'intake', 'narrative', %s, false, 'team', %s, now(), "
        "now() + interval '1 day')"
    )
    with acting(manager), connection.cursor() as cursor:
        cursor.execute(sql, [hers.dossier.id, world.unit.id, companion.id, manager.id])
        cursor.execute("SELECT count(*) FROM access_grant WHERE principal_id = %s", [companion.id])
        assert cursor.fetchone() == (1,)
    with pytest.raises(DatabaseError), acting(manager), connection.cursor() as cursor:
        cursor.execute(sql, [other.dossier.id, world.unit.id, companion.id, manager.id])
    with pytest.raises(DatabaseError), acting(manager), connection.cursor() as cursor:
        cursor.execute(sql, [hers.dossier.id, world.unit.id, companion.id, companion.id])
