"""The OpenAPI document and what the endpoint does are one: each holds the other to its word."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as some
from jsonschema import Draft202012Validator, ValidationError, validators
from openapi_spec_validator import validate

from ruangaman.intake.policies import delivering as policies
from ruangaman.intake.policies.delivering import FIELDS, REPORTER, Field, Kind, read
from ruangaman.intake.policies.openapi import document, group
from ruangaman.intake.views import api as views
from tests.intake.applications import REPORTS, Application, application, told
from tests.intake.documented import as_documented, hold
from tests.intake.documented import told as documented
from tests.worlds import World

ADDRESS = "http://testserver"


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    """As ECMAScript reads it: the end is the very end."""
    if isinstance(value, str) and not re.search(pattern.replace("$", r"\Z"), value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


Judge = validators.extend(Draft202012Validator, {"pattern": _pattern})
REPORT = Judge(group(FIELDS))
# What people paste and machines break: marks that turn the writing, blanks of every kind, nothing at all.
ODD = some.sampled_from(
    ["", " ", "\n", "\0", "\u202e", "\u200b\u200b", "\ufffd", "\u00a0", "a\n", "31.73", "31.73.", "24:00", "09:00",
     "kata\r\nlain", "😀", "x" * 41, "x" * 201, "x" * 20_001, "JA-1\n", "../..", "monday"]
)  # fmt: skip
TEXT = some.one_of(ODD, some.text(max_size=70))
WILD: some.SearchStrategy[Any] = some.recursive(
    some.one_of(some.none(), some.booleans(), some.integers(), some.floats(allow_nan=False), TEXT),
    lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=4,
)


def fitting(one: Field) -> some.SearchStrategy[Any]:
    """Values that a field's kind suggests; the text itself may be odd."""
    if one.kind == Kind.TEXT:
        return some.one_of(some.just(one.example or "kata"), TEXT)
    if one.kind == Kind.CHOICE:
        return some.sampled_from(one.choices)
    if one.kind == Kind.CHOICES:
        return some.lists(some.sampled_from(one.choices), max_size=4)
    return some.booleans() if one.kind == Kind.YES_NO else bodies(one.fields)


def bodies(fields: tuple[Field, ...]) -> some.SearchStrategy[dict[str, Any]]:
    """An object with some of the fields, some of them wrong, and now and then a name that is none."""
    known = some.fixed_dictionaries(
        {one.name: fitting(one) for one in fields if one.required},
        optional={
            one.name: some.one_of(fitting(one), fitting(one), WILD) for one in fields if not one.required
        },
    )
    names = some.one_of(
        TEXT, some.sampled_from(["storys", "__proto__", "a/b~c", *(one.name for one in fields)])
    )
    strange = some.dictionaries(names, WILD, max_size=1)
    fewer = some.builds(lambda body, gone: {k: v for k, v in body.items() if k != gone}, known, names)
    return some.one_of(known, known, fewer, some.builds(lambda a, b: {**a, **b}, known, strange))


@given(some.one_of(bodies(FIELDS), bodies(FIELDS), WILD))
@settings(max_examples=600)
def test_what_the_document_allows_is_read_and_nothing_else(body: Any) -> None:
    sent = read(body)
    allowed = not list(REPORT.iter_errors(body))
    # The only rule that a schema can't say: the hours are in order.
    hours = (
        body.get("reporter", {}) if isinstance(body, dict) and isinstance(body.get("reporter"), dict) else {}
    )
    in_order = not allowed or hours.get("from_time", "") < hours.get("until_time", "~")
    assert (not sent.problems) == (allowed and in_order), (sent.problems, body)


@given(bodies(FIELDS))
@settings(max_examples=200)
def test_each_problem_names_a_field_and_says_what_to_do(body: dict[str, Any]) -> None:
    for problem in read(body).problems:
        assert problem.pointer == "#" or problem.pointer.startswith("#/")
        assert problem.detail.endswith(".") or problem.detail.endswith(", ".join(policies.DAYS))


def test_the_document_is_a_valid_openapi_document() -> None:
    made = document(server=ADDRESS)
    validate(made)
    assert made["openapi"].startswith("3.1")
    for one in (*FIELDS, *REPORTER):
        assert str(one.says), one.name


def test_the_document_is_public_and_is_the_one_that_is_used(lasting_world: World) -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200 and not answer.cookies
    assert answer.json() == json.loads(json.dumps(document(server=ADDRESS)))


def test_no_field_asks_for_what_is_never_asked() -> None:
    """Source: care.md 12, 14: no parent's name or number, no picture, no identity number."""
    names = {one.name for one in (*FIELDS, *REPORTER)}
    assert not names & {
        "nik",
        "photo",
        "picture",
        "file",
        "attachments",
        "parent",
        "address",
        "location",
        "victim",
    }


schema = documented(examples=60)


# --- over HTTP ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def app(lasting_world: World) -> Iterator[Application]:
    with pytest.MonkeyPatch.context() as patch:
        # The tool tries wrong keys too; how many are borne is tried in test_api.
        patch.setattr(views, "WRONG_KEYS", 1_000_000)
        yield application(lasting_world, name="Jakarta Aman")


@schema.parametrize()
def test_the_endpoint_does_what_its_document_tells_and_nothing_else(
    case: schemathesis.Case, app: Application
) -> None:
    hold(case, app)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b" ", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"number": "\\ud800"}', 400),
        (b"[" * 100_000, 400),
        (b'{"a": NaN}', 400),
        (b'{"number": "A", "number": "B"}', 400),
        (b'{"a": ' + b"9" * 5000 + b"}", 400),
        (b'"' + b"a" * policies.LARGEST_BODY + b'"', 413),
        (b"null", 422),
        (b"[]", 422),
        (b'"\\u0000"', 422),
        (b"1e400", 422),
    ],
)
def test_broken_bodies_are_told_so_in_json(app: Application, body: bytes, status: int) -> None:
    answer = app.send(body)
    assert answer.status_code == status
    as_documented(schema, answer, REPORTS, "POST")


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "",
    ],
)
def test_another_content_type_is_told_so_in_json(app: Application, kind: str) -> None:
    answer = app.send(json.dumps(told()), content_type=kind)
    assert answer.status_code == 415
    as_documented(schema, answer, REPORTS, "POST")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", REPORTS, 405),
        ("PUT", REPORTS, 405),
        ("OPTIONS", REPORTS, 405),
        ("DELETE", f"{REPORTS}JA-1/", 405),
        ("POST", "/api/v1/openapi.json", 405),
        ("POST", "/api/v1/laporan", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/api/v2/laporan/", 404),
        ("GET", f"{REPORTS}%00/", 404),
        ("GET", f"{REPORTS}{'9' * 900}/", 404),
        ("GET", f"{REPORTS}JA-1/?a=%00", 404),
    ],
)
def test_a_program_is_never_answered_with_a_page(
    app: Application, method: str, path: str, status: int
) -> None:
    answer = Client(raise_request_exception=False).generic(
        method, path, headers={"Authorization": f"Bearer {app.secret}"}
    )
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert "<" not in answer.content.decode()
    if status == 405:
        assert answer["Allow"]


def test_the_longest_story_that_is_allowed_goes_in_whichever_way_it_is_written(app: Application) -> None:
    story = "😀" * policies.LONGEST_STORY
    body = json.dumps(told("LONG-1", story=story))  # twelve bytes a letter
    assert len(body) < policies.LARGEST_BODY
    assert app.send(body).status_code == 201
    too_long = app.send(told("LONG-2", story=story + "a"))
    assert too_long.status_code == 422
    assert [one["pointer"] for one in too_long.json()["errors"]] == ["#/story"]


def test_a_thousand_unknown_fields_are_each_named_and_nothing_is_kept(
    app: Application, unchanged: None
) -> None:
    answer = app.send({**told("MANY-1"), **{f"x{turn}": turn for turn in range(1000)}})
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 1000


def test_marks_that_turn_the_writing_are_taken_out(lasting_world: World, app: Application) -> None:
    answer = app.send(told("MARKS-1", reporter={"name": "\u202eanaK\u202c"}))
    assert answer.status_code == 201
    assert policies.clean("\u202eanaK\u202c") == "anaK"


def test_a_place_that_is_nowhere_is_named(app: Application, unchanged: None) -> None:
    answer = app.send(told("PLACE-1", place="99.99"))
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["#/place"]
