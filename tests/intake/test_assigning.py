"""Who is proposed to go: by area, skill and load, and said why. Source: issue 6; seed 003."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.access.actions import join_team, raise_wall
from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.intake.models import Outreach
from ruangaman.intake.policies.assigning import (
    Candidate,
    Proposal,
    check_can_go,
    codes_of,
    load_of,
    propose,
)
from ruangaman.intake.queries.assigning import Crew, crew_for, loads, said
from ruangaman.intake.states.outreach import Why
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.network.actions import set_aptitudes
from ruangaman.network.states import Skill
from tests.access.filled import tried
from tests.intake.reaching import CENGKARENG, NEIGHBOUR, decide, plan, plan_as_sent
from tests.worlds import Filed, World, acting

KEBAYORAN, CITIES = "31.74.07", ("31.71", "31.72", "31.73", "31.74", "31.75")


def somebody(name: str = "Sari", **known: Any) -> Candidate:
    return Candidate(id=new_id(), name=name, **known)


def order(*candidates: Candidate, area: str = KEBAYORAN, skills: Any = ()) -> list[str]:
    return [one.who.name for one in propose(candidates, area=area, skills=skills)]


def whys(found: Proposal) -> set[str]:
    return {reason.why for reason in found.reasons}


# --- rules ------------------------------------------------------------------------------------------------------------


def test_who_knows_the_kecamatan_comes_before_who_knows_the_city_before_who_knows_neither() -> None:
    near = somebody("Dekat", areas=frozenset({KEBAYORAN}))
    city = somebody("Kota", areas=frozenset({"31.74"}))
    other_district = somebody("Tetangga", areas=frozenset({"31.74.01"}))
    far = somebody("Jauh", areas=frozenset({"31.71"}))
    assert order(far, city, other_district, near, area=f"{KEBAYORAN}.1001") == [
        "Dekat",
        "Kota",
        "Tetangga",
        "Jauh",
    ]


def test_of_a_place_that_is_known_no_nearer_than_its_city_nobody_knows_the_kecamatan() -> None:
    (found,) = propose([somebody(areas=frozenset({KEBAYORAN}))], area="31.74", skills=())
    assert whys(found) == {Why.KNOWS_CITY}


def test_each_skill_that_is_asked_for_counts_and_no_other() -> None:
    both = somebody("Dua", skills=frozenset({Skill.CHILDREN, Skill.DISABILITY}))
    one = somebody("Satu", skills=frozenset({Skill.CHILDREN}))
    other = somebody("Lain", skills=frozenset({Skill.ONLINE, Skill.TRAFFICKING}))
    assert order(other, one, both, skills={Skill.CHILDREN, Skill.DISABILITY}) == ["Dua", "Satu", "Lain"]


def test_who_met_the_family_before_goes_again_so_that_nothing_is_told_twice() -> None:
    assert order(somebody("Baru", areas=frozenset({KEBAYORAN})), somebody("Kenal", met_before=True)) == [
        "Kenal",
        "Baru",
    ]


def test_who_carries_much_is_spared_even_where_they_know_the_area() -> None:
    loaded = somebody("Penuh", areas=frozenset({KEBAYORAN}), files=9, attempts=3)
    assert order(loaded, somebody("Longgar")) == ["Longgar", "Penuh"]


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.uuids(),
        name=st.sampled_from(["A", "B", "C"]),
        skills=st.frozensets(st.sampled_from(list(Skill))),
        areas=st.frozensets(st.sampled_from([*CITIES, KEBAYORAN, "31.73.01"])),
        attempts=st.integers(0, 6),
        files=st.integers(0, 40),
        met_before=st.booleans(),
        busy=st.booleans(),
        walled=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(
    CANDIDATES, st.sampled_from(["", "31", "31.74", KEBAYORAN]), st.frozensets(st.sampled_from(list(Skill)))
)
def test_nobody_walled_or_taken_is_ever_proposed_and_everybody_else_is_once(
    candidates: list[Candidate], area: str, skills: frozenset[str]
) -> None:
    found = [one.who for one in propose(candidates, area=area, skills=skills)]
    assert not [one for one in found if one.busy or one.walled]
    assert sorted(one.id for one in found) == sorted(
        one.id for one in candidates if not one.busy and not one.walled
    )


@given(CANDIDATES, st.sampled_from(["", "31.74", KEBAYORAN]))
def test_of_two_who_are_alike_in_all_else_who_carries_less_comes_first(
    candidates: list[Candidate], area: str
) -> None:
    found = [one.who for one in propose(candidates, area=area, skills=list(Skill))]
    for first, second in pairwise(found):
        alike = (first.skills, first.areas, first.met_before) == (
            second.skills,
            second.areas,
            second.met_before,
        )
        assert not alike or load_of(first) <= load_of(second)


@given(CANDIDATES, st.randoms())
def test_the_order_does_not_hang_on_how_they_were_listed(candidates: list[Candidate], chance: Any) -> None:
    mixed = list(candidates)
    chance.shuffle(mixed)
    found = [
        [one.who.id for one in propose(listed, area=KEBAYORAN, skills=())] for listed in (candidates, mixed)
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("most_from_one_city", [0.2, 0.5, 0.8])
def test_five_companions_for_five_cities_share_what_comes(most_from_one_city: float) -> None:
    """22 companions became 5 for five cities (seed 003): who knows the busiest city does not carry it alone."""
    carried: Counter[str] = Counter()
    cities = ["31.74"] * int(100 * most_from_one_city)
    cities += [CITIES[n % 5] for n in range(100 - len(cities))]
    for city in cities:
        people = [somebody(one, areas=frozenset({one}), files=carried[one]) for one in CITIES]
        carried[propose(people, area=f"{city}.01", skills=())[0].who.name] += 1
    assert sum(carried.values()) == 100
    assert max(carried.values()) - min(carried.values()) <= 3
    assert set(carried) == set(CITIES)


def test_among_22_companions_nobody_carries_twice_what_another_does() -> None:
    carried: Counter[int] = Counter()
    for n in range(220):
        people = [
            somebody(str(one), areas=frozenset({CITIES[one % 5]}), files=carried[one]) for one in range(22)
        ]
        carried[int(propose(people, area=f"{CITIES[n * n % 5]}.01", skills=())[0].who.name)] += 1
    assert max(carried.values()) <= 2 * min(carried[one] for one in range(22))


def test_where_who_goes_stood_and_why_is_kept_in_codes_that_name_nobody() -> None:
    people = [
        somebody("Satu", met_before=True, skills=frozenset({Skill.CHILDREN})),
        somebody("Dua", areas=frozenset({KEBAYORAN}), files=2),
        somebody("Tiga", files=5),
    ]
    found = propose(people, area=KEBAYORAN, skills={Skill.CHILDREN})
    assert [codes_of(found, one.id) for one in people] == [
        "first met_before trained few_files",
        "second knows_area",
        "later loaded",
    ]
    assert codes_of(found, new_id()) == ""


def test_who_is_no_companion_or_taken_is_refused_with_whom_to_choose() -> None:
    check_can_go(serves=True, busy=False, name="Sari")
    with pytest.raises(Refused, match="Pilih pendamping korban yang lain"):
        check_can_go(serves=False, busy=False, name="Sari")
    with pytest.raises(Refused, match="Sari sudah ada janji atau piket pada jam itu"):
        check_can_go(serves=True, busy=True, name="Sari")


# --- what the unit knows ----------------------------------------------------------------------------------------------


def decided(world: World) -> Filed:
    filed = world.file(**NEIGHBOUR)
    decide(world, filed)
    return filed


def crew(world: World, filed: Filed, *, by: User | None = None, **told: Any) -> Crew:
    officer = by or world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    with acting(officer):
        return crew_for(
            viewer,
            filed.dossier,
            **{"area": CENGKARENG, "skills": (), "hours": None, "at": clock.now(), **told},
        )


def teach(world: World, person: User, *, skills: Any = (), areas: Any = ()) -> None:
    head = world.person(Role.HEAD)
    with acting(head):
        set_aptitudes(
            viewer=world.viewer(head),
            organisation=world.unit.id,
            user=person.id,
            skills=skills,
            areas=areas,
            at=clock.now(),
        )


def test_what_the_unit_knows_of_each_speaks_for_them_in_words(world: World) -> None:
    filed, busy_one = decided(world), decided(world)
    near, loaded = world.person(Role.COMPANION, tag="-dekat"), world.person(Role.COMPANION, tag="-penuh")
    teach(world, near, skills=[Skill.CHILDREN, Skill.ONLINE], areas=[CENGKARENG])
    plan(world, busy_one, companion=loaded)
    found = crew(world, filed, skills=[Skill.CHILDREN])
    assert [one.who.id for one in found.proposals] == [near.id, loaded.id]
    assert [said(one, found.names) for one in found.proposals] == [
        "mengenal Cengkareng; terlatih: Anak; bebannya paling ringan; 0 berkas berjalan",
        "bebannya di atas rekan lain; 1 berkas berjalan; 1 penjangkauan terbuka",
    ]


def test_who_was_on_the_team_of_this_family_is_known_to_have_met_them(world: World) -> None:
    filed = decided(world)
    before, supervisor = world.person(Role.COMPANION, tag="-dulu"), world.person(Role.SUPERVISOR)
    world.person(Role.COMPANION)
    with acting(supervisor):
        join_team(
            dossier=filed.dossier,
            person=before.id,
            role=Role.COMPANION,
            until=clock.now() + timedelta(days=1),
            by=supervisor.id,
            at=clock.now(),
        )
    world.rows("UPDATE access_grant SET withdrawn_at = now()")
    first = crew(world, filed).proposals[0]
    assert (first.who.id, whys(first)) == (before.id, {Why.MET_BEFORE})


def test_who_is_walled_off_is_named_nowhere(world: World) -> None:
    filed = decided(world)
    kin, supervisor = world.person(Role.COMPANION, tag="-kerabat"), world.person(Role.SUPERVISOR)
    world.person(Role.COMPANION)
    with acting(supervisor):
        raise_wall(dossier=filed.dossier, person=kin.id, by=supervisor.id, at=clock.now())
    found = crew(world, filed)
    assert kin.id not in found.people
    assert not found.has(kin.id)
    page = world.client(world.person(Role.INTAKE_OFFICER)).get(f"/laporan/{filed.reference}/penjangkauan/")
    assert str(kin.id) not in page.content.decode()


def test_who_has_an_appointment_or_is_on_duty_at_that_hour_is_not_proposed(world: World) -> None:
    filed, other = decided(world), decided(world)
    taken, on_duty, free = (world.person(Role.COMPANION, tag=tag) for tag in ("-janji", "-piket", ""))
    made = plan(world, other, companion=taken)
    assert made.ends_at is not None
    world.rows(
        "INSERT INTO intake_shift (id, unit_id, person_id, kind, rank, starts_at, ends_at, made_by_id, made_at) "
        "VALUES (gen_random_uuid(), %s, %s, 'desk', 1, %s, %s, %s, now())",
        [world.unit.id, on_duty.id, made.starts_at, made.ends_at, world.person(Role.HEAD).id],
    )
    found = crew(world, filed, hours=(made.starts_at, made.ends_at))
    assert [one.who.id for one in found.proposals] == [free.id]
    assert {one.id for one in found.away} == {taken.id, on_duty.id}
    for person in (taken, on_duty):
        with pytest.raises(Refused, match="sudah ada janji atau piket"):
            plan(world, filed, companion=person, starts_at=made.starts_at)
    later = (made.ends_at + timedelta(minutes=1), made.ends_at + timedelta(hours=1))
    assert crew(world, filed, hours=later).away == []


def test_loads_are_counts_of_ones_own_unit_and_nobody_elses(world: World) -> None:
    plan(world, decided(world))
    companion = world.person(Role.COMPANION)
    for role, where, expected in (
        (Role.INTAKE_OFFICER, None, {companion.id: (1, 1)}),
        (Role.INTAKE_OFFICER, world.other, {}),
        (Role.PARTNER_OFFICER, None, {}),
    ):
        person = world.person(role, where)
        viewer = world.viewer(person)
        with acting(person):
            found: dict[UUID, tuple[int, int]] = loads(viewer, world.unit.id)
        assert found == expected, role
    with acting(world.person(Role.INTAKE_OFFICER)):
        assert tried(f"SELECT person FROM door.loads('{world.other.id}')") == []


def test_a_file_that_has_ended_is_no_load(world: World) -> None:
    plan(world, decided(world))
    world.rows("UPDATE intake_outreach SET result = 'not_found', ended_at = now()")
    world.rows("UPDATE access_dossier SET stage = 'closed'")
    officer = world.person(Role.INTAKE_OFFICER)
    with acting(officer):
        assert loads(world.viewer(officer), world.unit.id) == {world.person(Role.COMPANION).id: (0, 0)}


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_proposes_in_order_and_says_why_and_another_may_be_chosen(world: World) -> None:
    filed = decided(world)
    near, other = world.person(Role.COMPANION, tag="-dekat"), world.person(Role.COMPANION)
    teach(world, near, areas=[CENGKARENG])
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    address = f"/laporan/{filed.reference}/penjangkauan/"
    page = browser.get(address).content.decode()
    assert "mengenal Cengkareng; 0 berkas berjalan" in page
    assert page.index(str(near.id)) < page.index(str(other.id))
    assert browser.post(address, plan_as_sent(other)).status_code == 302
    kept = Outreach.objects.using("owner").get()
    assert (kept.companion_id, kept.proposed_why) == (other.id, "second")


def test_ordering_anew_keeps_what_was_typed_and_saves_nothing(world: World) -> None:
    filed = decided(world)
    companion, trained = world.person(Role.COMPANION), world.person(Role.COMPANION, tag="-terlatih")
    teach(world, trained, skills=[Skill.DISABILITY])
    sent = plan_as_sent(companion, skills=[Skill.DISABILITY], safety_plan="Sudah diketik.", again="1")
    answered = world.client(world.person(Role.INTAKE_OFFICER)).post(
        f"/laporan/{filed.reference}/penjangkauan/", sent
    )
    shown = answered.content.decode()
    assert answered.status_code == 200
    assert "Sudah diketik." in shown
    assert shown.index(str(trained.id)) < shown.index(str(companion.id))
    assert "govuk-error-message" not in shown
    assert not Outreach.objects.using("owner").exists()


def test_for_a_child_the_skill_is_asked_for_without_a_click(world: World) -> None:
    filed = world.file(**NEIGHBOUR, for_whom="child")
    decide(world, filed)
    teach(world, world.person(Role.COMPANION), skills=[Skill.CHILDREN])
    page = world.client(world.person(Role.INTAKE_OFFICER)).get(f"/laporan/{filed.reference}/penjangkauan/")
    assert "terlatih: Anak" in page.content.decode()
