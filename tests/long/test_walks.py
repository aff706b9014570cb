"""A thousand restless walks through the public form; each run takes others, and tells its seed where one goes wrong."""

import os
import secrets

import pytest

from tests.intake.walking import walk_all
from tests.worlds import World

pytestmark = pytest.mark.long

WALKS = int(1_000 * float(os.environ.get("LONG_SHARE", "1")))
SEED = int(os.environ.get("WALK_SEED", "0")) or secrets.randbelow(10**9)


def test_a_thousand_walks_lose_double_and_leave_nothing(world: World) -> None:
    walk_all(world, WALKS, SEED)
