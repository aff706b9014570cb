"""How rooms contribute to the page of a dossier: each registers a function at start-up; the desk puts them together."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.kernel.errors import Unreadable

log = logging.getLogger("ruangaman.access")


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
    """This will give the panels that have something to show to this viewer, in order.

    What does not open, because it was altered or moved, is said in its place; the rest of the page stays readable.
    """
    made = (_made(maker, look) for _order, maker in _makers)
    return [panel for panel in made if panel is not None]


def _made(maker: Maker, look: Look) -> Panel | None:
    try:
        return maker(look)
    except Unreadable:
        log.error("a sealed value of dossier %s does not open (%s)", look.dossier.id, maker.__module__)
        return Panel("access/panel_unreadable.html", _("Tidak terbaca"))
