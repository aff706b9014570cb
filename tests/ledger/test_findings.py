"""What a check finds is told in the language of whoever reads the page."""

import ast
import inspect

import pytest
from django.utils.translation import override

from ruangaman.ledger import sealing
from ruangaman.ledger.queries import finding
from ruangaman.ledger.states import FINDINGS

ENTRY = "01970000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("id", f"segel 3, catatan {ENTRY} (urutan 2): catatan ini diubah atau disisipkan"),
        ("en", f"seal 3, entry {ENTRY} (place 2): the entry was altered or inserted"),
    ],
)
def test_a_finding_is_told_in_the_readers_language(language: str, told: str) -> None:
    with override(language):
        assert finding(f"seal 3, entry {ENTRY} (place 2)", "the entry was altered or inserted") == told


def test_a_missing_seal_is_told_in_indonesian() -> None:
    with override("id"):
        assert finding("seal 5", "seal 4 is missing") == "segel 5: segel 4 hilang"


def test_whatever_the_check_of_a_running_service_says_can_be_told() -> None:
    sentences = {
        node.value
        for function in (sealing.verify, sealing._compare)
        for node in ast.walk(ast.parse(inspect.getsource(function)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.startswith(("the ", "an ", "entries "))
    }
    # A checkpoint is only ever looked at from the command line.
    of_checkpoints = {
        sentence for sentence in sentences if "checkpoint" in sentence or "no longer" in sentence
    }
    assert len(of_checkpoints) == 2
    assert sentences - of_checkpoints == set(FINDINGS)
