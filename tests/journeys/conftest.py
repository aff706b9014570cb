"""A real browser on the real site."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.people import Visitors
from tests.journeys.running import Site, shared

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
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
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        told = "No browser for the journeys. On Debian or Ubuntu: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(told)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, headless=True, args=ARGUMENTS)
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
