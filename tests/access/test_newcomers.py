"""A new account comes from the page that makes it to its first role."""

from ruangaman.access import queries
from ruangaman.access.models import User
from ruangaman.access.states import Role
from tests.worlds import World, acting


def test_a_new_account_is_made_shown_and_given_its_first_role_by_two_persons(world: World) -> None:
    admin, head = (world.client(world.person(role)) for role in (Role.ADMINISTRATOR, Role.HEAD))
    assert (
        admin.post("/kelola/orang/", {"name": "Orang Baru", "email": "baru@unit.example"}).status_code == 302
    )
    assert "Orang Baru" in admin.get("/kelola/orang/").content.decode()
    made = User.objects.get(email="baru@unit.example")
    wanted = {"kind": "give", "user": made.id, "organisation": world.unit.id, "role": Role.COMPANION}
    assert admin.post("/kelola/peran/", wanted).status_code == 302
    ((proposal,),) = world.rows("SELECT id FROM access_powerproposal")
    assert head.post(f"/kelola/peran/{proposal}/setuju/").status_code == 302
    assert world.rows("SELECT role FROM access_membership WHERE user_id = %s", [made.id]) == [("companion",)]


def test_only_who_looks_after_people_is_told_of_newcomers(world: World) -> None:
    User(email="baru@unit.example", name="Orang Baru").save(force_insert=True, using="owner")
    lookers = {Role.ADMINISTRATOR, Role.HEAD}
    for role in Role.values:
        person = world.person(role)
        viewer = world.viewer(person)
        with acting(person):
            names = {account.name for account in queries.accounts(viewer)}
        assert ("Orang Baru" in names) == (role in lookers), role


def test_the_people_of_another_unit_are_no_newcomers(world: World) -> None:
    stranger, admin = world.person(Role.COMPANION, world.other), world.person(Role.ADMINISTRATOR)
    viewer = world.viewer(admin)
    with acting(admin):
        assert stranger not in queries.accounts(viewer)
