"""Numbers of letters under many hands at once: none twice, none left out, whoever fails."""

import random
import threading
from typing import Any

from django.db import connections, transaction

from ruangaman.papers.models import Letter, Paper, Series
from tests.papers.lettering import case_with_client, issued, with_letterhead
from tests.worlds import World

HANDS = 16
LETTERS = 6  # each


class Failed(Exception):
    """What goes wrong after a letter was written and before it is committed."""


def test_sixteen_issue_at_once_and_some_fail_and_no_number_is_missing_or_twice(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    wrong: list[BaseException] = []

    def work(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _letter in range(LETTERS):
                try:
                    _one(world, filed, manager, fails=chance.random() < 0.35)
                except Failed:
                    continue
        except BaseException as error:
            wrong.append(error)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=work, args=(seed,)) for seed in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert not wrong, wrong[0]
    serials = sorted(Letter.objects.using("owner").values_list("serial", flat=True))
    numbers = set(Letter.objects.using("owner").values_list("number", flat=True))
    assert 0 < len(serials) < HANDS * LETTERS  # some failed, most did not
    assert serials == list(range(1, len(serials) + 1)) and len(numbers) == len(serials)
    assert Series.objects.using("owner").get().last == len(serials)
    assert Paper.objects.using("owner").count() == len(serials)


def _one(world: World, filed: Any, manager: Any, *, fails: bool) -> None:
    from tests.worlds import acting

    with acting(manager), transaction.atomic():
        issued(world, filed, manager, kind="assignment")
        if fails:
            raise Failed
