"""Every example of docs/api.md, run in a shell as it stands there, is answered as it says there."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from ruangaman.intake.policies.openapi import document
from tests.intake.applications import application
from tests.worlds import World

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/api.md").read_text()
BLOCK = re.compile(r"^```(sh|http|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CURL = f'curl() {{ {sys.executable} {Path(__file__).with_name("curling.py")} "$@"; }}\n'


@dataclass
class Example:
    """What is typed, and what comes back."""

    typed: str
    answer: str


def examples() -> list[Example]:
    """The shell blocks that call, each with the answer right below it."""
    blocks = BLOCK.findall(PAGE)
    return [
        Example(text, blocks[turn + 1][1] if blocks[turn + 1][0] == "http" else "")
        for turn, (kind, text) in enumerate(blocks)
        if kind == "sh" and "curl" in text
    ]


class Quiet(WSGIRequestHandler):
    """Prints no line for each request."""

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(lasting_world: World) -> Iterator[dict[str, str]]:
    """The application on an address, and a partner's key: the two names that the examples use."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)

    def run() -> None:
        server.serve_forever()
        connections.close_all()

    thread = Thread(target=run)
    thread.start()
    key = application(lasting_world, name="Jakarta Aman").secret
    yield {"AMAN": f"http://127.0.0.1:{server.server_port}", "KEY": key, "PATH": "/usr/bin:/bin"}
    server.shutdown()
    thread.join()
    server.server_close()


def parted(text: str) -> tuple[str, dict[str, str], Any]:
    """The first line, the headers and the body of an answer."""
    head, _blank, body = text.partition("\n\n")
    first, *lines = head.splitlines()
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    told = json.loads(body)
    told.pop("title", None)
    return first, headers, told


def fits(told: Any, real: Any) -> bool:
    """Whether an answer is the one that is told, where … stands for any text."""
    if isinstance(told, dict):
        return (
            isinstance(real, dict)
            and told.keys() == real.keys()
            and all(fits(told[k], real[k]) for k in told)
        )
    if isinstance(told, list):
        return isinstance(real, list) and len(told) == len(real) and all(map(fits, told, real))
    if isinstance(told, str) and isinstance(real, str):
        return re.fullmatch(".+".join(map(re.escape, told.split("…"))), real, re.DOTALL) is not None
    return bool(told == real)


def _status_of(line: str) -> str:
    """The number alone: servers and versions of Python word the rest as they like."""
    return line.split(" ")[1]


def test_every_example_of_the_page_is_answered_as_the_page_says(site: dict[str, str]) -> None:
    """In the order of the page: what comes later rests on what was sent before."""
    for one in examples():
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", CURL + one.typed], env=site, capture_output=True, timeout=60
        )
        assert ran.returncode == 0, (one.typed, ran.stderr.decode())
        last = "HTTP/1.1 " + ran.stdout.decode().rpartition("HTTP/1.1 ")[2]
        told, real = parted(one.answer), parted(last)
        assert _status_of(real[0]) == _status_of(told[0]), (one.typed, last)
        assert told[1].items() <= real[1].items(), (one.typed, last)
        assert fits(told[2], real[2]), (one.typed, last)


def test_there_is_an_example_of_each_case_that_a_client_meets() -> None:
    answers = [_status_of(one.answer.split("\n", 1)[0]) for one in examples() if one.answer]
    assert len(answers) == len(examples()), "an example without its answer"
    assert {"200", "201", "401", "404", "409", "413", "422", "429"} <= set(answers)


def test_the_page_tells_what_to_do_at_every_status_that_the_document_names() -> None:
    made = document(server="https://aman.example")
    named = {
        status
        for path in made["paths"].values()
        for method in path.values()
        for status in method["responses"]
    }
    told = {
        status for row in re.findall(r"^\| ([0-9, ]+) \|", PAGE, re.MULTILINE) for status in row.split(", ")
    }
    assert told == named - {"200", "201"}


@pytest.mark.parametrize(
    ("told", "real", "is_it"),
    [
        ("kata …", "kata lain", True),
        ("kata …", "kata", False),
        ({"a": ["…"]}, {"a": ["x", "y"]}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
    ],
)
def test_an_answer_that_differs_does_not_fit(told: Any, real: Any, is_it: bool) -> None:
    assert fits(told, real) is is_it
