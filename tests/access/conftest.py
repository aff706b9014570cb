"""What tests of erasure and of keys put back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from ruangaman.kernel import destructions, keyring


@pytest.fixture
def record_of_destructions() -> Iterator[Path]:
    """The record outside the database: empty before, empty after."""
    path = Path(settings.RUANGAMAN_KEYS) / destructions.FILE_NAME
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def keys(record_of_destructions: Path) -> Iterator[Path]:
    """The folder of the keyring, which is put back afterwards: the tests of a process share it."""
    folder = Path(settings.RUANGAMAN_KEYS)
    before = keyring.read(folder)
    yield folder
    keyring.write(before, folder)
