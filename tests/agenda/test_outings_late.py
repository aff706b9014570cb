"""Who does not come back in time is looked for: supervisors are told once, at any hour, and nobody walled off."""

from datetime import datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ruangaman.access.actions import raise_wall
from ruangaman.access.duties import Kind, duties_for
from ruangaman.access.states import Role
from ruangaman.agenda import duties
from ruangaman.agenda.actions import outings as actions
from ruangaman.agenda.states import BookingKind, OutingEnd
from ruangaman.kernel import clock
from ruangaman.notices import states as notices
from tests.agenda.booked import Case, case
from tests.agenda.test_outings import companion, ends, out
from tests.clocks.test_firing import fire, told
from tests.worlds import World, acting

HOUR = timedelta(hours=1)


def test_a_late_check_out_tells_the_supervisors_once_and_whoever_is_walled_never(world: World) -> None:
    filed = world.file()
    her, walled = companion(world, filed), world.person(Role.SUPERVISOR, tag="2")
    supervisor = world.person(Role.SUPERVISOR)
    with acting(supervisor):
        raise_wall(dossier=filed.dossier, person=walled.id, by=supervisor.id, at=clock.now())
    outing = out(world, filed, her)
    fire(outing.expected_at - timedelta(minutes=1))
    assert [kind for _who, kind, _moment in told() if kind == notices.Kind.NOT_BACK] == []
    for later in range(4):
        fire(outing.expected_at + later * HOUR)
    found = [(who, moment) for who, kind, moment in told() if kind == notices.Kind.NOT_BACK]
    assert (supervisor.id, "escalated") in found
    assert len(found) == len(set(found))
    assert [moment for who, moment in found if who == supervisor.id] == ["escalated"]
    assert walled.id not in {who for who, _kind, _moment in told()}
    assert notices.Kind.NOT_BACK in notices.URGENT  # at any hour


def test_who_came_back_in_time_alarms_nobody(world: World) -> None:
    filed = world.file()
    her = companion(world, filed)
    world.person(Role.SUPERVISOR)
    outing = out(world, filed, her)
    ends(world, her, outing, OutingEnd.BACK)
    fire(outing.expected_at + 9 * HOUR)
    assert [kind for _who, kind, _moment in told() if kind == notices.Kind.NOT_BACK] == []


def test_half_an_hour_more_is_waited_before_anybody_is_told(world: World) -> None:
    filed = world.file()
    her = companion(world, filed)
    outing = out(world, filed, her)
    first, viewer = outing.expected_at, world.viewer(her)
    with acting(her):
        actions.add_time(viewer=viewer, outing=outing, at=clock.now())
    fire(first + timedelta(minutes=1))
    assert told() == []
    fire(outing.expected_at + timedelta(minutes=1))
    assert {kind for _who, kind, _moment in told()} == {notices.Kind.NOT_BACK}


def asked(world: World, case_: Case, who: str, at: datetime) -> list[tuple[str, str, str]]:
    user = getattr(case_, who)
    viewer = world.viewer(user)
    with acting(user):
        return [
            (one.kind, str(one.text), one.url)
            for one in duties_for(viewer, at)
            if one.url.startswith("/agenda")
        ]


def test_hari_ini_says_that_one_is_out_and_tells_the_supervisor_who_is_late(world: World) -> None:
    story = case(world)
    outing = out(world, story.filed, story.companion)
    now = clock.now()
    (mine,) = asked(world, story, "companion", now)
    assert mine[0] == Kind.SAFETY
    assert "Anda sedang di luar: lapor kembali sebelum" in mine[1]
    assert mine[2] == "/agenda/kembali/"
    assert asked(world, story, "supervisor", now) == []
    ((kind, text, url),) = asked(world, story, "supervisor", outing.expected_at)
    assert (kind, url) == (Kind.DANGER, "/agenda/di-luar/")
    assert story.companion.name in text


def test_hari_ini_leads_from_an_appointment_outside_to_going_out(world: World) -> None:
    story = case(world)
    starts_at = clock.now() + HOUR
    made = story.book(story.client, kind=BookingKind.HEARING, starts_at=starts_at, venue=story.court)
    (one,) = asked(world, story, "manager", clock.now())
    assert one[2] == f"/agenda/pergi/?janji={made.id}"
    page = world.client(story.manager)
    shown = page.get(one[2])
    form = shown.context["form"]
    assert form["what"].value() == str(made.id)
    sent = {
        "what": form["what"].value(),
        "back_by": form["back_by"].value().strftime("%H:%M"),
        "outing_id": form["outing_id"].value(),
    }
    assert page.post("/agenda/pergi/", sent).status_code == 302
    # The kelurahan comes from where the appointment is.
    assert world.rows("SELECT booking_id, area_id FROM agenda_outing") == [(made.id, story.court.area_id)]
    # What became of it is asked for afterwards.
    after = asked(world, story, "manager", made.ends_at + HOUR)
    assert [(text, url) for _kind, text, url in after if "Catat hasilnya" in text] == [
        ("Catat hasilnya: Sidang atau pemeriksaan", f"/agenda/{made.id}/")
    ]


def test_the_agenda_asks_with_one_query_each(world: World) -> None:
    story = case(world)
    out(world, story.filed, story.companion)
    story.book(story.client, starts_at=clock.now() + HOUR)
    for who in (story.companion, story.manager, story.supervisor):
        viewer = world.viewer(who)
        for maker in (duties.back, duties.late, duties.appointments, duties.remind):
            with acting(who), CaptureQueriesContext(connection) as queries:
                maker(viewer, clock.now(), 100)
            assert len([q for q in queries if "FROM" in q["sql"]]) <= 1
