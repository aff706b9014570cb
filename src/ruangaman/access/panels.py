"""How rooms contribute to the page of a dossier: each registers a function at start-up; the desk puts them together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page: its template, its title, and the finished values it shows."""

    template: str
    title: Any
    context: dict[str, Any] = field(default_factory=dict)
    opens: str = ""  # the section whose sealed text it shows: the page records that it was opened


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at which dossier, when, with which sections in reach."""

    viewer: Viewer
    dossier: Dossier
    sections: frozenset[str]
    at: datetime
    request: HttpRequest


Maker = Callable[[Look], Panel | None]
_makers: list[tuple[int, Maker]] = []


def register(order: int, maker: Maker) -> None:
    """This will add a room's panel at a place in the page (10 at the top, 90 at the bottom)."""
    if (order, maker) not in _makers:
        _makers.append((order, maker))
        _makers.sort(key=lambda entry: entry[0])


def panels_for(look: Look) -> list[Panel]:
    """This will give the panels that have something to show to this viewer, in order."""
    made = (maker(look) for _order, maker in _makers)
    return [panel for panel in made if panel is not None]
