"""Random clients, guardians, ages, answers, withdrawals, days and merges, against the slow model of the rules."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruangaman.access.models import Organisation, User
from ruangaman.access.states import OrganisationKind, Role
from ruangaman.consent import queries
from ruangaman.consent.actions import record_consent
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Assent, Basis, Method
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.models import Part, Person
from ruangaman.people.queries import parts_of
from ruangaman.people.states import PersonRole, Relation
from tests.consent.answers import Case, set_born
from tests.consent.slow import OWN, File, Said, Standing
from tests.people.people import added, case, guardian
from tests.worlds import Filed, World, acting

NAMES = ("Dewi Contoh", "Ratna Contoh")
ADULT, CHILDREN = 0, (1, 2)
KIN = st.sampled_from([ADULT, *CHILDREN])
ANSWERS = ["given", "given", "refused", "later"]
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("answer"), KIN, st.sampled_from(sorted(OWN)), st.sampled_from(ANSWERS),
            st.sampled_from(["client", "guardian", "best_interest"]), st.sampled_from([0, 1, None]),
            st.frozensets(st.sampled_from(["contact", "support", "narrative", "risk"])), st.integers(1, 60),
        ),
        st.tuples(st.just("withdraw"), st.integers(0, 7)),
        st.tuples(st.just("bar"), st.sampled_from(CHILDREN)),
        st.tuples(st.just("name"), st.sampled_from(CHILDREN), st.sampled_from(NAMES)),
        st.tuples(st.just("pass"), st.integers(1, 40)),
        st.tuples(st.just("link"), KIN, KIN),
        st.tuples(st.just("part"), st.integers(0, 3)),
        st.tuples(st.just("leave"), KIN),
        st.tuples(st.just("come back"), KIN),
    ),
    max_size=12,
)  # fmt: skip


def comes_of_age_soon(one: Case) -> datetime:
    """Her 18th birthday lies some weeks ahead: the moment in which it begins."""
    day = timezone.localdate() + timedelta(days=25)
    day = day.replace(day=min(day.day, 28))
    set_born(one, day.replace(year=day.year - 18))
    return timezone.make_aware(datetime.combine(day, time.min))


class Played:
    """One file, played through by the product and kept in the model beside it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.filed: Filed
        self.filed, self.manager = case(world)
        self.supervisor = world.person(Role.SUPERVISOR)
        ages = {ADULT: 30, 1: 15, 2: 9}
        names = {ADULT: "Ayu Rekaan", 1: "Melati Sintetis", 2: "Bintang Buatan"}
        client = PersonRole.CLIENT
        people = {
            number: added(self.filed, self.manager, client, names[number], age=age).person
            for number, age in ages.items()
        }
        self.ids: dict[Any, UUID] = {number: person.id for number, person in people.items()}
        for name, child in zip(NAMES, CHILDREN, strict=True):
            part = guardian(world, self.filed, self.supervisor, people[child], name, Relation.AUNT_UNCLE)
            self.ids[name] = part.person_id
        self.birthday = comes_of_age_soon(Case(world, self.filed, self.manager, people[1]))
        lbh = world.organisation(OrganisationKind.PARTNER, "LBH Uji", "31")
        self.partners: list[Organisation] = [world.hospital, lbh]
        self.officers: list[User] = [world.person(Role.PARTNER_OFFICER, one) for one in self.partners]
        self.begin()

    def begin(self) -> None:
        """The file as it was before anything was said."""
        sql = self.world.rows
        for table in ("consent_recall", "consent_consent", "clocks_clock", "people_likeness"):
            sql(f"DELETE FROM {table} WHERE dossier_id = %s", [self.filed.dossier.id])
        sql("DELETE FROM access_grant WHERE source = 'consent'")
        sql("UPDATE people_person SET one_id = id WHERE one_id <> id")
        sql("DELETE FROM people_part WHERE role = 'guardian'")
        sql("UPDATE people_part SET status = 'active', until = NULL WHERE role = 'client'")
        self.file = File(clients=dict.fromkeys((ADULT, *CHILDREN), True), adults={ADULT})
        self.links: list[tuple[UUID, frozenset[int]]] = []
        for name, child in zip(NAMES, CHILDREN, strict=True):
            self.name(child, name)

    # --- steps

    def answer(
        self,
        client: int,
        service: str,
        answer: str,
        basis: str,
        to: int | None,
        also: frozenset[str],
        days: int,
    ) -> None:
        by = self.supervisor if basis == "best_interest" else self.manager
        now, viewer = clock.now(), self.world.viewer(by)
        allowed = self.file.may_answer(client, service, answer, basis)
        try:
            with acting(by):
                row = record_consent(
                    viewer=viewer,
                    dossier=self.filed.dossier,
                    client=Person.objects.get(id=self.ids[client]),
                    service=service,
                    recipient=None if to is None else self.partners[to],
                    answer=answer,
                    basis=basis,
                    assent=Assent.GIVEN if client != ADULT else Assent.NOT_NEEDED,
                    method=Method.SIGNED,
                    also=also if to is not None and answer == "given" else (),
                    until=now + timedelta(days=days),
                    at=now,
                )
        except Refused:
            assert not allowed
            return
        assert allowed
        assert answer != "given" or row.until == self.ends(client, basis, now + timedelta(days=days))
        by_whom = next((name for name in NAMES if self.ids[name] == row.given_by_id), "")
        assert (basis == "guardian") == (by_whom in self.file.guardians_of(client))
        order = len(self.file.said) + 1
        shared = also if to is not None and answer == "given" else frozenset()
        self.file.said.append(
            Said(order, client, service, to, answer, basis, by_whom, shared, row.until, row=row.id)
        )

    def ends(self, client: int, basis: str, until: datetime) -> datetime:
        """What was answered for a child ends on the day on which she answers for herself."""
        return min(until, self.birthday) if client == 1 and basis != "client" else until

    def withdraw(self, number: int) -> None:
        """By raw SQL of the application's role, so that no page had a say."""
        if number >= len(self.file.said):
            return
        one = self.file.said[number]
        if one.answer == "given" and not one.withdrawn:
            with acting(self.manager):
                assert Consent.objects.filter(id=one.row).update(withdrawn_at=clock.now()) == 1
            one.withdrawn = True

    def bar(self, child: int) -> None:
        for standing in self.file.guardians:
            if standing.child == child and standing.status == "active":
                self.world.rows(
                    "UPDATE people_part SET status = 'refused', refusal = 'namesake', section = 'parties' "
                    "WHERE role = 'guardian' AND of_id = %s AND status = 'active'",
                    [self.ids[child]],
                )
                standing.status = "refused"

    def name(self, child: int, name: str) -> None:
        """Somebody is accepted as this child's guardian; who was it before has ended."""
        group = self.file.group(child)
        for standing in self.file.guardians:
            if standing.child in group and standing.status == "active":
                standing.status = "ended"
        self.world.rows(
            "UPDATE people_part SET status = 'ended', until = now() WHERE role = 'guardian' AND of_id = ANY (%s) "
            "AND status = 'active'",
            [[self.ids[one] for one in group]],
        )
        self.world.rows(
            "INSERT INTO people_part (id, dossier_id, unit_id, stage, section, person_id, of_id, role, relation, "
            "status, refusal, since) SELECT gen_random_uuid(), dossier_id, unit_id, stage, 'identity', %s, id, "
            "'guardian', 'aunt_uncle', 'active', '', now() FROM people_person WHERE id = %s",
            [self.ids[name], self.ids[child]],
        )
        self.file.guardians.append(Standing(name, child, "active"))

    def passes(self, days: int) -> None:
        """Days pass: everything that was written lies so much further back."""
        ago = [timedelta(days=days)]
        for table, columns, which in (
            ("consent_consent", ("answered_at", "until", "withdrawn_at"), ""),
            ("access_grant", ("given_at", "until", "withdrawn_at"), "AND source = 'consent'"),
        ):
            moved = ", ".join(f"{column} = {column} - %s" for column in columns)
            self.world.rows(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            self.world.rows(
                f"UPDATE {table} SET {moved} WHERE dossier_id = %s {which}", [*ago * 3, self.filed.dossier.id]
            )
            self.world.rows(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for one in self.file.said:
            one.until = one.until - ago[0] if one.until else None

    def link(self, one: int, other: int) -> None:
        pair = frozenset({one, other})
        if one == other or pair in self.file.same:
            return
        sql = (
            "INSERT INTO people_likeness (id, dossier_id, unit_id, stage, person_id, other_id, other_dossier_id, "
            "decision, why, decided_by_id, decided_at) "
            "SELECT gen_random_uuid(), dossier_id, unit_id, stage, id, %s, dossier_id, 'same', '[]', %s, now() "
            "FROM people_person WHERE id = %s RETURNING id"
        )
        told = [self.ids[other], self.supervisor.id, self.ids[one]]
        if not self.file.may_be_one(one, other):
            with pytest.raises(IntegrityError, match="one guardian"):
                self.world.rows(sql, told)
            return
        ((made,),) = self.world.rows(sql, told)
        self.file.same.add(pair)
        self.links.append((made, pair))

    def part(self, number: int) -> None:
        if number < len(self.links):
            made, pair = self.links.pop(number)
            self.world.rows(
                "UPDATE people_likeness SET undone_at = now(), undone_by_id = %s WHERE id = %s",
                [self.supervisor.id, made],
            )
            self.file.same.remove(pair)

    def set_client(self, client: int, *, is_client: bool) -> None:
        self.world.rows(
            "UPDATE people_part SET status = %s WHERE role = 'client' AND person_id = %s",
            ["active" if is_client else "ended", self.ids[client]],
        )
        self.file.clients[client] = is_client

    def do(self, step: Any) -> None:
        what, *about = step
        if what in ("leave", "come back"):
            self.set_client(*about, is_client=what == "come back")
        elif what == "pass":
            self.passes(*about)
        else:
            getattr(self, what)(*about)

    # --- what there is then

    def granted(self, partner: Organisation) -> dict[str, tuple[bool, datetime]]:
        rows = self.world.rows(
            "SELECT section, writes, until FROM access_grant WHERE principal_id = %s AND dossier_id = %s "
            "AND source = 'consent' AND withdrawn_at IS NULL AND until > now()",
            [partner.id, self.filed.dossier.id],
        )
        return {section: (writes, until) for section, writes, until in rows}

    def seen_by(self, officer: User, section: str) -> tuple[set[Any], set[Any]]:
        """Of the people of the file: whom the rule names for this section, and whose rows are there, by raw SQL."""
        called = {id_: name for name, id_ in self.ids.items()}
        with acting(officer), connection.cursor() as cursor:
            cursor.execute("SELECT unnest(door.shown_people(%s, %s))", [self.filed.dossier.id, section])
            named = {called[row[0]] for row in cursor.fetchall()}
            cursor.execute("SELECT id FROM people_person WHERE dossier_id = %s", [self.filed.dossier.id])
            return named, {called[row[0]] for row in cursor.fetchall()}

    def check(self) -> None:
        now = clock.now()
        for place, (partner, officer) in enumerate(zip(self.partners, self.officers, strict=True)):
            expected = self.file.grants(place, now)
            assert self.granted(partner) == expected
            for section in ("identity", "contact", "support"):
                named, there = self.seen_by(officer, section)
                assert named == self.file.shown(place, section, now)
                if section == "identity":
                    assert there == named
            with acting(officer):
                wanted = {
                    client
                    for client in self.file.clients
                    if self.file.group(client) in self.agreed(place, now)
                }
                assert set(Part.objects.values_list("role", flat=True)) <= {"client", "guardian"}
                assert {id_ for id_ in self.ids if self.agreed_to(officer, id_, place)} == wanted
        self._check_pages(now)
        self._check_new(now)

    def agreed(self, place: int, now: datetime) -> set[frozenset[int]]:
        """Who agreed to legal aid by this partner."""
        return {h for h in self.file.humans() if self.file.opens(h, "legal", place, now)}

    def agreed_to(self, officer: User, client: Any, place: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT door.agreed(%s, %s, 'legal', %s)",
                [self.filed.dossier.id, self.ids[client], self.partners[place].id],
            )
            return bool(cursor.fetchone()[0])

    def _check_pages(self, now: datetime) -> None:
        """What pages say stands and is shown."""
        viewer = self.world.viewer(self.manager)
        with acting(self.manager):
            around = queries.around(parts_of(viewer, self.filed.dossier.id))
            answers = queries.consents_of(viewer, self.filed.dossier.id)
            stands = queries.standing(answers, around)
            shown = queries.shown(stands, around.clients, now)
        for place, partner in enumerate(self.partners):
            expected = {section: until for section, (_w, until) in self.file.grants(place, now).items()}
            assert shown.get(partner.id, {}) == expected
        opened = {
            one.row
            for human in self.file.humans()
            for service in OWN
            for to in (0, 1, None)
            if (one := self.file.opens(human, service, to, now))
        }
        assert {one.id for one in stands if queries.holds(one, now)} == opened

    def _check_new(self, now: datetime) -> None:
        """What may be planned and sent now: by page, and by whatever statement."""
        viewer = self.world.viewer(self.manager)
        for client in self.file.clients:
            for service in OWN:
                for to in (0, 1, None):
                    recipient = None if to is None else self.partners[to].id
                    expected = self.file.allows(self.file.group(client), service, to, now)
                    with acting(self.manager):
                        found = queries.live_consent(
                            viewer, self.filed.dossier.id, client_id=self.ids[client], service=service,
                            recipient_id=recipient, at=now,
                        )  # fmt: skip
                    assert (found.id if found else None) == (expected.row if expected else None)
        for one in self.file.said:
            recipient = None if one.recipient is None else self.partners[one.recipient].id
            ((told,),) = self.world.rows(
                "SELECT door.consented(%s, %s, %s, %s, now())",
                [one.row, self.filed.dossier.id, one.service, recipient],
            )
            newest = self.file.allows(self.file.group(one.client), one.service, one.recipient, now)
            itself = one.answer == "given" and not one.withdrawn and one.until is not None and one.until > now
            of_barred = one.basis == "guardian" and self.file.is_barred(one.given_by)
            assert told == bool(itself and newest and not of_barred)


@pytest.fixture(scope="module")
def played(lasting_world: World) -> Played:
    return Played(lasting_world)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_whatever_is_said_each_recipient_gets_what_the_slow_model_says(
    played: Played, steps: list[Any]
) -> None:
    played.begin()
    for step in steps:
        played.do(step)
    played.check()


def test_the_model_itself_says_what_the_rules_say() -> None:
    """So that two that are wrong alike are found: each rule once, by hand."""
    now = clock.now()
    file = File(clients={0: True, 1: True}, adults={0}, guardians=[Standing("aunt", 1, "active")])
    later = now + timedelta(days=5)

    def said(client: int, service: str, answer: str = "given", basis: str = "client", *also: str) -> Said:
        by = "aunt" if basis == "guardian" else ""
        one = Said(len(file.said) + 1, client, service, 0, answer, basis, by, frozenset(also), later)
        file.said.append(one)
        return one

    said(0, "legal", "given", "client", "narrative")
    assert set(file.grants(0, now)) == {"file", "identity", "referral", "legal"}, (
        "the other client was not asked"
    )
    child = said(1, "medical", "given", "guardian", "narrative")
    assert "narrative" in file.grants(0, now)
    assert file.shown(0, "identity", now) == {0, 1, "aunt"}
    said(1, "medical", "refused", "guardian")
    assert "medical" in file.grants(0, now), "care.md 11: no guardian may veto medical care"
    file.guardians[0].status = "refused"
    assert "medical" in file.grants(0, now), "what a hospital has begun is not cut off"
    assert file.allows(frozenset({1}), "medical", 0, now) is None, (
        "nothing new rests on a barred guardian's word"
    )
    said(1, "legal", "given", "guardian")
    assert file.opens(frozenset({1}), "legal", 0, now) is None
    child.withdrawn = True
    assert "medical" not in file.grants(0, now)
    assert file.grants(0, later) == {}
    assert not file.may_answer(0, "legal", "given", "guardian")
    assert not file.may_answer(1, "legal", "given", "best_interest")
    assert file.may_answer(1, "medical", "given", Basis.BEST_INTEREST)
