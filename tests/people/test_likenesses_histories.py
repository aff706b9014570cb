"""Random histories of merging and undoing, against a slow and obvious model: nothing is lost, and all can be undone."""

import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruangaman.access.models import User
from ruangaman.access.states import Role, Section
from ruangaman.consent.states import Answer, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.actions.likenesses import decide_same, undo_same
from ruangaman.people.models import Likeness, Person
from ruangaman.people.queries.likenesses import other_files
from ruangaman.people.states import PersonRole, Sameness
from tests.consent.answers import Case
from tests.people.people import added, case
from tests.worlds import Filed, World, acting

# What a decision writes, and what it makes the database work out anew. Everything else stays as it was, to the byte.
WORKED_OUT = {
    "people_likeness",
    "access_grant",
    "consent_recall",
    "ledger_entry",
    "notices_notice",
    "clocks_clock",
}
ROLES = [PersonRole.CLIENT, PersonRole.CLIENT, PersonRole.CLIENT, PersonRole.WITNESS, PersonRole.REPORTED]


@dataclass
class History:
    """Two files with five records each, what was answered in the first, and what was decided so far."""

    world: World
    files: tuple[Filed, Filed]
    manager: User
    supervisor: User
    people: list[Person]
    role_of: dict[UUID, PersonRole]
    links: dict[UUID, tuple[frozenset[UUID], Sameness]] = field(default_factory=dict)  # what stands

    def decide(self, one: Person, other: Person, decision: Sameness) -> None:
        allowed = self.is_allowed(one, other, decision)
        viewer = self.world.viewer(self.supervisor)
        try:
            with acting(self.supervisor):
                pair = [Person.objects.select_related("dossier").get(id=who.id) for who in (one, other)]
                made = decide_same(
                    viewer=viewer, person=pair[0], other=pair[1], decision=decision, at=clock.now()
                )
        except Refused:
            assert not allowed
        else:
            assert allowed
            self.links[made.id] = (frozenset((one.id, other.id)), decision)

    def undo(self, likeness: UUID) -> None:
        viewer = self.world.viewer(self.supervisor)
        with acting(self.supervisor):
            found = Likeness.objects.select_related("dossier").get(id=likeness)
            undo_same(viewer=viewer, likeness=found, at=clock.now())
        del self.links[likeness]

    def is_allowed(self, one: Person, other: Person, decision: Sameness) -> bool:
        pair = frozenset((one.id, other.id))
        if one.id == other.id or pair in [known for known, _decision in self.links.values()]:
            return False
        if decision == Sameness.DIFFERENT or one.dossier_id != other.dossier_id:
            return True
        roles = {self.role_of[who] for who in self.group(one.id) | self.group(other.id)}
        return not {PersonRole.CLIENT, PersonRole.REPORTED} <= roles

    def group(self, who: UUID, across: bool = False) -> set[UUID]:
        """Everybody reached from somebody, link by link: inside their file, or across files as well."""
        home = {person.id: person.dossier_id for person in self.people}
        found, grew = {who}, True
        while grew:
            grew = False
            for pair, decision in self.links.values():
                inside = len({home[one] for one in pair}) == 1
                if decision == Sameness.SAME and (inside or across) and pair & found and not pair <= found:
                    found, grew = found | pair, True
        return found

    def kept(self) -> dict[UUID, UUID]:
        return dict(self.world.rows("SELECT id, one_id FROM people_person"))

    def check(self) -> None:
        kept = self.kept()
        for one in self.people:
            group = self.group(one.id)
            first = min(group, key=lambda who: (self.role_of[who] != PersonRole.CLIENT, who))
            assert kept[one.id] == first
        with acting(self.supervisor):
            viewer = self.world.viewer(self.supervisor)
            for here in self.files:
                own = [one.id for one in self.people if one.dossier_id == here.dossier.id]
                reached = set().union(*(self.group(one, across=True) for one in own))
                other = {one.dossier_id for one in self.people if one.id in reached} - {here.dossier.id}
                assert {one.reference for one in other_files(viewer, here.dossier.id)} == {
                    file.reference for file in self.files if file.dossier.id in other
                }

    def live(self) -> set[tuple[Any, ...]]:
        """What partners see now."""
        return set(
            self.world.rows(
                "SELECT dossier_id, principal_id, section, writes, until FROM access_grant "
                "WHERE source = 'consent' AND withdrawn_at IS NULL AND until > now()"
            )
        )

    def projected(self) -> set[tuple[Any, ...]]:
        """The same, worked out once more from the consents alone."""
        self.world.rows(
            "SELECT door.project(c.dossier_id, c.recipient_id, now()) FROM consent_consent c "
            "WHERE c.recipient_id IS NOT NULL GROUP BY c.dossier_id, c.recipient_id"
        )
        return self.live()

    def whole(self) -> dict[str, list[str]]:
        """Every row of every table of both files, as text; who is one with whom left out."""
        ids = [file.dossier.id for file in self.files]
        names = self.world.rows(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND column_name = 'dossier_id'"
        )
        return {
            name: sorted(
                row[0]
                for row in self.world.rows(
                    f"SELECT (to_jsonb(t) - 'one_id')::text FROM {name} t WHERE dossier_id = ANY(%s)", [ids]
                )
            )
            for (name,) in names
            if name not in WORKED_OUT
        }


def begun(world: World) -> History:
    files, people = [], []
    for _ in range(2):
        filed, manager = case(world)
        files.append(filed)
        people += [
            added(filed, manager, role, f"Nama Rekaan {number}", age=30).person
            for number, role in enumerate(ROLES)
        ]
    roles = {person.id: role for person, role in zip(people, ROLES * 2, strict=True)}
    return History(world, (files[0], files[1]), manager, world.person(Role.SUPERVISOR), people, roles)


@pytest.fixture(scope="module")
def history(lasting_world: World) -> History:
    return begun(lasting_world)


PEOPLE = st.integers(0, 9)
STEP = st.one_of(
    st.tuples(st.just("same"), PEOPLE, PEOPLE),
    st.tuples(st.just("same"), PEOPLE, PEOPLE),
    st.tuples(st.just("different"), PEOPLE, PEOPLE),
    st.tuples(st.just("undo"), PEOPLE, PEOPLE),
)
ANSWER = st.tuples(
    st.integers(0, 2),
    st.sampled_from([Service.MEDICAL, Service.LEGAL]),
    st.sampled_from([Answer.GIVEN, Answer.GIVEN, Answer.REFUSED]),
    st.booleans(),
)


@given(answers=st.lists(ANSWER, max_size=4), steps=st.lists(STEP, min_size=3, max_size=12))
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_random_history_of_decisions_loses_nothing_and_can_be_undone(
    history: History, answers: list[Any], steps: list[Any]
) -> None:
    one = history
    for number, service, answer, also in answers:
        client = one.people[number]
        told = Case(one.world, one.files[0], one.manager, client)
        told.answer(
            service,
            answer,
            recipient=one.world.hospital,
            also=[Section.NARRATIVE] if also else [],
        )
    before, seen = one.whole(), one.live()
    assert seen == one.projected()
    for kind, left, right in steps:
        if kind == "undo":
            if one.links:
                one.undo(sorted(one.links)[left % len(one.links)])
        else:
            one.decide(one.people[left], one.people[right], Sameness(kind))
        one.check()
        assert one.live() == one.projected()
        assert one.whole() == before
    for likeness in list(one.links):
        one.undo(likeness)
    assert one.kept() == {person: person for person in one.kept()}
    assert one.live() == seen
    assert one.whole() == before


def at_once(one: History, *pairs: tuple[Person, Person]) -> list[bool]:
    """Each pair decided by a thread of its own, all at the same moment: whether it was allowed."""
    allowed: list[bool] = []
    ready = threading.Barrier(len(pairs))
    viewer = one.world.viewer(one.supervisor)

    def decide(left: Person, right: Person) -> None:
        try:
            with acting(one.supervisor):
                pair = [Person.objects.select_related("dossier").get(id=who.id) for who in (left, right)]
                ready.wait()
                decide_same(
                    viewer=viewer, person=pair[0], other=pair[1], decision=Sameness.SAME, at=clock.now()
                )
            allowed.append(True)
        except Refused:
            allowed.append(False)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return allowed


def test_two_decisions_at_once_see_each_other(lasting_world: World) -> None:
    one = begun(lasting_world)
    first, second, third = one.people[:3]
    assert at_once(one, (first, second), (second, third)) == [True, True]
    kept = one.kept()
    assert {kept[who.id] for who in (first, second, third)} == {first.id}


def test_two_decisions_at_once_do_not_make_the_client_the_reported_person(lasting_world: World) -> None:
    """care.md 10, 21: each alone is allowed, both together are not."""
    one = begun(lasting_world)
    client, witness, reported = one.people[0], one.people[3], one.people[4]
    assert sorted(at_once(one, (client, witness), (witness, reported))) == [False, True]


def test_the_same_decision_twice_at_once_is_written_once(lasting_world: World) -> None:
    one = begun(lasting_world)
    first, second = one.people[:2]
    assert sorted(at_once(one, (first, second), (second, first))) == [False, True]
    dossier = one.files[0].dossier.id
    assert one.world.rows("SELECT count(*) FROM people_likeness WHERE dossier_id = %s", [dossier]) == [(1,)]
