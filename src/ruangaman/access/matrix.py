"""The access matrix as data: read from policy/matrix.yaml once, compared with the database by a test."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

REACHES = ("unit", "grant", "scope")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one role may do with one section at one stage, and how far it reaches."""

    role: str
    reach: str
    stage: str
    section: str
    reads: bool
    writes: bool


@lru_cache(maxsize=1)
def cells() -> tuple[Cell, ...]:
    """This will give every cell that allows something.

    :raises ValueError: where the file names an unknown stage or reach, or a row has too few cells.
    """
    policy = yaml.safe_load(files("ruangaman.policy").joinpath("matrix.yaml").read_text())
    sections, stages = policy["sections"], policy["stages"]
    found = []
    for role, rows in policy["cells"].items():
        for name, marks in rows.items():
            reach, _, stage = name.partition(".")
            if reach not in REACHES or stage not in stages or len(marks) != len(sections):
                raise ValueError(f"policy/matrix.yaml: {role} {name} is not a row of this matrix.")
            for section, mark in zip(sections, marks, strict=True):
                if mark not in ("r", "w", "rw", "."):
                    raise ValueError(f"policy/matrix.yaml: {role} {name} {section}: {mark!r} is not a mark.")
                if mark != ".":
                    found.append(Cell(role, reach, stage, section, "r" in mark, "w" in mark))
    return tuple(found)


@lru_cache(maxsize=4096)
def allows(role: str, reach: str, stage: str, section: str, mode: str) -> bool:
    """This will say whether the matrix allows ``mode`` (``r`` or ``w``) in that cell."""
    wanted = (role, reach, stage, section)
    return any(
        (c.role, c.reach, c.stage, c.section) == wanted and (c.reads if mode == "r" else c.writes)
        for c in cells()
    )
