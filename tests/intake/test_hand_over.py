"""Handing a shift over, and what *Hari ini* asks of who is on duty (issue 6, "Ways in")."""

from datetime import timedelta
from typing import Any

from ruangaman.access.duties import Duty, Kind
from ruangaman.access.states import Role
from ruangaman.intake import duties, jobs
from ruangaman.intake.policies.roster import HAND_OVERS_SHOWN
from ruangaman.kernel import clock, dictionary
from ruangaman.kernel.ids import new_id
from tests.clocks.test_firing import as_worker
from tests.intake.roster import called, notices, on_duty
from tests.intake.test_duties_of_intake import asked
from tests.worlds import World, acting


def text(answer: Any) -> str:
    return str(answer.content.decode())


def give(world: World, words: str, **more: Any) -> Any:
    giver, taker = world.person(Role.INTAKE_OFFICER), world.person(Role.SUPERVISOR)
    sent = {"hand_over_id": str(new_id()), "to": str(taker.id), "text": words, **more}
    return world.client(giver).post("/piket/serah/", sent)


def test_a_shift_is_handed_over_sealed_told_and_read_once(world: World) -> None:
    filed = world.file()
    words = f"{filed.reference}: hubungi sesudah pukul sepuluh."
    assert give(world, words).status_code == 302
    row, sealed = world.rows("SELECT id, text FROM intake_handover")[0]
    assert filed.reference.encode() not in bytes(sealed)
    taker = world.person(Role.SUPERVISOR)
    assert notices(world, "hand_over") == [(taker.id, "hand_over")]
    client = world.client(taker)
    assert f"/piket/serah/{row}/" in text(client.get("/piket/"))
    assert words in text(client.get(f"/piket/serah/{row}/"))
    for _twice in range(2):
        assert client.post(f"/piket/serah/{row}/").status_code == 302
    assert world.rows("SELECT read_at IS NOT NULL FROM intake_handover") == [(True,)]
    fields = world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'handed_over' ORDER BY at, id")
    assert [one[0] for one in fields] == [["given"], ["read"]]
    told = str(world.rows("SELECT to_jsonb(e)::text FROM ledger_entry e"))
    assert "sepuluh" not in told


def test_a_double_click_hands_over_once(world: World) -> None:
    same = str(new_id())
    for _twice in range(2):
        assert give(world, "Tidak ada.", hand_over_id=same).status_code == 302
    assert world.rows("SELECT count(*) FROM intake_handover") == [(1,)]


def test_what_was_typed_stays_where_a_hand_over_is_refused(world: World) -> None:
    answer = give(world, "Telepon 081234567890 dulu.")
    assert answer.status_code == 400
    assert "Telepon 081234567890 dulu." in text(answer)
    assert world.rows("SELECT count(*) FROM intake_handover") == [(0,)]


def test_the_page_says_what_is_open_by_reference_alone(world: World) -> None:
    filed = world.file(name="Sulastri Rekaan", means="text", phone="0812-0000-1111")
    page = text(world.client(world.person(Role.INTAKE_OFFICER)).get("/piket/serah/"))
    assert filed.reference in page
    assert "Sulastri" not in page


def test_only_who_answers_reports_there_reads_a_hand_over_and_only_its_receiver_confirms(
    world: World,
) -> None:
    give(world, "Tidak ada.")
    (row,) = world.rows("SELECT id FROM intake_handover")[0]
    head = world.client(world.person(Role.HEAD))
    assert head.get(f"/piket/serah/{row}/").status_code == 200
    head.post(f"/piket/serah/{row}/")
    assert world.rows("SELECT read_at FROM intake_handover") == [(None,)]
    for person in (
        world.person(Role.COMPANION),
        world.person(Role.ADMINISTRATOR),
        world.person(Role.SUPERVISOR, world.other),
    ):
        assert world.client(person).get(f"/piket/serah/{row}/").status_code == 404
        with acting(person):
            assert world.rows("SELECT count(*) FROM intake_handover", using="default") == [(0,)]


def test_a_hand_over_goes_to_no_stranger_and_opens_in_no_other_row(world: World) -> None:
    stranger = world.person(Role.SUPERVISOR, world.other)
    assert give(world, "Tidak ada.", to=str(stranger.id)).status_code == 400
    give(world, "Yang pertama.")
    give(world, "Yang kedua.")
    one, two = (row[0] for row in world.rows("SELECT id FROM intake_handover ORDER BY given_at"))
    world.rows(
        "UPDATE intake_handover SET text = (SELECT text FROM intake_handover WHERE id = %s) WHERE id = %s",
        [one, two],
    )
    client = world.client(world.person(Role.HEAD))
    client.raise_request_exception = False
    assert client.get(f"/piket/serah/{two}/").status_code >= 500
    assert "Yang pertama" in text(client.get(f"/piket/serah/{one}/"))


# --- Hari ini --------------------------------------------------------------------------------------------------------


def test_hari_ini_asks_to_take_a_call_and_to_read_a_hand_over(world: World) -> None:
    filed, _first, second, (_past, ring) = called(world)
    found: list[Duty] = asked(world, duties.asked, second)
    assert [(d.kind, d.reference, d.url) for d in found] == [
        (Kind.ROSTER, filed.reference, f"/piket/panggilan/{ring}/")
    ]
    (by,) = world.rows("SELECT answer_by FROM intake_ring WHERE id = %s", [ring])[0]
    assert found[0].due_at == by
    give(world, "Tidak ada.")
    taker = asked(world, duties.asked, world.person(Role.SUPERVISOR))
    assert sum(d.url.startswith("/piket/serah/") for d in taker) == 1


def test_hari_ini_asks_who_sets_the_roster_for_its_gaps_only_where_there_is_one(world: World) -> None:
    officer, supervisor = world.person(Role.INTAKE_OFFICER), world.person(Role.SUPERVISOR)
    assert asked(world, duties.asked, supervisor) == []
    on_duty(world, officer)
    (gap,) = asked(world, duties.asked, supervisor)
    assert "tanpa piket" in str(gap.text)
    assert asked(world, duties.asked, officer) == []
    assert asked(world, duties.asked, world.person(Role.COMPANION)) == []
    for n in range(8):
        on_duty(world, officer, begins=timedelta(hours=8 + 24 * n), ends=timedelta(hours=8 + 24 * (n + 1)))
    assert asked(world, duties.asked, supervisor) == []


def test_what_a_shift_told_is_gone_after_its_time_and_not_before_read_or_not(world: World) -> None:
    """Source: policy/data.yaml, retention ``hand_over``."""
    assert dictionary.codes()["retention"]["hand_over"]["minutes"] * 60 == HAND_OVERS_SHOWN.total_seconds()
    for words in ("Lama dan dibaca.", "Lama dan belum dibaca.", "Baru."):
        assert give(world, words).status_code == 302
    old, unread, new = (row[0] for row in world.rows("SELECT id FROM intake_handover ORDER BY given_at, id"))
    assert world.client(world.person(Role.SUPERVISOR)).post(f"/piket/serah/{old}/").status_code == 302
    world.rows(
        "UPDATE intake_handover SET given_at = now() - interval '30 days 1 minute' WHERE id <> %s", [new]
    )
    world.rows(
        "UPDATE intake_handover SET given_at = now() - interval '29 days 23 hours' WHERE id = %s", [new]
    )
    with as_worker():
        jobs.forget_hand_overs(int(clock.now().timestamp()))
    assert [row[0] for row in world.rows("SELECT id FROM intake_handover")] == [new], (old, unread)
