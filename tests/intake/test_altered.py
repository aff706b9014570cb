"""What was altered in the database is said in its place, and the rest of a page stays readable."""

import pytest

from ruangaman.access.states import Role
from tests.worlds import World

FLIPPED = "set_byte({0}, length({0}) - 1, (get_byte({0}, length({0}) - 1) + 1) %% 256)"


@pytest.mark.parametrize(
    ("table", "field"),
    [("intake_story", "text"), ("intake_safecontact", "phone"), ("people_person", "initials")],
)
def test_an_altered_part_does_not_take_the_page_with_it(world: World, table: str, field: str) -> None:
    filed = world.file(name="Nama Rekaan", phone="0800-000-0000", story="Cerita yang rekaan.")
    world.rows(f"UPDATE {table} SET {field} = {FLIPPED.format(field)}")
    page = world.client(world.person(Role.INTAKE_OFFICER)).get(f"/berkas/{filed.reference}/")
    assert page.status_code == 200
    assert ("Tidak terbaca" in page.content.decode()) or ("?" in page.content.decode())
    assert ("Cerita yang rekaan." in page.content.decode()) == (table != "intake_story")


def test_an_altered_thread_gives_its_reporter_a_sentence(world: World) -> None:
    filed = world.file()
    world.rows(f"UPDATE intake_thread SET code_wrap = {FLIPPED.format('code_wrap')}")
    client = world.client()
    client.post("/cek/", {"code": str(filed.code)})
    page = client.get("/cek/")
    assert page.status_code == 409
    assert "Percakapan ini tidak terbaca" in page.content.decode()
