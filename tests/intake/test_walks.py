"""However somebody walks through the form: not one report lost or doubled, not one draft readable after its time.

A thousand walks are in tests/long; here as many as a minute bears.
"""

from tests.intake.walking import shorter, walk_all
from tests.worlds import World

WALKS, SEED = 60, 20_261_122


def test_restless_walks_lose_double_and_leave_nothing(world: World) -> None:
    walk_all(world, WALKS, SEED)


def test_a_walk_that_goes_wrong_is_told_as_short_as_it_can_be() -> None:
    moves = [(name,) for name in "abcdefghij"]

    def wrong(tried: object) -> AssertionError | None:
        return AssertionError("c before h") if {("c",), ("h",)} <= set(tried) else None  # type: ignore[call-overload]

    assert shorter(moves, wrong)[0] == [("c",), ("h",)]
