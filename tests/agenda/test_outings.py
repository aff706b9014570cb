"""Who goes out is waited for: late, the supervisors are told once, at any hour, and nobody who is walled off."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError

from ruangaman.access.actions import raise_wall
from ruangaman.access.models import User
from ruangaman.access.states import Role, Section
from ruangaman.agenda.actions import outings as actions
from ruangaman.agenda.models import Outing
from ruangaman.agenda.policies import outings as policies
from ruangaman.agenda.states import OutingEnd
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.people.people import put_on_team
from tests.worlds import Filed, World, acting

HOUR = timedelta(hours=1)


def companion(world: World, filed: Filed, tag: str = "") -> User:
    person = world.person(Role.COMPANION, tag=tag)
    put_on_team(world, filed, person, Role.COMPANION)
    return person


def out(
    world: World,
    filed: Filed,
    person: User,
    *,
    expected_at: datetime | None = None,
    at: datetime | None = None,
) -> Outing:
    at = at or clock.now()
    viewer = world.viewer(person)
    with acting(person):
        return actions.go_out(
            viewer=viewer,
            dossier=filed.dossier,
            expected_at=expected_at or at + HOUR,
            at=at,
            area="31.73.01.1001",
        )


def ends(world: World, person: User, outing: Outing, ending: OutingEnd) -> None:
    viewer = world.viewer(person)
    with acting(person):
        actions.come_back(viewer=viewer, outing=outing, ending=ending, at=clock.now())


def clocks(world: World, outing: Outing) -> list[tuple[str, bool, UUID | None]]:
    return world.rows(
        "SELECT code, ended_at IS NULL, holder_id FROM clocks_clock WHERE about = %s ORDER BY started_at, ended_at",
        [outing.id],
    )


AT = datetime(2026, 11, 22, 3, 7, tzinfo=UTC)  # 10.07 in Jakarta


def test_an_hour_that_has_passed_today_is_tomorrows() -> None:
    assert policies.back_by(AT, time(15, 30), "Asia/Jakarta") == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    assert policies.back_by(AT, time(2), "Asia/Jakarta") == datetime(2026, 11, 22, 19, tzinfo=UTC)
    assert policies.back_by(AT, time(11), "Asia/Jayapura") == datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_what_is_proposed_is_half_an_hour_after_the_appointment_to_the_next_quarter() -> None:
    assert policies.proposed(AT, datetime(2026, 11, 22, 5, 3, tzinfo=UTC)).minute == 45
    assert policies.proposed(AT, None) == datetime(2026, 11, 22, 5, 15, tzinfo=UTC)
    # An appointment that is over by now still gives an hour ahead.
    assert policies.proposed(AT, AT - HOUR) > AT


@pytest.mark.parametrize(("ahead", "says"), [(timedelta(0), "sudah lewat"), (timedelta(hours=25), "24 jam")])
def test_an_hour_that_can_not_be_is_refused(ahead: timedelta, says: str) -> None:
    with pytest.raises(Refused, match=says):
        policies.check_can_go_out(at=AT, expected_at=AT + ahead)


def test_a_companion_in_a_hurry_goes_out_and_comes_back_on_a_phone(world: World) -> None:
    filed = world.file()
    her = companion(world, filed)
    page = world.client(her)
    form = page.get("/agenda/pergi/").context["form"]
    sent = {
        "what": filed.reference,
        "back_by": form["back_by"].value().strftime("%H:%M"),
        "outing_id": form["outing_id"].value(),
    }
    assert page.post("/agenda/pergi/", sent).status_code == 302
    assert page.post("/agenda/pergi/", sent).status_code == 302  # a second click is not a second way out
    assert "Anda sedang di luar" in page.get("/agenda/kembali/").content.decode()
    assert page.get("/agenda/pergi/").status_code == 302
    ((outing_id, back_at),) = world.rows("SELECT id, back_at FROM agenda_outing")
    assert (str(outing_id), back_at) == (str(form["outing_id"].value()), None)
    assert page.post("/agenda/kembali/tambah/").status_code == 302
    assert page.post("/agenda/kembali/lapor/").status_code == 302
    assert "tidak tercatat sedang di luar" in page.get("/agenda/kembali/").content.decode()
    assert world.rows("SELECT ending, ended_by_id FROM agenda_outing") == [("back", her.id)]
    verbs = world.rows(
        "SELECT verb FROM ledger_entry WHERE verb IN ('went_out', 'came_back') ORDER BY at, id"
    )
    assert [verb for (verb,) in verbs] == ["went_out", "went_out", "came_back"]


def test_a_file_that_is_not_theirs_can_not_be_gone_out_for(world: World) -> None:
    filed, other = world.file(), world.file()
    her = companion(world, filed)
    page = world.client(her)
    answer = page.post("/agenda/pergi/", {"what": "other", "reference": other.reference, "back_by": "23:59"})
    assert answer.status_code == 400
    assert "bukan berkas yang Anda tangani" in answer.content.decode()
    answer = page.post("/agenda/pergi/", {"what": "other", "reference": "", "back_by": "pagi"})
    said = answer.content.decode()
    assert "Tulis nomor berkasnya" in said
    assert "09:30" in said
    assert world.rows("SELECT count(*) FROM agenda_outing") == [(0,)]


def test_nobody_is_out_twice_at_once(world: World) -> None:
    filed = world.file()
    her = companion(world, filed)
    out(world, filed, her)
    with pytest.raises(Refused, match="masih tercatat sedang di luar"):
        out(world, filed, her)
    with pytest.raises(IntegrityError), acting(her):
        world.rows(
            "INSERT INTO agenda_outing (id, dossier_id, unit_id, stage, user_id, out_at, expected_at, ending) "
            "SELECT gen_random_uuid(), dossier_id, unit_id, stage, user_id, now(), now() + interval '1 h', '' "
            "FROM agenda_outing",
            using="default",
        )


def test_who_is_back_is_waited_for_no_longer(world: World) -> None:
    filed = world.file()
    her = companion(world, filed)
    outing = out(world, filed, her)
    assert clocks(world, outing) == [("check-in", True, her.id)]
    ends(world, her, outing, OutingEnd.BACK)
    assert [running for _code, running, _holder in clocks(world, outing)] == [False]
    with pytest.raises(Refused, match="sudah tercatat"):
        ends(world, her, outing, OutingEnd.BACK)


def test_half_an_hour_more_moves_the_deadline(world: World) -> None:
    filed = world.file()
    her = companion(world, filed)
    outing = out(world, filed, her)
    until, viewer = outing.expected_at, world.viewer(her)
    with acting(her):
        actions.add_time(viewer=viewer, outing=outing, at=clock.now())
    assert outing.expected_at == until + policies.MORE_TIME
    running = world.rows("SELECT due_at FROM clocks_clock WHERE about = %s AND ended_at IS NULL", [outing.id])
    assert running == [(outing.expected_at,)]


def test_who_left_the_team_meanwhile_still_says_that_they_are_back(world: World) -> None:
    filed = world.file()
    her = companion(world, filed)
    outing = out(world, filed, her)
    world.rows("UPDATE access_grant SET withdrawn_at = now() WHERE principal_id = %s", [her.id])
    page = world.client(her)
    assert "Anda sedang di luar" in page.get("/agenda/kembali/").content.decode()
    refused = page.post("/agenda/kembali/tambah/")
    assert refused.status_code == 409
    assert "hubungi penyelia" in refused.content.decode()
    assert page.post("/agenda/kembali/lapor/").status_code == 302
    assert [running for _code, running, _holder in clocks(world, outing)] == [False]


def test_a_lawyer_who_writes_nothing_of_risks_goes_to_court(world: World) -> None:
    filed = world.file()
    world.move(filed, "case")
    lawyer = world.person(Role.LAWYER)
    put_on_team(world, filed, lawyer, Role.LAWYER)
    outing = out(world, filed, lawyer)
    assert clocks(world, outing) == [("check-in", True, lawyer.id)]
    ends(world, lawyer, outing, OutingEnd.BACK)


def test_a_colleague_can_not_end_anothers_way_out(world: World) -> None:
    filed = world.file()
    her, other = companion(world, filed), companion(world, filed, "2")
    outing = out(world, filed, her)
    for ending in OutingEnd:
        with pytest.raises(Refused):
            ends(world, other, outing, ending)
    with acting(other):
        assert world.rows("SELECT count(*) FROM agenda_outing", using="default") == [(1,)]
        ended = world.rows(
            "UPDATE agenda_outing SET back_at = now(), ending = 'back', ended_by_id = %s RETURNING id",
            [other.id],
            using="default",
        )
    assert ended == []


@pytest.mark.parametrize(
    "change",
    [
        "back_at = now(), ending = 'found', ended_by_id = user_id",
        "back_at = now(), ending = 'back', ended_by_id = user_id",
        "expected_at = expected_at + interval '9 hours'",
        "user_id = gen_random_uuid()",
        "out_at = now() - interval '9 days'",
    ],
)
def test_raw_sql_of_a_supervisor_ends_a_way_out_in_no_other_name(world: World, change: str) -> None:
    filed = world.file()
    out(world, filed, companion(world, filed))
    with pytest.raises(DatabaseError), acting(world.person(Role.SUPERVISOR)):
        world.rows(f"UPDATE agenda_outing SET {change}", using="default")


def test_raw_sql_does_not_send_somebody_else_out_nor_say_they_were_found(world: World) -> None:
    filed = world.file()
    her, other = companion(world, filed), companion(world, filed, "2")
    with pytest.raises(DatabaseError), acting(her):
        world.rows(
            "INSERT INTO agenda_outing (id, dossier_id, unit_id, stage, user_id, out_at, expected_at, ending) "
            "SELECT gen_random_uuid(), id, unit_id, stage, %s, now(), now() + interval '1 h', '' "
            "FROM access_dossier WHERE id = %s",
            [other.id, filed.dossier.id],
            using="default",
        )
    out(world, filed, her)
    with pytest.raises(DatabaseError), acting(her):
        world.rows(
            "UPDATE agenda_outing SET back_at = now(), ending = 'found', ended_by_id = user_id",
            using="default",
        )


def test_what_has_ended_stays_as_it_was_said(world: World) -> None:
    filed = world.file()
    her = companion(world, filed)
    ends(world, her, out(world, filed, her), OutingEnd.BACK)
    with acting(her):
        changed = world.rows(
            "UPDATE agenda_outing SET back_at = now() - interval '9 hours' RETURNING id", using="default"
        )
    assert changed == []


def test_the_supervisor_sees_who_is_out_and_late_and_says_that_they_were_found(world: World) -> None:
    filed = world.file()
    her = companion(world, filed)
    outing = out(world, filed, her, at=clock.now() - 3 * HOUR, expected_at=clock.now() - HOUR)
    page = world.client(world.person(Role.SUPERVISOR))
    shown = page.get("/agenda/di-luar/").content.decode()
    assert her.name in shown
    assert "terlambat" in shown
    assert page.post(f"/agenda/di-luar/{outing.id}/", {"ending": "back"}).status_code == 409
    assert page.post(f"/agenda/di-luar/{outing.id}/", {"ending": "gone"}).status_code == 404
    assert page.post(f"/agenda/di-luar/{outing.id}/", {"ending": "found"}).status_code == 302
    assert her.name not in page.get("/agenda/di-luar/").content.decode()
    assert world.rows("SELECT ending FROM agenda_outing") == [("found",)]


def test_the_head_who_writes_no_risks_says_that_help_was_sent(world: World) -> None:
    filed = world.file()
    outing = out(world, filed, companion(world, filed))
    page = world.client(world.person(Role.HEAD))
    assert page.post(f"/agenda/di-luar/{outing.id}/", {"ending": "helped"}).status_code == 302
    assert world.rows("SELECT ending FROM agenda_outing") == [("helped",)]


def test_others_do_not_see_who_is_out(world: World) -> None:
    filed = world.file()
    her = companion(world, filed)
    outing = out(world, filed, her)
    page = world.client(her)
    assert page.get("/agenda/di-luar/").status_code == 404
    assert page.post(f"/agenda/di-luar/{outing.id}/", {"ending": "found"}).status_code == 404
    elsewhere = world.person(Role.SUPERVISOR, world.other)
    assert (
        world.client(elsewhere).post(f"/agenda/di-luar/{outing.id}/", {"ending": "found"}).status_code == 404
    )


def test_a_partner_with_the_risks_of_a_file_does_not_learn_where_staff_are(world: World) -> None:
    filed = world.file()
    world.move(filed, "case")
    out(world, filed, companion(world, filed))
    partner = world.person(Role.PARTNER_OFFICER)
    world.grant(filed, world.hospital.id, Section.RISK, writes=True)
    with acting(partner):
        assert world.rows("SELECT count(*) FROM agenda_outing", using="default") == [(0,)]
    viewer = world.viewer(partner)
    with pytest.raises(Refused, match="berkas yang Anda tangani"), acting(partner):
        actions.go_out(viewer=viewer, dossier=filed.dossier, expected_at=clock.now() + HOUR, at=clock.now())


def test_a_walled_supervisor_neither_sees_nor_ends_it(world: World) -> None:
    filed = world.file()
    her, walled = companion(world, filed), world.person(Role.SUPERVISOR, tag="2")
    head = world.person(Role.SUPERVISOR)
    with acting(head):
        raise_wall(dossier=filed.dossier, person=walled.id, by=head.id, at=clock.now())
    outing = out(world, filed, her)
    page = world.client(walled)
    assert her.name not in page.get("/agenda/di-luar/").content.decode()
    assert page.post(f"/agenda/di-luar/{outing.id}/", {"ending": "found"}).status_code == 404
