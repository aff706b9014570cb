"""What the tests of the house read: the rooms in their order, and the files in them."""

import ast
import re
import subprocess
import tomllib
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "ruangaman"


@lru_cache(maxsize=1)
def rooms() -> tuple[str, ...]:
    """The rooms in the order in which a case travels, as the import contract lists them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    order = next(c for c in contracts if c.get("containers") == ["ruangaman"])["layers"]
    return tuple(reversed(order))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def place(path: Path) -> str:
    """``room/module.py``"""
    return str(path.relative_to(PACKAGE))


def is_later(room: str, than: str) -> bool:
    return rooms().index(room) > rooms().index(than)


def python_files(*, migrations: bool = False) -> list[Path]:
    """Every module of the product."""
    found = sorted(PACKAGE.rglob("*.py"))
    return found if migrations else [path for path in found if "migrations" not in path.parts]


@lru_cache(maxsize=512)
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def templates() -> dict[str, Path]:
    """Every template, by the name it is asked for."""
    found = {}
    for folder in PACKAGE.glob("*/templates"):
        found |= {str(path.relative_to(folder)): path for path in folder.rglob("*.html")}
    return found


def committed_texts() -> list[Path]:
    """Every file of the repository that a person may read as text, also those not yet committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and b"\0" not in path.read_bytes()[:8000]:
            found.append(path)
    return found


def said_at(path: Path, number: int) -> str:
    return f"{path.relative_to(ROOT)}:{number}"


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Where a pattern stands, as ``path:line``."""
    return [
        said_at(path, number)
        for path in paths
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
