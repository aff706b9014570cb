"""Reads of telephone intake: ways to choose from, unfinished calls, and who may be known already while names go in."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, keys_of
from ruangaman.access.states import Section
from ruangaman.intake.models import CallDraft, Report, SafeContact, Way
from ruangaman.intake.policies.calls import TAKES
from ruangaman.intake.states import TAKEN_DOWN, Channel
from ruangaman.kernel import keyring
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, unseal
from ruangaman.people import policies as people
from ruangaman.people.models import Part
from ruangaman.people.policies.likenesses import AGREEING, Wanted, Why
from ruangaman.people.queries.finding import VILLAGE_CODE, find
from ruangaman.people.states import PartStatus, PersonRole

MOST_SHOWN = 5
DISTRICT_CODE = 8  # the length of ``31.73.01``
SHORTEST_NUMBER = 8


@dataclass(frozen=True, slots=True)
class Start:
    """One way in to choose when somebody calls. ``code`` travels in the form."""

    unit_id: UUID
    channel: str
    way_id: UUID | None
    name: str

    @property
    def code(self) -> str:
        return f"{self.unit_id}.{self.channel}.{self.way_id or ''}"


def starts(viewer: Viewer) -> list[Start]:
    """This will give by which ways the viewer may take reports down, those of their unit by name; one query.

    A way for which the unit has none of its own is offered by its channel.
    """
    units = {seat.organisation_id: seat.organisation_name for seat in viewer.seats if seat.role in TAKES}
    ways = list(
        Way.objects.filter(unit_id__in=list(units), is_active=True, channel__in=TAKEN_DOWN).order_by("name")
    )
    found = []
    for unit, called in units.items():
        after = f" · {called}" if len(units) > 1 else ""
        for channel in TAKEN_DOWN:
            own = [way for way in ways if (way.unit_id, way.channel) == (unit, channel)]
            found += [Start(unit, channel, way.id, way.name + after) for way in own]
            if not own:
                found.append(Start(unit, channel, None, f"{Channel(channel).label}{after}"))
    return found


# --- drafts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """What a draft holds in clear: the fields as typed, the way it came, what was looked for, and what it became."""

    typed: dict[str, Any]
    channel: str
    way_id: UUID | None = None
    asked: Sequence[str] = ()  # keyed hashes of the questions that were looked for
    probed: bool = False
    sent: dict[str, str] | None = None
    window: str = ""  # the page that saved last: its own next save overwrites nobody

    def packed(self) -> str:
        """This will give it as one text, on its way to being sealed."""
        way = str(self.way_id) if self.way_id else ""
        return json.dumps(
            {
                "typed": self.typed, "channel": self.channel, "way": way, "asked": list(self.asked),
                "probed": self.probed, "sent": self.sent, "window": self.window,
            }
        )  # fmt: skip


def hands_over_under_numbers(viewer: Viewer, way_id: UUID | None) -> Way | None:
    """This will give the way in where it hands over under numbers of its own (112, a call centre); one query."""
    return Way.objects.filter(id=way_id, needs_ticket=True).first() if way_id else None


def draft_key(draft: CallDraft) -> Key:
    """This will give the key of one officer's drafts, bound to this one by its row. Nobody else's session makes it."""
    return Key(draft.id, keyring.current().derived(f"calls/{draft.officer_id}"))


def opened_draft(draft: CallDraft) -> Kept:
    """This will open a draft.

    :raises Unreadable: where it was altered or is another officer's.
    """
    told = json.loads(unseal(draft, "answers", draft_key(draft)) or "{}")
    return Kept(
        told["typed"],
        told["channel"],
        UUID(told["way"]) if told["way"] else None,
        told["asked"],
        told["probed"],
        told["sent"],
        told["window"],
    )


def own_draft(viewer: Viewer, draft_id: UUID, *, lock: bool = False) -> CallDraft | None:
    """This will give one of the viewer's own unfinished calls, or None; the database shows nobody else's."""
    rows = CallDraft.objects.filter(id=draft_id, officer_id=viewer.id)
    return (rows.select_for_update(of=("self",)) if lock else rows.select_related("unit")).first()


def unfinished(viewer: Viewer) -> list[tuple[CallDraft, Kept]]:
    """This will give the viewer's calls that were begun and became nothing yet, the newest first; one query."""
    drafts = CallDraft.objects.filter(officer_id=viewer.id).order_by("-begun_at")[:50]
    opened = [(draft, opened_draft(draft)) for draft in drafts]
    return [(draft, kept) for draft, kept in opened if kept.sent is None]


# --- who may be known already ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alike:
    """A file that may be about the same person: no name, only why."""

    dossier: Dossier
    person_id: UUID
    initials: str
    why: tuple[str, ...]
    role: str


SAME_PLACE, SAME_PHONE = "same_place", "same_phone"


def digits(phone: str) -> str:
    """This will give a telephone number as its digits, the country's code in place of none."""
    plain = "".join(sign for sign in phone if sign.isdigit())
    return "62" + plain[1:] if plain.startswith("0") else plain


def is_question(wanted: Wanted) -> bool:
    """This will say whether there are two identifiers, a name being one. Source: care.md 18."""
    return len(wanted.name.strip()) > 1 and len(wanted.kinds()) > 1


def question_of(draft: CallDraft, wanted: Wanted, phone: str) -> str:
    """This will name a question without telling it, so that one asked before is known again (a keyed hash)."""
    key = keyring.current().derived(f"calls/{draft.officer_id}")
    told = json.dumps([wanted.name.casefold().split(), wanted.born_year, wanted.area, digits(phone)])
    return hmac.new(key, told.encode(), hashlib.sha256).hexdigest()[:24]


def alike(viewer: Viewer, wanted: Wanted, phone: str) -> list[Alike]:
    """This will give files in the viewer's reach in which two identifiers agree with what was said; at most five.

    ``phone`` is no question of its own, but one more fact in which a file may agree. Clients and reporters are shown,
    never a reported person. Only what is in reach is touched, so nothing hidden takes time. Source: care.md 18;
    security.md 11.
    """
    if not is_question(wanted):
        return []
    found, _more = find(viewer, wanted.name, born_year=wanted.born_year, area=wanted.area, most=50)
    if not found:
        return []
    live = Part.objects.filter(
        person_id__in=[one.person_id for one in found],
        role__in=[PersonRole.CLIENT, PersonRole.REPORTER],
        status=PartStatus.ACTIVE,
    ).select_related("dossier")
    parts = {part.person_id: part for part in live}
    near = [one for one in found if one.person_id in parts]
    places = _places([one.dossier_id for one in near]) if wanted.area and near else {}
    numbers = _numbers([one.dossier_id for one in near]) if digits(phone) and near else {}
    shown: dict[UUID, Alike] = {}
    for one in near:
        why = tuple(code for code in one.why if code not in AGAINST)
        if not any(kind & set(why) for kind in AREA) and _same_area(
            places.get(one.dossier_id, ""), wanted.area
        ):
            why = (*why, SAME_PLACE)
        if len(digits(phone)) >= SHORTEST_NUMBER and numbers.get(one.dossier_id) == digits(phone):
            why = (*why, SAME_PHONE)
        if _kinds(why) >= 2 and one.dossier_id not in shown:
            part = parts[one.person_id]
            shown[one.dossier_id] = Alike(
                part.dossier, one.person_id, people.initials(one.name), why, part.role
            )
    return list(shown.values())[:MOST_SHOWN]


AGAINST = frozenset({Why.YEAR_OTHER, Why.SEX_OTHER, Why.NIK_OTHER})
AREA = [kind for kind in AGREEING if Why.VILLAGE_SAME in kind]


def _kinds(why: tuple[str, ...]) -> int:
    told = set(why)
    return (
        sum(bool(kind & told) for kind in AGREEING) + (SAME_PLACE in told) + (SAME_PHONE in told)
        if AGREEING[0] & told
        else 0
    )


def _same_area(known: str, wanted: str) -> bool:
    """The same kelurahan; or the same kecamatan, where one of the two says no more."""
    if min(len(known), len(wanted)) < DISTRICT_CODE:
        return False
    least = min(len(known), len(wanted), VILLAGE_CODE)
    return known[:least] == wanted[:least]


def _places(dossiers: list[UUID]) -> dict[UUID, str]:
    rows = Report.objects.filter(dossier_id__in=dossiers).values_list("dossier_id", "place_id")
    return {dossier: place or "" for dossier, place in rows}


def _numbers(dossiers: list[UUID]) -> dict[UUID, str]:
    keys = keys_of(dossiers, Section.REPORTER)
    found = {}
    for contact in SafeContact.objects.filter(dossier_id__in=list(keys)):
        try:
            found[contact.dossier_id] = digits(unseal(contact, "phone", keys[contact.dossier_id]) or "")
        except Unreadable:
            continue  # one that was altered is no reason to keep the others from who speaks
    return found
