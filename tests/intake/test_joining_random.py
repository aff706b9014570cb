"""Reports merged, split and taken back in any order, beside a small model: nothing is lost, and triage stands exactly
where it stood.
"""

import random

import pytest
from django.db import connections

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role
from ruangaman.intake.models import Joining
from ruangaman.intake.states.handling import JoinKind
from ruangaman.kernel.errors import Refused
from tests.intake.joining import merge, split, undo
from tests.intake.reaching import NEIGHBOUR, decide
from tests.intake.test_joining import reads, triage_of
from tests.intake.test_thread import answer, with_code
from tests.worlds import Filed, World

STEPS = 25
DECIDED = ("outreach",)


class Model:
    """What must stand in the end: where each report's triage is, what it was merged into, and its words."""

    def __init__(self) -> None:
        self.triage: dict[Dossier, str] = {}
        self.before: dict[Joining, str] = {}
        self.into: dict[Dossier, tuple[Joining, Dossier]] = {}
        self.parts: dict[Dossier, tuple[Joining, Dossier]] = {}
        self.words: dict[Dossier, str] = {}
        self.came_from: dict[Dossier, Dossier] = {}  # also of parts that were taken back
        self.answered: set[Dossier] = set()

    def whole(self, one: Dossier) -> Dossier:
        """The report with the reporter's thread, out of which a part came in the end."""
        return self.whole(self.came_from[one]) if one in self.came_from else one

    def has_others(self, one: Dossier) -> bool:
        return one in {other for _joining, other in (*self.into.values(), *self.parts.values())}

    def is_open(self, one: Dossier) -> bool:
        return self.triage[one] in ("received", "answered", "outreach")


@pytest.mark.parametrize("seed", [1, 2])
def test_random_mergings_splittings_and_undoings_lose_nothing(world: World, seed: int) -> None:
    rng, model = random.Random(seed), Model()
    filed: list[Filed] = []
    for number in range(4):
        one = world.file(**NEIGHBOUR, story=f"Cerita {number}.")
        filed.append(one)
        model.triage[one.dossier], model.words[one.dossier] = "received", f"Cerita {number}."
    for _ in range(STEPS):
        act = rng.choice([_merge, _merge, _split, _undo, _undo, _undo_split, _answer, _decide])
        act(world, rng, model, filed)
    officer = world.person(Role.INTAKE_OFFICER)
    for one, triage in model.triage.items():
        assert triage_of(one) == triage
        assert reads(world, officer, one) == model.words[one]
    for report in filed:
        assert with_code(report).get("/cek/").status_code == 200, (
            "each reporter opens their thread by their code"
        )
    live = Joining.objects.using("owner").filter(undone_at=None)
    assert {j.id for j in live} == {j.id for j, _o in (*model.into.values(), *model.parts.values())}
    for joining in live.filter(kind=JoinKind.MERGED):
        seen, at = {joining.dossier_id}, joining.other_id
        while (above := live.filter(kind=JoinKind.MERGED, dossier_id=at).first()) is not None:
            assert at not in seen, "a ring"
            seen.add(at)
            at = above.other_id
    connections["default"].close()


def _merge(world: World, rng: random.Random, model: Model, filed: list[Filed]) -> None:
    one, other = rng.choice(list(model.triage)), rng.choice(list(model.triage))
    allowed = one != other and model.is_open(one) and model.is_open(other)
    try:
        joining = merge(world, Filed(one, filed[0].code), Filed(other, filed[0].code))
    except Refused:
        assert not allowed
        return
    assert allowed
    model.before[joining], model.into[one] = model.triage[one], (joining, other)
    model.triage[one] = "duplicate"


def _split(world: World, rng: random.Random, model: Model, filed: list[Filed]) -> None:
    if len(model.triage) >= 8:
        return
    one = rng.choice(list(model.triage))
    part = split(world, Filed(one, filed[0].code), story=f"Bagian {len(model.triage)}.")
    joining = Joining.objects.using("owner").get(dossier_id=part.id, kind=JoinKind.SPLIT)
    model.words[part], model.parts[part] = f"Bagian {len(model.triage)}.", (joining, one)
    model.came_from[part] = one
    model.triage[part] = "answered" if one in model.answered else "received"
    if one in model.answered:
        model.answered.add(part)


def _undo(world: World, rng: random.Random, model: Model, filed: list[Filed]) -> None:
    if not model.into:
        return
    one = rng.choice(list(model.into))
    joining, _other = model.into.pop(one)
    undo(world, joining)
    back = model.before.pop(joining)
    model.triage[one] = back if back in DECIDED else "answered" if one in model.answered else "received"


def _undo_split(world: World, rng: random.Random, model: Model, filed: list[Filed]) -> None:
    if not model.parts:
        return
    part = rng.choice(list(model.parts))
    joining, _whole = model.parts[part]
    allowed = model.is_open(part) and not model.has_others(part)
    try:
        undo(world, joining)
    except Refused:
        assert not allowed
        return
    assert allowed
    del model.parts[part]
    model.triage[part] = "duplicate"


def _answer(world: World, rng: random.Random, model: Model, filed: list[Filed]) -> None:
    one = rng.choice(filed)
    answer(world, one, "Kami baca.")
    for each in [each for each in model.triage if model.whole(each) == one.dossier]:
        model.answered.add(each)
        if model.triage[each] == "received":
            model.triage[each] = "answered"


def _decide(world: World, rng: random.Random, model: Model, filed: list[Filed]) -> None:
    one = rng.choice(
        [each for each, triage in model.triage.items() if triage in ("received", "answered")] or [None]
    )
    if one is not None:
        decide(world, Filed(one, filed[0].code))
        model.triage[one] = "outreach"
