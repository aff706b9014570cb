"""The partners' endpoint held to its document for as long as one likes; each run draws other cases."""

import os
from collections.abc import Iterator

import pytest
import schemathesis

from ruangaman.intake.views import api as views
from tests.intake.applications import Application, application
from tests.intake.documented import hold, told
from tests.worlds import World

pytestmark = pytest.mark.long

EXAMPLES = int(4_000 * float(os.environ.get("LONG_SHARE", "1")))


@pytest.fixture(scope="module")
def app(lasting_world: World) -> Iterator[Application]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "WRONG_KEYS", 1_000_000)  # the tool tries wrong keys too
        yield application(lasting_world)


schema = told(EXAMPLES)


@schema.parametrize()
def test_the_endpoint_does_what_its_document_tells_and_nothing_else(
    case: schemathesis.Case, app: Application
) -> None:
    hold(case, app)
