"""The public form as a browser without script meets it: its pages, its receipt, its code to go on later, its flood."""

from datetime import timedelta

import pytest
from django.test import Client

from ruangaman.access.states import Role
from ruangaman.intake import actions
from ruangaman.intake.models import Draft, Report
from ruangaman.intake.policies import form as rules
from ruangaman.intake.policies import work
from ruangaman.intake.views.cookies import visit_of
from ruangaman.kernel.codes import new_code
from tests.intake.sending import step, text
from tests.intake.test_form_path import solve
from tests.worlds import World, acting

STORY = "Tetangga saya berteriak semalam."


def send(client: Client, **more: str) -> str:
    return text(client.post("/lapor/", {"step": "check", "go": "next", **more}))


def write(client: Client, story: str = STORY) -> None:
    for name, fields in (
        ("about", {}),
        ("what", {"story": story}),
        ("where", {}),
        ("reach", {"means": "code"}),
    ):
        step(client, name, **fields)


def words(page: str) -> list[str]:
    inside = page.split('<ol class="words"')[1].split("</ol>")[0]
    return [part.split(">")[-1] for part in inside.split("</li>")[:-1]]


def the_visit(client: Client) -> actions.Visit:
    class Carrier:
        COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}

    visit = visit_of(Carrier())  # type: ignore[arg-type]
    assert visit
    return visit


# --- pages --------------------------------------------------------------------------------------------------------


def test_a_report_without_a_name_takes_ten_requests_and_the_last_answers_with_the_receipt(
    world: World,
) -> None:
    client, requests = Client(), 1
    answer = client.get("/lapor/")
    for name in ("about", "what", "where", "reach"):
        assert f'name="step" value="{name}"' in text(answer)
        answer = client.post("/lapor/", {"step": name, "go": "next", "story": STORY, "means": "code"})
        assert (answer.status_code, answer["Location"]) == (303, "/lapor/")
        answer, requests = client.get("/lapor/"), requests + 2
    assert "Periksa sebelum dikirim" in text(answer)
    answer, requests = client.post("/lapor/", {"step": "check", "go": "next"}), requests + 1
    assert answer.status_code == 200 and "Laporanmu sudah kami terima" in text(answer)
    assert requests <= 10
    assert Report.objects.using("owner").count() == 1


def test_the_danger_question_comes_first_of_all(world: World) -> None:
    page = text(Client().get("/lapor/"))
    assert page.index("Apakah ada bahaya sekarang?") < page.index("Siapa kamu dalam kejadian ini?")


def test_danger_leads_to_help_at_once_and_from_there_back_into_the_report(world: World) -> None:
    client = Client()
    answer = client.post("/lapor/", {"step": "about", "go": "next", "danger_now": "yes"})
    assert (answer.status_code, answer["Location"]) == (303, "/bantuan/")
    assert "Kembali ke laporanku" in text(client.get("/bantuan/"))
    assert "Kembali ke laporanku" not in text(Client().get("/bantuan/"))
    assert "Apa yang terjadi?" in text(client.get("/lapor/"))
    step(client, "what", story=STORY)
    send(client)
    assert Report.objects.using("owner").get().danger_now


def test_a_number_is_asked_for_only_where_somebody_wants_to_be_reached(world: World) -> None:
    client = Client()
    step(client, "what", story=STORY)
    page = text(step(client, "reach", means="call"))
    assert "Nomor yang aman" in page
    page = text(
        step(
            client, "contact", phone="0812-7", name="Sulastri", weekdays=["0", "2"], from_time="09:00",
            until_time="12:00", hours="waktu anak di sekolah", code_word="melati",
        )
    )  # fmt: skip
    for told in ("0812-7", "Sulastri", "Senin, Rabu", "09:00–12:00", "melati"):
        assert told in page
    send(client)
    assert world.rows(
        "SELECT means, weekdays, from_time::text, until_time::text FROM intake_safecontact"
    ) == [("call", 0b101, "09:00:00", "12:00:00")]


def test_who_changes_their_mind_has_not_told_the_number(world: World) -> None:
    client = Client()
    step(client, "what", story=STORY)
    step(client, "reach", means="text")
    step(client, "contact", phone="0812-7", name="Sulastri")
    page = text(step(client, "reach", means="code"))
    assert "0812-7" not in page
    send(client)
    assert world.rows("SELECT count(*) FROM intake_safecontact") == [(0,)]
    assert world.rows("SELECT count(*) FROM people_person") == [(0,)]


def test_a_report_about_somebody_of_the_service_is_kept_from_its_officers(world: World) -> None:
    client, officer, head = Client(), world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    step(client, "about", accused="Petugas Rekaan")
    step(client, "what", story=STORY)
    send(client)
    report = Report.objects.using("owner").get()
    assert report.about_staff
    with acting(officer):
        assert not Report.objects.exists()
    with acting(head):
        assert Report.objects.exists()


# --- the receipt --------------------------------------------------------------------------------------------------


def test_the_last_page_sent_again_gives_the_same_receipt_and_no_second_report(world: World) -> None:
    client = Client()
    write(client)
    first = words(send(client))
    assert len(first) == 7
    assert words(send(client)) == first
    assert words(text(client.get("/lapor/"))) == first
    # An old page of the form, in another tab.
    assert words(text(step(client, "what", story="Lain."))) == first
    assert Report.objects.using("owner").count() == 1


def test_the_receipt_is_gone_after_the_button_and_after_thirty_minutes(world: World) -> None:
    client = Client()
    write(client)
    send(client)
    assert "Kamu tidak sendirian" in text(client.post("/lapor/", {"go": "done"}, follow=True))
    assert not Draft.objects.using("owner").exists()
    assert '<ol class="words"' not in text(client.get("/lapor/"))
    late = Client()
    write(late)
    send(late)
    world.rows("UPDATE intake_draft SET expires_at = now() - interval '1 second'")
    assert '<ol class="words"' not in text(late.get("/lapor/"))


def test_where_no_unit_can_take_it_everything_stays_on_the_page(world: World) -> None:
    world.rows("UPDATE access_organisation SET is_active = false")
    client = Client()
    write(client)
    answer = client.post("/lapor/", {"step": "check", "go": "next"})
    assert answer.status_code == 409
    assert "112" in text(answer) and STORY in text(answer)


# --- time runs out --------------------------------------------------------------------------------------------------


def test_a_page_that_is_sent_after_the_time_is_kept_and_what_is_gone_is_said(world: World) -> None:
    client = Client()
    write(client)
    world.rows("UPDATE intake_draft SET expires_at = now() - interval '1 second'")
    page = text(step(client, "reach", means="text"))
    assert "Waktunya sempat habis" in page
    page = text(step(client, "contact", phone="0812-7"))
    assert "Waktunya sempat habis" not in page
    assert "0812-7" in page
    assert STORY not in page
    assert "Tulis sedikit saja apa yang terjadi" in send(client)


def test_two_tabs_lose_nothing_of_each_other(world: World) -> None:
    client = Client()
    step(client, "about")
    step(client, "where", place="31.73.01")
    step(client, "what", story=STORY)
    page = text(step(client, "reach", means="code"))
    assert STORY in page
    assert "(kosong)" in page
    send(client)
    assert Report.objects.using("owner").get().place_id == "31.73.01"


# --- going on later -------------------------------------------------------------------------------------------------


def saved(client: Client, story: str = STORY) -> list[str]:
    step(client, "about")
    return words(text(client.post("/lapor/", {"step": "what", "go": "save", "story": story}, follow=True)))


def test_a_draft_goes_on_in_another_browser_with_its_code(world: World) -> None:
    first, second = Client(), Client()
    code = saved(first)
    assert len(code) == 7
    answer = second.post("/lapor/lanjut/", {"code": " ".join(code)})
    assert (answer.status_code, answer["Location"]) == (303, "/lapor/")
    assert STORY in text(second.get("/lapor/"))
    assert STORY in text(step(second, "reach"))
    assert len(words(send(second))) == 7
    assert Report.objects.using("owner").count() == 1
    # The code was for going on, and there is nothing left to go on with.
    third = Client()
    assert "Tidak ada tulisan dengan kode ini" in text(third.post("/lapor/lanjut/", {"code": " ".join(code)}))


def test_asked_twice_a_draft_gives_the_same_code(world: World) -> None:
    client = Client()
    assert saved(client) == saved(client)


def test_a_code_makes_the_time_no_longer_and_after_it_nothing_is_readable(world: World) -> None:
    client = Client()
    step(client, "about")
    step(client, "what", story=STORY)
    world.rows("UPDATE intake_draft SET expires_at = now() + interval '5 minutes'")
    until = Draft.objects.using("owner").get().expires_at
    code = words(text(client.post("/lapor/", {"step": "where", "go": "save"}, follow=True)))
    assert Draft.objects.using("owner").get().expires_at == until
    Client().post("/lapor/lanjut/", {"code": " ".join(code)})
    assert Draft.objects.using("owner").get().expires_at == until
    world.rows("UPDATE intake_draft SET expires_at = now() - interval '1 second'")
    other = Client()
    assert "Tidak ada tulisan" in text(other.post("/lapor/lanjut/", {"code": " ".join(code)}))
    assert STORY not in text(client.get("/lapor/"))


def test_the_code_of_a_draft_stands_nowhere_and_opens_no_report(world: World) -> None:
    client = Client()
    code = saved(client)
    row = world.rows("SELECT to_jsonb(d)::text FROM intake_draft d")[0][0]
    assert not [word for word in code if f"{word}-" in row]
    assert "tidak ada pada kami" in text(Client().post("/cek/", {"code": " ".join(code)}))
    filed = world.file()
    assert "Tidak ada tulisan" in text(Client().post("/lapor/lanjut/", {"code": " ".join(filed.code.words)}))


def test_wrong_codes_of_drafts_are_limited_with_those_of_reports(world: World) -> None:
    guesses = [Client().post("/lapor/lanjut/", {"code": " ".join(new_code().words)}) for _ in range(11)]
    assert [answer.status_code for answer in guesses] == [200] * 10 + [429]
    assert "Terlalu banyak kode" in text(guesses[-1])
    # She who has the right code is not kept out by somebody who guesses from the same place.
    code = saved(Client())
    assert Client().post("/lapor/lanjut/", {"code": " ".join(code)}).status_code == 303


def test_leaving_ends_the_draft_and_back_shows_nothing(world: World) -> None:
    """Source: care.md 3."""
    client = Client()
    write(client)
    kept = client.cookies["tulisan"].value
    client.post("/keluar/")
    assert not Draft.objects.using("owner").exists()
    client.cookies["tulisan"] = kept
    assert STORY not in text(client.get("/lapor/"))


def test_after_leaving_a_draft_with_a_code_opens_for_that_code_alone(world: World) -> None:
    """Source: care.md 3: not for whoever picks up the phone."""
    client = Client()
    code = saved(client)
    client.post("/keluar/")
    assert not client.cookies["tulisan"].value
    assert STORY not in text(client.get("/lapor/"))
    again = Client()
    again.post("/lapor/lanjut/", {"code": " ".join(code)})
    assert STORY in text(step(again, "reach"))


def test_leaving_after_sending_takes_the_receipt_away_though_a_code_was_taken(world: World) -> None:
    client = Client()
    saved(client)
    write(client)
    send(client)
    client.post("/keluar/")
    assert not Draft.objects.using("owner").exists()


# --- work, and a flood ----------------------------------------------------------------------------------------------


def test_work_that_was_done_is_noted_and_goes_on_from_page_to_page(world: World) -> None:
    client = Client()
    step(client, "about")
    page = text(client.get("/lapor/"))
    assert 'data-challenge="' in page and 'name="work" value=""' in page
    found = solve(actions.work_for(the_visit(client)))
    half = ",".join(map(str, found[:8]))
    page = text(step(client, "what", story=STORY, work=half))
    assert f'value="{half}"' in page
    step(client, "reach", work="1,2,3")  # less than what was there is not taken for it
    send(client, work=",".join(map(str, found)))
    assert Report.objects.using("owner").get().proof == "worked"


@pytest.mark.parametrize("given", ["", "0," * 15 + "0", "bukan angka", "9" * 4000, "1,2"])
def test_a_report_without_work_is_taken_all_the_same(world: World, given: str) -> None:
    client = Client()
    write(client)
    assert "Laporanmu sudah kami terima" in send(client, work=given)
    assert Report.objects.using("owner").get().proof == "none"


def test_the_work_of_another_draft_counts_for_nothing(world: World) -> None:
    first, second = Client(), Client()
    write(first)
    write(second)
    send(second, work=",".join(map(str, solve(actions.work_for(the_visit(first))))))
    assert Report.objects.using("owner").get().proof == "none"


def test_in_a_flood_every_report_is_kept_and_queued_and_danger_is_told_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Source: security.md 16."""
    monkeypatch.setattr(rules, "FLOOD_FROM_ONE", 3)
    for number in range(5):
        client = Client(REMOTE_ADDR="203.0.113.9")
        step(client, "about", danger_now="yes" if number == 4 else "no")
        step(client, "what", story=f"Laporan {number}")
        assert "Laporanmu sudah kami terima" in send(client)
        send(client)  # pressed twice: one report, and counted once
    reports = Report.objects.using("owner").order_by("received_at")
    assert [report.in_flood for report in reports] == [False, False, False, True, True]
    assert [report.danger_now for report in reports] == [False] * 4 + [True]
    assert world.rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'intake.announce'") == [(5,)]
    other = Client(REMOTE_ADDR="203.0.113.10")
    write(other)
    send(other)
    assert not Report.objects.using("owner").order_by("received_at").last().in_flood  # type: ignore[union-attr]


def test_without_work_from_everywhere_a_flood_is_seen_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "FLOOD_WITHOUT_WORK", 2)
    for number in range(3):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        write(client)
        send(client)
    worker = Client(REMOTE_ADDR="198.51.100.77")
    write(worker)
    send(worker, work=",".join(map(str, solve(actions.work_for(the_visit(worker))))))
    reports = Report.objects.using("owner").order_by("received_at")
    assert [report.in_flood for report in reports] == [False, False, True, False]


def test_of_who_floods_nothing_is_kept_but_a_keyed_count_for_an_hour(world: World) -> None:
    client = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Peramban Rekaan")
    write(client)
    send(client)
    tables = world.rows(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    )
    for (table,) in tables:
        for (row,) in world.rows(f'SELECT to_jsonb(t)::text FROM "{table}" t'):
            assert "203.0.113" not in row and "Peramban Rekaan" not in row, table
    latest = world.rows("SELECT max(expires) - now() FROM kernel_cache")[0][0]
    assert timedelta(0) < latest <= timedelta(hours=1)


def test_the_form_works_out_no_more_than_it_must(world: World) -> None:
    client = Client()
    step(client, "about")
    found = solve(actions.work_for(the_visit(client)))
    page = text(step(client, "what", story=STORY, work=",".join(map(str, found))))
    assert "data-challenge" not in page
    assert len(found) == work.PUZZLES
