"""What tests of intake share."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def unchanged(lasting_world: Any) -> Iterator[None]:
    """Not a row more in any table of reports."""
    from tests.intake.sending import TABLES

    before = [lasting_world.rows(f"SELECT count(*) FROM {table}") for table in TABLES]
    yield
    assert [lasting_world.rows(f"SELECT count(*) FROM {table}") for table in TABLES] == before
