from typing import Any

import pytest


@pytest.fixture
def story(world: Any) -> Any:
    """A case of a girl of 15, in a unit of its own."""
    from tests.closure.stories import a_case

    return a_case(world)
