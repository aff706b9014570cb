"""How rooms contribute to the page of a dossier: each registers a function at start-up; the desk puts them together."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ruangaman.access.models import DataKey, Dossier
from ruangaman.access.queries import Viewer, every_key, open_key
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key

log = logging.getLogger("ruangaman.access")
P = ParamSpec("P")
T = TypeVar("T")


class Milestone(models.TextChoices):
    """How far a case has come, as the page shows it. Source: flow.md, "The way of a case"."""

    REPORT = "report", _("Laporan")
    OUTREACH = "outreach", _("Penjangkauan")
    ASSESSMENT = "assessment", _("Asesmen")
    CONSENT = "consent", _("Persetujuan")
    SERVICES = "services", _("Layanan")
    LAW = "law", _("Hukum")
    HOME = "home", _("Pulang")
    ENDED = "ended", _("Selesai")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline. A day without an hour stands as its noon, with ``whole_day``."""

    at: datetime
    text: Any
    where: Any = ""
    whole_day: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page: its template, its title, and the finished values it shows.

    Without a template it only tells ``events`` for the timeline and which milestones were ``reached``.
    """

    template: str
    title: Any
    context: dict[str, Any] = field(default_factory=dict)
    opens: str = ""  # the sections whose sealed text it shows, parted by blanks: the page records them
    events: Sequence[Event] = ()
    reached: Sequence[Milestone] = ()


@dataclass(frozen=True)
class Look:
    """Who looks at which dossier, when, with which sections in reach."""

    viewer: Viewer
    dossier: Dossier
    sections: frozenset[str]
    writes: frozenset[str]
    at: datetime
    request: HttpRequest
    asked: dict[Any, Any] = field(default_factory=dict)

    def once(self, ask: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """This will ask for something about this dossier that several parts of the page show, once for all of them."""
        if ask not in self.asked:
            self.asked[ask] = ask(*given, **named)
        found: T = self.asked[ask]
        return found

    def only(self, name: str) -> Any:
        """This will give what the dossier has once at most (``report``, ``case``), or None where it is not there or out
        of reach. The page loads it along with the dossier.
        """
        return getattr(self.dossier, name, None)

    def has(self, name: str) -> bool:
        """This will say whether a part of the page may have something to show: a mark that the page read along with the
        dossier (``has_talks``). Without the mark it may.
        """
        return bool(getattr(self.dossier, f"has_{name}", True))

    def may_write(self, section: str) -> bool:
        """This will say whether the viewer may write a section. It spares useless buttons; the database decides."""
        return section in self.writes

    def key(self, section: str) -> Key | None:
        """This will open the key of a section, or give None where it is out of reach; one query for the whole page.

        :raises Unreadable: where the key was altered.
        """
        found = self.wrapped.get(section)
        return open_key(found) if found else None

    @cached_property
    def wrapped(self) -> dict[str, DataKey]:
        """This will give the keys of the dossier that the viewer may read, still wrapped, by section."""
        return every_key(self.dossier.id)


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


# --- the page of a client: what she chose to see with her own code, each room its part ---


@dataclass(frozen=True, slots=True)
class ClientLook:
    """A client who looks with her own code, under the ticket of her thread: what it opens, and when.

    ``opens``: rights, appointments, legal; what she did not choose is not asked for.
    """

    person: UUID
    opens: frozenset[str]
    at: datetime


ClientMaker = Callable[[ClientLook], Panel | None]
_client_makers: list[tuple[int, ClientMaker]] = []


def register_client(order: int, maker: ClientMaker) -> None:
    """This will add a room's part to the page of a client, at a place in it."""
    if (order, maker) not in _client_makers:
        _client_makers.append((order, maker))
        _client_makers.sort(key=lambda entry: entry[0])


def client_panels(look: ClientLook) -> list[Panel]:
    """This will give the parts that have something to show to a client, in order, under her own ticket."""
    made = (maker(look) for _order, maker in _client_makers)
    return [panel for panel in made if panel is not None]
