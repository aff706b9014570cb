"""That an interpreter is needed is said before an appointment is made, and on its page (care.md 23)."""

from ruangaman.access.states import Role
from ruangaman.people.policies.profiles import Support
from ruangaman.people.states import Language
from tests.agenda.booked import case
from tests.people.profiles import tell
from tests.worlds import World

SAID = "Juru bahasa isyarat diperlukan (BISINDO)"
DEAF = Support(interpreter=Language.BISINDO.value)
LOOKS = "SELECT count(*) FROM ledger_entry WHERE verb = 'opened' AND 'support' = ANY (fields_named)"


def test_care_23_the_page_that_makes_an_appointment_says_that_an_interpreter_is_needed(world: World) -> None:
    made = case(world)
    page = world.client(made.manager)
    where = f"/agenda/{made.filed.reference}/baru/"
    assert SAID not in page.get(where).content.decode()
    tell(world, made.filed, made.manager, made.client, DEAF)
    assert world.rows(LOOKS) == [(0,)]
    text = page.get(where).content.decode()
    assert f"{SAID}: Klien · R. W." in text
    assert world.rows(LOOKS) == [(1,)]  # what is shown was opened


def test_care_23_the_page_of_an_appointment_says_it_of_those_who_sit_in_it(world: World) -> None:
    made = case(world)
    tell(world, made.filed, made.manager, made.client, DEAF)
    hers, others = made.book(made.client), made.book(made.witness, starts_at=made.at(8, 9))
    page = world.client(made.manager)
    assert SAID in page.get(f"/agenda/{hers.id}/").content.decode()
    assert SAID not in page.get(f"/agenda/{others.id}/").content.decode()


def test_what_does_not_open_is_said_and_the_page_stays(world: World) -> None:
    made = case(world)
    tell(world, made.filed, made.manager, made.client, DEAF)
    world.rows("UPDATE people_profile SET told = '\\x00'")
    answer = world.client(made.manager).get(f"/agenda/{made.filed.reference}/baru/")
    assert answer.status_code == 200
    assert "tidak terbaca" in answer.content.decode()


def test_who_may_not_read_what_she_needs_is_not_told(world: World) -> None:
    made = case(world)
    tell(world, made.filed, made.manager, made.client, DEAF)
    officer = world.person(Role.INTAKE_OFFICER)
    assert SAID not in world.client(officer).get(f"/berkas/{made.filed.reference}/").content.decode()
