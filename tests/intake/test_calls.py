"""Taking a report down while somebody speaks: sealed for one officer, made once, answered in that moment."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from ruangaman.access.states import Role
from ruangaman.intake.actions import calls
from ruangaman.intake.models import CallDraft, Report, Thread, TriageMove
from ruangaman.intake.policies.calls import SPOKEN
from ruangaman.intake.queries import calls as queries
from ruangaman.intake.states import TAKEN_DOWN, Channel
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.ids import new_id
from tests.intake.calling import STORY, begun, officer, sent
from tests.worlds import World, acting


def saved(world: World, draft: object, story: str, **more: object) -> object:
    user = officer(world)
    viewer = world.viewer(user)
    given = {"seen": world.now, "window": "", "at": world.now + timedelta(seconds=5), **more}
    with acting(user):
        return calls.save_call(viewer=viewer, draft_id=draft, typed={"story": story}, **given)  # type: ignore[arg-type]


def kept(world: World, draft: object) -> queries.Kept:
    user = officer(world)
    viewer = world.viewer(user)
    with acting(user):
        found = queries.own_draft(viewer, draft)  # type: ignore[arg-type]
        assert found is not None
        return queries.opened_draft(found)


# --- the draft ---------------------------------------------


def test_what_is_typed_is_kept_sealed(world: World) -> None:
    draft = begun(world)
    saved(world, draft, STORY)

    assert kept(world, draft).typed == {"story": STORY}
    (stored,) = world.rows("SELECT answers FROM intake_calldraft")[0]
    assert STORY.encode() not in bytes(stored)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.HEAD, Role.INTAKE_OFFICER, Role.DATA_OFFICER])
def test_nobody_else_sees_a_draft_by_raw_sql(world: World, role: str) -> None:
    begun(world)
    other = world.person(role, tag="2")

    with acting(other):
        assert world.rows("SELECT id FROM intake_calldraft", using="default") == []
        assert not world.rows("DELETE FROM intake_calldraft RETURNING id", using="default")
    assert CallDraft.objects.using("owner").count() == 1


def test_nobody_writes_a_draft_in_another_officers_name(world: World) -> None:
    other = world.person(Role.INTAKE_OFFICER, tag="2")
    with pytest.raises(DatabaseError), acting(officer(world)):
        world.rows(
            "INSERT INTO intake_calldraft (id, officer_id, unit_id, begun_at, saved_at, expires_at) "
            "VALUES (gen_random_uuid(), %s, %s, now(), now(), now() + interval '1 hour')",
            [other.id, world.unit.id],
            using="default",
        )


def test_another_officers_key_does_not_open_it(world: World) -> None:
    draft = CallDraft.objects.using("owner").get(id=begun(world))
    draft.officer_id = world.person(Role.INTAKE_OFFICER, tag="2").id

    with pytest.raises(Unreadable):
        queries.opened_draft(draft)


def test_a_draft_is_gone_after_twelve_hours(world: World) -> None:
    draft = begun(world)
    world.rows("UPDATE intake_calldraft SET expires_at = now() - interval '1 second'")

    with pytest.raises(Refused, match="sudah tidak ada"):
        saved(world, draft, STORY)


def test_the_older_of_two_windows_never_overwrites_the_newer_in_silence(world: World) -> None:
    draft = begun(world)
    first = world.now
    saved(world, draft, "dari jendela baru", seen=first, window="b")

    with pytest.raises(calls.Overtaken) as told:
        saved(world, draft, "dari jendela lama", seen=first, window="a")

    assert told.value.kept.typed == {"story": "dari jendela baru"}
    assert kept(world, draft).typed == {"story": "dari jendela baru"}
    saved(world, draft, "sengaja", seen=told.value.saved_at, window="a")
    assert kept(world, draft).typed == {"story": "sengaja"}


def test_a_window_whose_answer_got_lost_goes_on_by_itself(world: World) -> None:
    draft = begun(world)
    saved(world, draft, "satu", seen=world.now, window="a")

    saved(world, draft, "satu dua", seen=world.now, window="a")

    assert kept(world, draft).typed == {"story": "satu dua"}


def test_more_than_anybody_tells_is_refused_and_what_was_kept_stays(world: World) -> None:
    draft = begun(world)
    saved(world, draft, STORY)

    with pytest.raises(Refused, match="terlalu panjang"):
        saved(world, draft, "x" * 60_001)
    assert kept(world, draft).typed == {"story": STORY}


def test_a_way_of_another_unit_is_refused(world: World) -> None:
    user = officer(world)
    viewer = world.viewer(user)
    with acting(user), pytest.raises(Refused):
        calls.begin_call(viewer=viewer, code=f"{world.other.id}.phone_112.", at=world.now)


# --- the report ---------------------------------------------


def test_a_call_becomes_one_report_however_often_it_is_sent(world: World) -> None:
    draft = begun(world)

    first = sent(world, draft, wants_code=True)
    again = sent(world, draft, wants_code=True)

    assert first == again and len(first.code.split("-")) == 7
    report = Report.objects.using("owner").get()
    assert (report.dossier_id, report.channel, report.taken_by_id) == (
        draft,
        Channel.PHONE_112,
        officer(world).id,
    )
    assert Thread.objects.using("owner").get().known_to_staff
    assert kept(world, draft).typed == {}, "nothing of what was told stays in the draft"


def test_a_report_has_no_code_where_none_was_wanted(world: World) -> None:
    assert sent(world, begun(world)).code == ""
    assert Thread.objects.using("owner").get().locator is None


@pytest.mark.parametrize("channel", TAKEN_DOWN)
def test_who_was_spoken_with_is_answered_in_that_moment_and_a_letter_is_not(
    world: World, channel: Channel
) -> None:
    """Source: flow.md 2; standard I.1."""
    sent(world, begun(world, channel=channel))

    report = Report.objects.using("owner").get()
    spoken = channel in SPOKEN
    assert report.triage == ("answered" if spoken else "received")
    assert report.first_answered_at == (report.received_at if spoken else None)
    moves = TriageMove.objects.using("owner").values_list("before", "after", "reason", "decided_by")
    assert list(moves) == ([("received", "answered", "answered", officer(world).id)] if spoken else [])
    (open_clocks,) = world.rows(
        "SELECT count(*) FROM clocks_clock c JOIN clocks_definition d ON d.id = c.definition_id "
        "WHERE c.ended_at IS NULL AND 'report_answered' = ANY (d.ends_on)"
    )[0]
    assert open_clocks == (0 if spoken else 1)
    assert Thread.objects.using("owner").get().status == ("in_progress" if spoken else "received")


def test_the_limits_of_secrecy_are_settled_before_it_is_sent(world: World) -> None:
    """Source: care.md 9."""
    draft = begun(world)
    with pytest.raises(Refused, match="batas kerahasiaan"):
        sent(world, draft, limits="")
    sent(world, draft, limits="no_time")


def test_a_letter_needs_no_limits_read_out(world: World) -> None:
    sent(world, begun(world, channel=Channel.LETTER), limits="")


def test_a_report_about_staff_is_out_of_reach_of_who_took_it_down(world: World) -> None:
    """Source: issue 6 (a report about a member of staff ⇒ wall and another triager)."""
    supervisor = world.person(Role.SUPERVISOR)

    made = sent(world, begun(world), about_staff=True, call_again=True, means="call", phone="0812")

    assert not made.in_reach
    report = Report.objects.using("owner").get()
    assert report.about_staff and report.triage == "answered"
    with acting(officer(world)):
        assert Report.objects.count() == 0
    with acting(supervisor):
        assert Report.objects.count() == 1


def test_nobody_answers_a_report_through_the_door_without_its_own_ticket(world: World) -> None:
    filed = world.file()
    with acting(officer(world)):
        assert world.rows("SELECT door.spoken_with(%s)", [filed.dossier.id], using="default") == [(None,)]
    assert Report.objects.using("owner").get().first_answered_at is None


def test_a_call_that_ends_without_a_report_leaves_its_reason_in_the_ledger(world: World) -> None:
    draft, user = begun(world), officer(world)
    viewer = world.viewer(user)
    with acting(user):
        calls.discard_call(viewer=viewer, draft_id=draft, why="wrong_call", at=world.now)

    assert CallDraft.objects.using("owner").count() == 0
    rows = world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'call_discarded'")
    assert rows == [(["wrong_call"],)]


# --- the page ---------------------------------------------


def test_the_page_asks_for_danger_first_and_reads_the_limits_before_the_story(world: World) -> None:
    client = world.client(officer(world))
    page = client.get(f"/telepon/{begun(world)}/").content.decode()

    order = [
        page.index(f'name="{name}"') for name in ("safe_now", "phone", "limits", "age_band", "name", "story")
    ]
    assert order == sorted(order)
    assert 'name="sex"' not in page


def test_a_page_without_script_saves_invalid_text_and_shows_it_again(world: World) -> None:
    draft, client = begun(world), world.client(officer(world))
    page = client.get(f"/telepon/{draft}/")
    fields = {"seen": page.context["seen"], "born_year": "seribu", "weekdays": ["0", "2"]}

    answer = client.post(f"/telepon/{draft}/simpan/", fields)

    assert answer.status_code == 302
    again = client.get(f"/telepon/{draft}/").content.decode()
    assert 'value="seribu"' in again and "govuk-error-message" not in again
    assert kept(world, draft).typed["weekdays"] == ["0", "2"]


def test_a_script_is_told_the_other_windows_text(world: World) -> None:
    draft, client = begun(world), world.client(officer(world))
    seen = client.get(f"/telepon/{draft}/").context["seen"]
    client.post(f"/telepon/{draft}/simpan/", {"seen": seen, "window": "a", "story": "punya jendela a"})

    answer = client.post(
        f"/telepon/{draft}/simpan/",
        {"seen": seen, "window": "b", "story": "punya jendela b"},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 409
    assert "punya jendela a" in answer.json()["html"]


def test_sending_from_the_page_makes_the_report_and_keeps_what_was_asked(world: World) -> None:
    draft, client = begun(world), world.client(officer(world))
    seen = client.get(f"/telepon/{draft}/").context["seen"]
    fields = {
        "seen": seen,
        "go": "send",
        "safe_now": "no",
        "where_reported": "Di ruang depan",
        "limits": "read",
        "story": STORY,
        "phone": "0812-0000-1111",
        "place": "31.73.01",
    }

    answer = client.post(f"/telepon/{draft}/", fields, follow=True)

    assert "Laporan tersimpan" in answer.content.decode()
    assert Report.objects.using("owner").get().danger_now
    reference = answer.context["reference"]
    page = client.get(f"/berkas/{reference}/").content.decode()
    assert STORY in page and "Di ruang depan" in page


def test_a_page_with_a_fault_sends_nothing_and_keeps_everything(world: World) -> None:
    draft, client = begun(world), world.client(officer(world))
    seen = client.get(f"/telepon/{draft}/").context["seen"]

    answer = client.post(
        f"/telepon/{draft}/", {"seen": seen, "go": "send", "story": STORY, "means": "call", "limits": "read"}
    )

    assert answer.status_code == 400 and STORY in answer.content.decode()
    assert kept(world, draft).typed["story"] == STORY
    assert Report.objects.using("owner").count() == 0


def test_a_session_that_ends_while_typing_loses_nothing(world: World) -> None:
    draft, client = begun(world), world.client(officer(world))
    page = f"/telepon/{draft}/"
    seen = client.get(page).context["seen"]
    client.logout()

    answer = client.post(f"{page}simpan/", {"seen": seen, "story": STORY, "next": page})
    assert answer.status_code == 302 and "/akun/login/" in answer["Location"]
    client.force_login(officer(world), backend="allauth.account.auth_backends.AuthenticationBackend")

    assert STORY in client.get(page).content.decode()


@pytest.mark.parametrize("what", ["", "simpan/", "mirip/"])
def test_another_officers_call_is_not_found(world: World, what: str) -> None:
    draft = begun(world)
    other = world.client(world.person(Role.INTAKE_OFFICER, tag="2"))

    assert other.post(f"/telepon/{draft}/{what}", {"story": "x"}).status_code == 404
    assert other.get(f"/telepon/{new_id()}/").status_code == 404


def test_one_press_and_the_way_is_chosen_already(world: World) -> None:
    client = world.client(officer(world))
    form = client.get("/telepon/?saluran=call_centre").context["form"]

    assert form.initial["way"] == f"{world.unit.id}.call_centre."
    assert client.post("/telepon/", {"way": form.initial["way"]}).status_code == 302
    assert len(client.get("/telepon/").context["mine"]) == 1
