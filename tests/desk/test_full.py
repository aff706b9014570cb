"""The page of a file in which everything happened: whole, and in a bounded number of questions."""

import pytest

from ruangaman.access.states import Role
from tests.desk.full import everything, more_of_it
from tests.desk.questions import asked_by
from tests.worlds import World

# One indexed question for each table that has a section of its own, and never one for a row.
AT_MOST = 34


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.COMPANION, Role.SUPERVISOR, Role.HEAD])
def test_the_whole_page_asks_as_few_questions_for_much_as_for_little(world: World, role: str) -> None:
    story = everything(world)
    client = world.client(world.person(role))
    few, page = asked_by(client, f"/berkas/{story.filed.reference}/", at_most=AT_MOST)
    assert "risiko tinggi" in page
    assert "13–17 th" in page
    # The companion may not read what was said in a session, but knows that there was one.
    assert 'steps__step--done">Layanan' in page
    more_of_it(story)
    many, page = asked_by(client, f"/berkas/{story.filed.reference}/", at_most=AT_MOST)
    assert many <= few


def test_safety_comes_before_everything_else(world: World) -> None:
    story = everything(world)
    _many, page = asked_by(world.client(story.manager), f"/berkas/{story.filed.reference}/", at_most=AT_MOST)
    safety = page.index("Temui di sekolah, Selasa pagi.")
    assert safety < page.index('class="steps"') < page.index('class="file__work"')
    assert "safety--high" in page[:safety]
