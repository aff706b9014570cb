"""A real browser on the real site."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys import chromium, elsewhere
from tests.journeys.people import Visitors
from tests.journeys.running import Site, shared

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "journey: in a real browser, on the real site")


def pytest_itemcollected(item: pytest.Item) -> None:
    if HERE in item.path.parents:
        item.add_marker(pytest.mark.journey)


@pytest.fixture(
    scope="module"
)  # while it is open a loop runs in this thread, and Django's ORM refuses to work
def browser() -> Iterator[Browser]:
    found = chromium.program()
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(chromium.MISSING)
    with elsewhere.served() as weather, sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=found, headless=True, args=[*chromium.ARGUMENTS, *weather]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Site:
    return shared(request.config)


@pytest.fixture
def visitors(browser: Browser, site: Site) -> Iterator[Visitors]:
    """Opens browsers for people, and says at the end what went wrong in any of them."""
    site.forget_limits()
    made = Visitors(browser, site)
    yield made
    made.close()
