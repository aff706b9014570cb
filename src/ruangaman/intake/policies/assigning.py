"""Who is proposed to go to her: by area, skill and load, weighted, and said why.

The weights are ours, for a unit to judge by what it sees; that these facts count is asked by issue 6 ("assignment
proposed by area, load and skill, weighted, and said why"). The load weighs against everything else in the end, because
22 companions became 5 for five cities (seed 003): who knows one city best must not carry it alone.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ruangaman.intake.states.outreach import Rank, Why
from ruangaman.kernel.errors import Refused

MET_BEFORE = 30  # she need not tell her story to somebody new
KNOWS_AREA = 12  # the kecamatan or kelurahan itself
KNOWS_CITY = 6
TRAINED = 10  # each skill that is asked for
OPEN_ATTEMPT = -6  # more of one's week than a file
LIVE_FILE = -3
KECAMATAN = 8  # characters of its code: 31.74.07
KOTA = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is known of somebody who could go. ``areas``: codes of places; ``busy``: taken or on duty at that hour."""

    id: UUID
    name: str
    skills: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    attempts: int = 0
    files: int = 0
    met_before: bool = False
    busy: bool = False
    walled: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for somebody: what, and the skill or the area it is about."""

    why: Why
    about: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody who could go, with what speaks for them and what they carry already."""

    who: Candidate
    score: int
    reasons: tuple[Reason, ...]


def propose(candidates: Iterable[Candidate], *, area: str, skills: Collection[str]) -> list[Proposal]:
    """This will order who could go, the best first; never somebody who is walled off or taken at that hour.

    Of equals who carries least comes first. Source: issue 6; flow.md ("22 companions became 5 for five cities").
    """
    free = [one for one in candidates if not one.busy and not one.walled]
    found = [_proposal(one, area, skills, free) for one in free]
    return sorted(found, key=lambda p: (-p.score, load_of(p.who), p.who.name, p.who.id))


def load_of(one: Candidate) -> int:
    """This will say how much somebody carries, as weight: open attempts more than files."""
    return -(OPEN_ATTEMPT * one.attempts + LIVE_FILE * one.files)


def _proposal(one: Candidate, area: str, skills: Collection[str], free: Sequence[Candidate]) -> Proposal:
    reasons: list[Reason] = []
    score = -load_of(one)
    if one.met_before:
        reasons.append(Reason(Why.MET_BEFORE))
        score += MET_BEFORE
    known = _known(one.areas, area)
    if known:
        near = len(known) == KECAMATAN
        reasons.append(Reason(Why.KNOWS_AREA if near else Why.KNOWS_CITY, known))
        score += KNOWS_AREA if near else KNOWS_CITY
    for skill in sorted(one.skills & set(skills)):
        reasons.append(Reason(Why.TRAINED, skill))
        score += TRAINED
    loads = [load_of(other) for other in free]
    if min(loads) < max(loads):
        if load_of(one) == min(loads):
            reasons.append(Reason(Why.FEW_FILES))
        elif load_of(one) * len(loads) > sum(loads):
            reasons.append(Reason(Why.LOADED))
    return Proposal(one, score, tuple(reasons))


def _known(areas: Collection[str], area: str) -> str:
    """The kecamatan of the place, or else its kota, as far as somebody knows their way there; '' for neither."""
    for length in (KECAMATAN, KOTA):
        if len(area) >= length and any(len(one) >= length and one[:length] == area[:length] for one in areas):
            return area[:length]
    return ""


def codes_of(proposals: Sequence[Proposal], chosen: UUID) -> str:
    """This will give what is kept with the attempt: where who goes stood in the order, and why, in codes."""
    for place, one in enumerate(proposals):
        if one.who.id == chosen:
            rank = (Rank.FIRST, Rank.SECOND)[place] if place < 2 else Rank.LATER
            return " ".join([rank.value, *dict.fromkeys(reason.why.value for reason in one.reasons)])
    return ""


def check_can_go(*, serves: bool, busy: bool, name: str) -> None:
    """This will refuse somebody who is no companion here, is walled off, or is taken or on duty at that hour.

    :raises Refused: saying whom to choose instead. Source: issue 6; seed 003.
    """
    if not serves:
        raise Refused(_("Orang ini tidak bisa mendampingi di berkas ini. Pilih pendamping korban yang lain."))
    if busy:
        raise Refused(
            _("%(name)s sudah ada janji atau piket pada jam itu. Pilih jam lain, atau pendamping lain.")
            % {"name": name}
        )
