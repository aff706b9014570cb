"""Needs, consents, plans and deeds side by side, as the page of a case shows them."""

import re
from uuid import UUID

from ruangaman.cases import actions as cases
from ruangaman.cases.states import NEVER_NEEDED
from ruangaman.consent.states import Answer, Service
from ruangaman.kernel import clock
from ruangaman.services import queries
from tests.cases.cases import case
from tests.desk.questions import asked_by
from tests.services.referring import another, sent, table_of, table_read, withdraw
from tests.worlds import World, acting


def test_the_table_says_of_each_need_what_was_answered_planned_and_done(world: World) -> None:
    one = sent(world)
    one.accept()
    one.treat(given_on="2026-03-02")
    one.way.consent(Service.PSYCHOLOGICAL, answer=Answer.LATER)
    told = table_of(one.way)
    assert re.search(r"Kesehatan dan visum.*setuju.*RS Uji.*mulai.*1 dari 3.*terakhir 2 Mar 2026", told)
    assert re.search(r"Psikologis.*ditanyakan lagi.*belum direncanakan", told)
    withdraw(one.way, one.consent)
    assert re.search(r"Kesehatan dan visum.*ditarik", table_of(one.way))


def test_a_need_that_never_was_does_not_stand_in_thetable_read(world: World) -> None:
    way = case(world)
    viewer = world.viewer(way.manager)
    with acting(way.manager):
        need = next(n for n in queries.needs_of(viewer, way.dossier.id) if n.service == Service.PSYCHOLOGICAL)
        cases.leave_unmet(viewer=viewer, dossier=way.dossier, need=need, reason=NEVER_NEEDED, at=clock.now())
    told = table_of(way)
    assert "Psikologis" not in told
    assert "Kesehatan" in told


def test_an_answer_that_opens_something_is_shown_though_nobody_wrote_the_need_down(world: World) -> None:
    way = case(world)
    consent = way.consent(Service.LEGAL, to=world.hospital)
    assert re.search(r"Bantuan hukum.*belum dicatat sebagai kebutuhan.*setuju.*RS Uji.*Tarik", table_of(way))
    withdraw(way, consent)
    assert "Bantuan hukum" not in table_of(way)


def test_a_consent_of_a_guardian_who_was_barred_is_to_be_asked_for_again(world: World) -> None:
    """Source: care.md 10 (consents are taken again)."""
    from ruangaman.people.models import Part
    from ruangaman.people.states import PartStatus, PersonRole, Refusal
    from tests.closure.stories import a_case

    story = a_case(world)
    story.need(Service.MEDICAL)
    story.agree(Service.MEDICAL, recipient=world.hospital)
    assert "wali dan anak setuju" in table_read(story.world, story.manager, story.filed.reference)
    Part.objects.using("owner").filter(role=PersonRole.GUARDIAN).update(
        status=PartStatus.REFUSED, refusal=next(iter(Refusal))
    )
    told = table_read(story.world, story.manager, story.filed.reference)
    assert "ditanyakan lagi: wali tidak bisa lagi" in told
    assert "wali dan anak setuju" not in told


def test_the_lists_and_pages_ask_the_same_few_questions_for_much_as_for_little(world: World) -> None:
    one = sent(world)
    one.accept()
    one.treat()
    few = {
        address: asked_by(world.client(one.officer), address, at_most=18)[0]
        for address in (one.page, "/rujukan/")
    }
    for _ in range(4):
        one.treat()
    for _ in range(6):
        sent(world)
    for address in few:
        assert asked_by(world.client(one.officer), address, at_most=18)[0] == few[address], address
    listed = world.client(one.way.supervisor).get("/rujukan/").content.decode()
    assert listed.count("Menunggu jawaban") == 6


def test_the_table_asks_three_questions_however_long_it_is(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    way = case(world)
    way.need(*Service.values)
    for service in (Service.LEGAL, Service.SHELTER, Service.SOCIAL):
        way.consent(service)
    viewer = world.viewer(way.manager)
    with acting(way.manager), CaptureQueriesContext(connection) as asked:
        lines = queries.table(viewer, way.dossier.id, clock.now())
        [str(c.recipient or "") + line.client.age_band for line in lines for c in line.consents]
    assert len(lines) == len(Service)
    assert len(asked) == 3


def test_older_referrals_are_a_page_away_and_a_broken_mark_starts_anew(world: World) -> None:
    one = sent(world)
    viewer = world.viewer(one.way.supervisor)
    for number in range(2):
        sent(world, way=one.way, partner=another(world, f"RS {number}"))
    with acting(one.way.supervisor):
        first = queries.referrals(viewer, size=2)
        moment, _sign, row = first.older.partition("~")
        from datetime import datetime

        rest = queries.referrals(viewer, before=(datetime.fromisoformat(moment), UUID(row)), size=2)
    assert [len(first.rows), len(rest.rows), rest.older] == [2, 1, ""]
    assert {r.id for r in first.rows}.isdisjoint({r.id for r in rest.rows})
    assert world.client(one.way.supervisor).get("/rujukan/?sebelum=%27x~y").status_code == 200
