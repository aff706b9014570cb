"""The endpoint held to the OpenAPI document that it serves: what is sent is drawn from that document alone."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any

import httpx
import schemathesis
from django.core.wsgi import get_wsgi_application
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi import checks

from ruangaman.intake.policies import delivering as policies
from ruangaman.intake.policies.openapi import document
from tests.intake.applications import Application
from tests.intake.applications import told as delivered

ADDRESS = "http://localhost"
PLACE = "31.73.01"
NUMBERS: Iterator[int] = count()
CONFORMS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
REFUSED = [400, 401, 404, 405, 413, 415, 422]


def told(examples: int) -> BaseSchema:
    """The document, and how much of it is tried.

    Tests are made from it before there is a database; test_api_document holds it to what is served.
    """
    config = schemathesis.Config.from_dict(
        {
            "generation": {"mode": "all", "max-examples": examples, "database": "none"},
            "phases": {"stateful": {"enabled": False}},
            "checks": {
                # A number in the right form that nobody gave is 404.
                "positive_data_acceptance": {"expected-statuses": [200, 201, 404]},
                "negative_data_rejection": {"expected-statuses": REFUSED},
            },
        }
    )
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(document(server=ADDRESS))), config=config)
    schema.app = _site
    return schema


def _site(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """The application, made with the first request: tests are collected before there is an installation."""
    return _application()(environ, start)


@cache
def _application() -> Any:
    return get_wsgi_application()


def hold(case: schemathesis.Case, app: Application) -> None:
    """Send one case with a key that is in force, and hold the answer to the document in every way there is."""
    if isinstance(case.body, dict):
        case.body = meant(case.body)
    number = case.path_parameters.get("number")
    if _has_form(policies.NUMBER, number) and len(number) % 2:
        case.path_parameters["number"] = _given(app)
    case.call_and_validate(headers={"Authorization": f"Bearer {app.secret}"})


def meant(body: dict[str, Any]) -> dict[str, Any]:
    """The same body with a new number, a place that is there and hours in order, where each has its form already.

    That is what a schema can't say. What the document allows stays allowed, and what it forbids forbidden.
    """
    made = dict(body)
    if _has_form(policies.NUMBER, made.get("number")):
        made["number"] = f"S-{next(NUMBERS)}"
    if _has_form(policies.PLACE, made.get("place")):
        made["place"] = PLACE
    reporter = made.get("reporter")
    if isinstance(reporter, dict) and all(
        _has_form(policies.HOUR, reporter.get(name)) for name in ("from_time", "until_time")
    ):
        made["reporter"] = {**reporter, "from_time": "08:00", "until_time": "16:30"}
    return made


@cache
def _given(app: Application) -> str:
    """A number under which that application has handed a report over."""
    assert app.send(delivered("GIVEN-1")).status_code == 201
    return "GIVEN-1"


def _has_form(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def as_documented(schema: BaseSchema, answer: Any, path: str, method: str) -> None:
    """That an answer of Django's own client is one that the document tells, of its type and of its form."""
    operation = schema[path][method]
    request = httpx.Request(method, f"http://testserver{answer.wsgi_request.path}")
    told = httpx.Response(
        answer.status_code, headers=list(answer.items()), content=answer.content, request=request
    )
    told.elapsed = timedelta()  # it was not waited for
    operation.Case().validate_response(told, checks=CONFORMS)
