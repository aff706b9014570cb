"""A draft is its browser's alone, for thirty minutes, and becomes one report however often it is sent."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role
from ruangaman.intake import actions, jobs
from ruangaman.intake.models import Draft, Report
from ruangaman.intake.policies import DRAFT_LIFE
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from tests.access.filled import tried
from tests.notices.working import working
from tests.worlds import World, acting

TOLD = {"story": "Cerita kerupukmelati sekali.", "place": "31.73.01", "step": "check"}


def keep(visit: actions.Visit | None = None, **answers: object) -> actions.Visit:
    visit = visit or actions.new_visit()
    actions.keep_draft(visit=visit, answers={**TOLD, **answers}, at=clock.now())
    return visit


def test_a_draft_opens_for_the_browser_that_wrote_it(world: World) -> None:
    visit = keep()
    assert actions.read_draft(visit=visit, at=clock.now()) == (TOLD, "")
    keep(visit, story="Lain.")
    opened = actions.read_draft(visit=visit, at=clock.now())
    assert opened is not None
    assert opened[0]["story"] == "Lain."
    assert Draft.objects.using("owner").count() == 1


def test_a_draft_stands_sealed_in_the_table(world: World) -> None:
    visit = keep()
    row = world.rows("SELECT to_jsonb(d)::text FROM intake_draft d")[0][0]
    assert b"kerupukmelati".hex() not in row
    assert "kerupukmelati" not in row
    assert visit.secret.hex() not in row
    assert "secret" not in repr(visit)


def test_a_draft_does_not_open_with_another_key(world: World) -> None:
    visit = keep()
    with pytest.raises(Unreadable):
        actions.read_draft(visit=actions.Visit(visit.id, bytes(32)), at=clock.now())


def test_a_draft_that_was_put_in_the_place_of_another_does_not_open(world: World) -> None:
    visit, other = keep(), keep()
    world.rows(
        "UPDATE intake_draft SET answers = (SELECT answers FROM intake_draft WHERE id = %s) WHERE id = %s",
        [visit.id, other.id],
    )
    with pytest.raises(Unreadable):
        actions.read_draft(visit=other, at=clock.now())
    with pytest.raises(Unreadable):
        actions.read_draft(visit=actions.Visit(other.id, visit.secret), at=clock.now())


def test_a_draft_is_gone_after_thirty_minutes(world: World) -> None:
    visit = keep()
    world.rows("UPDATE intake_draft SET expires_at = expires_at - %s", [DRAFT_LIFE])
    assert actions.read_draft(visit=visit, at=clock.now()) is None
    with pytest.raises(Refused, match="Waktu menulis sudah habis"):
        actions.file_report(visit=visit, at=clock.now())
    assert not Dossier.objects.using("owner").exists()


def test_each_page_that_is_written_gives_thirty_minutes_more(world: World) -> None:
    visit = keep()
    world.rows("UPDATE intake_draft SET expires_at = expires_at - interval '29 minutes'")
    keep(visit)
    left = Draft.objects.using("owner").get().expires_at - clock.now()
    assert timedelta(minutes=29) < left <= DRAFT_LIFE


def test_nobody_reads_changes_or_drops_a_draft_without_its_own_ticket(world: World) -> None:
    visit, other = keep(), keep()
    tickets = [{"user": None}, {"user": world.person(Role.HEAD)}]
    scopes = [{"purpose": "draft", "scope": other.id}, {"purpose": "filing", "scope": visit.id}]
    for ticket in (*tickets, *scopes):
        with acting(**ticket):  # type: ignore[arg-type]
            for statement in (
                "SELECT answers FROM intake_draft WHERE id = %s",
                "UPDATE intake_draft SET answers = '' WHERE id = %s RETURNING 1",
                "DELETE FROM intake_draft WHERE id = %s RETURNING 1",
            ):
                assert tried(statement, [visit.id]) == []
    with acting(purpose="draft", scope=visit.id):
        assert len(tried("SELECT answers FROM intake_draft") or []) == 1


def test_a_draft_ticket_can_not_be_used_to_write_another_draft(world: World) -> None:
    with (
        acting(purpose="draft", scope=uuid4()),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Draft.objects.create(id=uuid4(), expires_at=clock.now())


def test_the_task_that_forgets_drafts_sees_only_those_whose_time_is_over(world: World) -> None:
    visit, old = keep(), keep()
    world.rows("UPDATE intake_draft SET expires_at = now() - interval '1 second' WHERE id = %s", [old.id])
    assert tried("SELECT id FROM intake_draft", using="worker") == [(old.id,)]
    assert tried("SELECT answers FROM intake_draft", using="worker") is None
    assert tried("DELETE FROM intake_draft RETURNING id", using="worker") == [(old.id,)]
    assert actions.read_draft(visit=visit, at=clock.now())


def test_the_task_deletes_what_is_over(world: World) -> None:
    visit, old = keep(), keep()
    world.rows("UPDATE intake_draft SET expires_at = now() - interval '1 minute' WHERE id = %s", [old.id])
    with working():
        jobs.forget_drafts(int(clock.now().timestamp()))
    assert [draft.id for draft in Draft.objects.using("owner").all()] == [visit.id]


def test_leaving_drops_the_draft_and_its_receipt(world: World) -> None:
    visit = keep()
    actions.drop_draft(visit=visit, at=clock.now())
    assert not Draft.objects.using("owner").exists()
    assert actions.read_draft(visit=visit, at=clock.now()) is None


def test_a_draft_sent_twice_makes_one_report_and_gives_the_same_code(world: World) -> None:
    visit = keep()
    first = actions.file_report(visit=visit, at=clock.now())
    assert (
        actions.file_report(visit=visit, at=clock.now()) == first == actions.Sent(first.code, world.unit.id)
    )
    assert Report.objects.using("owner").count() == 1
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'report_received'") == [(1,)]
    assert world.rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'intake.announce'") == [(1,)]


def test_eight_clicks_at_once_make_one_report(world: World) -> None:
    visit, start, codes = keep(), threading.Barrier(8), []

    def press() -> None:
        try:
            start.wait()
            codes.append(str(actions.file_report(visit=visit, at=clock.now()).code))
        finally:
            connections.close_all()

    hands = [threading.Thread(target=press) for _ in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(codes) == 8
    assert len(set(codes)) == 1
    assert Report.objects.using("owner").count() == 1
    assert Dossier.objects.using("owner").count() == 1


def test_a_draft_that_was_sent_takes_no_more_answers_and_keeps_none(world: World) -> None:
    visit = keep()
    code = actions.file_report(visit=visit, at=clock.now()).code
    with pytest.raises(DatabaseError):
        keep(visit, story="Terlambat.")
    kept = {
        "unit": str(world.unit.id)
    }  # who answers, so that the receipt says by when; nothing that was typed
    assert actions.read_draft(visit=visit, at=clock.now()) == (kept, str(code))


def test_the_receipt_stands_nowhere_in_clear(world: World) -> None:
    visit = keep()
    code = actions.file_report(visit=visit, at=clock.now()).code
    tables = [
        row[0]
        for row in world.rows(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    ]
    everything = "".join(
        row[0] for t in tables for row in world.rows(f'SELECT to_jsonb(t)::text FROM "{t}" t')
    )
    assert "intake" in everything
    for form in (str(code), code.words[0] + "-" + code.words[1], code.secret.hex(), str(code).encode().hex()):
        assert form not in everything
    for said in ("kerupukmelati", b"kerupukmelati".hex()):
        assert said not in everything


@pytest.mark.parametrize("answers", [{"story": ""}, {"story": None}])
def test_a_draft_that_tells_nothing_makes_no_report(world: World, answers: dict[str, object]) -> None:
    visit = keep(**answers)
    with pytest.raises(Refused, match="apa yang terjadi"):
        actions.file_report(visit=visit, at=clock.now())
    assert not Dossier.objects.using("owner").exists()


def test_where_no_unit_is_there_the_draft_is_kept_and_a_number_is_given(world: World) -> None:
    world.rows("UPDATE access_organisation SET is_active = false")
    visit = keep()
    with pytest.raises(Refused, match="112"):
        actions.file_report(visit=visit, at=clock.now())
    opened = actions.read_draft(visit=visit, at=clock.now())
    assert opened is not None
    assert opened[0]["story"] == TOLD["story"]
