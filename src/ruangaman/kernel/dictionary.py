"""The data dictionary: policy/data.yaml as data. Erasure, checks and the data officer's page all read it here."""

from dataclasses import astuple, dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

KINDS = ("sensitivity", "sealing", "retention", "basis", "on_erasure")


@dataclass(frozen=True, slots=True)
class Line:
    """What is promised about one field: five codes, each explained by ``codes()``."""

    sensitivity: str
    sealing: str
    retention: str
    basis: str
    on_erasure: str


def lines() -> dict[str, Line]:
    """This will give the line of each model field, by ``app.model.field``.

    :raises ValueError: where a line has not five codes, or one that the file does not explain.
    """
    return _lines("fields")


def columns() -> dict[str, Line]:
    """This will give the line of each column that no model knows, by ``table.column``.

    :raises ValueError: where a line has not five codes, or one that the file does not explain.
    """
    return _lines("columns")


def codes() -> dict[str, dict[str, dict[str, Any]]]:
    """This will give each code with its meaning: kind, code, then ``id`` and ``en`` and, for terms, ``minutes``."""
    meanings: dict[str, dict[str, dict[str, Any]]] = _policy()["codes"]
    return meanings


def _lines(part: str) -> dict[str, Line]:
    known = codes()
    found = {}
    for name, values in _policy()[part].items():
        if len(values) != len(KINDS):
            raise ValueError(f"policy/data.yaml: {name} has {len(values)} codes, not {len(KINDS)}.")
        line = Line(*values)
        for kind, code in zip(KINDS, astuple(line), strict=True):
            if code not in known[kind]:
                raise ValueError(f"policy/data.yaml: {name}: {code!r} is no {kind}.")
        found[name] = line
    return found


class _OnceOnly(yaml.SafeLoader):
    """YAML lets a later line replace an earlier one without a word; a dictionary must not."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _value in node.value]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"policy/data.yaml: {name} stands there twice.")
        return super().construct_mapping(node, deep)


@lru_cache(maxsize=1)
def _policy() -> dict[str, Any]:
    text = files("ruangaman.policy").joinpath("data.yaml").read_text(encoding="utf-8")
    # A SafeLoader with one rule more: it makes plain values only.
    policy: dict[str, Any] = yaml.load(text, Loader=_OnceOnly)  # noqa: S506
    return policy
