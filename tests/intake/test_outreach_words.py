"""What she says of an attempt, who around her may be asked, and when she may be called. Source: care.md 5 to 7."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role
from ruangaman.intake.actions.outreach import Neighbours
from ruangaman.intake.models import Outreach, Report
from ruangaman.intake.policies import outreach as rules
from ruangaman.intake.policies.calling_back import Safe
from ruangaman.intake.queries.outreach import is_of_a_child
from ruangaman.intake.states import Means, OutreachPlace, OutreachResult
from ruangaman.intake.states.outreach import NeighbourGround
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.actions import Identity, add_person
from ruangaman.people.states import AgeBand, PersonRole
from tests.access.filled import tried
from tests.intake.reaching import (
    NEIGHBOUR,
    decide,
    end,
    plan,
    plan_as_sent,
    planned,
)
from tests.worlds import Filed, World, acting

WIB = ZoneInfo("Asia/Jakarta")
TOLD = {
    "ground": NeighbourGround.HER_WORD,
    "who": "Ibu RT",
    "words": "“Ibu RT boleh tahu.”",
    "unrelated": True,
}


def decided(world: World, **answers: Any) -> Filed:
    filed = world.file(**{**NEIGHBOUR, **answers})
    decide(world, filed)
    return filed


# --- the record of the visit ------------------------------------------------------------------------------------------


def test_what_she_wants_is_sealed_and_whether_she_is_safe_is_her_own_word(world: World) -> None:
    filed, made = planned(world)
    end(world, made, safe_now="yes", wants="Jangan beri tahu ayah.")
    row = world.rows("SELECT to_jsonb(o)::text FROM intake_outreach o")[0][0]
    assert b"Jangan beri tahu ayah.".hex() not in row
    page = world.client(world.person(Role.SUPERVISOR)).get(f"/berkas/{filed.reference}/").content.decode()
    assert "Jangan beri tahu ayah." in page
    told = world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'outreach_ended'")
    assert told == [(["reached", "safe_yes"],)]


@pytest.mark.parametrize(
    "result", [OutreachResult.NOT_ALONE, OutreachResult.NOT_FOUND, OutreachResult.CALLED_OFF]
)
def test_what_is_said_while_others_listen_is_not_her_word(world: World, result: str) -> None:
    _filed, made = planned(world)
    with pytest.raises(Refused, match="hanya ia sendiri"):
        end(world, made, result, safe_now="yes")
    with pytest.raises(IntegrityError, match="intake_outreach_safe_by_her_word"):
        world.rows(
            "UPDATE intake_outreach SET result = %s, ended_at = now(), safe_now = 'yes' WHERE id = %s",
            [result, made.id],
        )


def test_where_she_says_that_she_is_not_safe_the_hour_of_danger_begins(world: World) -> None:
    filed, made = planned(world)
    end(world, made, safe_now="no")
    begun = world.rows("SELECT code FROM clocks_clock WHERE code = 'danger' AND ended_at IS NULL")
    assert begun == [("danger",)]
    page = world.client(world.person(Role.SUPERVISOR)).get(f"/berkas/{filed.reference}/").content.decode()
    assert "tag--danger" in page


def test_the_form_asks_whether_she_is_safe_where_she_was_met_alone(world: World) -> None:
    filed, made = planned(world)
    browser = world.client(world.person(Role.COMPANION))
    refused = browser.post(f"/penjangkauan/{made.id}/", {"result": "reached", "note": "Ketikan."})
    assert refused.status_code == 400
    assert "Tanyakan apakah ia aman sekarang" in refused.content.decode()
    assert "Ketikan." in refused.content.decode()
    sent = {"result": "reached", "safe_now": "unknown", "note": "Ketikan."}
    after = browser.post(f"/penjangkauan/{made.id}/", sent, follow=True)
    assert after.redirect_chain[-1][0] == f"/berkas/{filed.reference}/"
    assert "asesmen awal" in after.content.decode()


@pytest.mark.parametrize(
    ("answers", "awaited"),
    [({}, False), ({"for_whom": "adult"}, False), ({"for_whom": "child"}, True)],
)
def test_care_5_and_11_an_adults_no_ends_it_and_a_childs_is_read_by_the_supervisor(
    world: World, answers: dict[str, str], awaited: bool
) -> None:
    filed, made = planned(world, **answers)
    end(world, made, OutreachResult.DECLINED)
    assert Report.objects.using("owner").get().awaits_outreach == awaited
    with pytest.raises(Refused, match="penyelia yang memutuskan"):
        plan(world, filed)
    if awaited:
        plan(world, filed, by=world.person(Role.SUPERVISOR))


@pytest.mark.parametrize("for_whom", ["", "me", "adult", "child"])
@pytest.mark.parametrize("band", ["", "under_15", "adult"])
def test_the_database_and_the_pages_agree_on_who_is_a_child(world: World, for_whom: str, band: str) -> None:
    filed = world.file(for_whom=for_whom, age_band=band)
    report = Report.objects.using("owner").get()
    assert bool(for_whom == "child" or band == "under_15") == is_of_a_child(report, [])
    officer = world.person(Role.INTAKE_OFFICER)
    with acting(officer):
        client = add_person(
            dossier=Dossier.objects.get(id=filed.dossier.id),
            role=PersonRole.CLIENT,
            identity=Identity("Ratna Rekaan"),
            by=officer.id,
            at=clock.now(),
        ).person
    for told in AgeBand.values:
        world.rows("UPDATE people_person SET age_band = %s WHERE id = %s", [told, client.id])
        client.age_band = told
        ((said,),) = world.rows("SELECT door.of_a_child(r) FROM intake_report r")
        assert said == is_of_a_child(report, [client]), told


def test_what_follows_says_so_for_each_result_and_for_a_child() -> None:
    said = {
        (result, child): rules.what_follows(result=result, child=child)
        for result in OutreachResult
        for child in (False, True)
    }
    assert "asesmen" in said[OutreachResult.REACHED, True]
    assert "direncanakan" in said[OutreachResult.NOT_FOUND, False]
    assert "mengakhiri penjangkauan" in said[OutreachResult.DECLINED, False]
    assert "tidak mengakhiri penjangkauan" in said[OutreachResult.DECLINED, True]
    for result in set(OutreachResult) - {OutreachResult.DECLINED}:
        assert said[result, True] == said[result, False]


# --- RT, RW and people of standing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ground": ""}, "Tanyakan dulu kepadanya"),
        ({"ground": "they_asked"}, "Tanyakan dulu kepadanya"),
        ({"who": " "}, "siapa yang akan dihubungi"),
        ({"unrelated": False}, "bukan terlapor, bukan kerabat"),
        ({"words": "\n"}, "Tulis kata-katanya"),
        ({"ground": NeighbourGround.CHILD_DANGER}, "hanya penyelia"),
        ({"ground": NeighbourGround.CHILD_DANGER, "child": True}, "hanya penyelia"),
        ({"ground": NeighbourGround.CHILD_DANGER, "roles": {Role.SUPERVISOR}}, "hanya untuk anak"),
    ],
)
def test_care_6_to_contact_the_rt_is_a_disclosure(changed: dict[str, Any], said: str) -> None:
    told = {**TOLD, "child": False, "roles": {Role.INTAKE_OFFICER}}
    rules.check_can_tell_neighbours(**told)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=said):
        rules.check_can_tell_neighbours(**{**told, **changed})


def test_care_6_without_her_word_nothing_of_the_plan_is_kept(world: World) -> None:
    filed = decided(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    address = f"/laporan/{filed.reference}/penjangkauan/"
    sent = plan_as_sent(world.person(Role.COMPANION), tells_neighbours="on")
    refused = browser.post(address, sent)
    assert refused.status_code == 400
    assert "membuka rahasianya" in refused.content.decode()
    assert not Outreach.objects.using("owner").exists()
    given = {
        "neighbours_ground": "her_word",
        "neighbours_who": "Ibu RT 03",
        "neighbours_unrelated": "on",
        "neighbours_words": "Ia berkata: Ibu RT boleh tahu.",
    }
    assert browser.post(address, {**sent, **given}).status_code == 302
    kept = Outreach.objects.using("owner").get()
    assert (kept.tells_neighbours, kept.neighbours_ground) == (True, "her_word")
    assert b"Ibu RT" not in bytes(kept.neighbours_word)
    told = world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'outreach_planned'")
    assert told == [(["school", "neighbours_her_word"],)]
    page = world.client(world.person(Role.COMPANION)).get(f"/berkas/{filed.reference}/").content.decode()
    assert "Ibu RT 03" in page


def test_care_6_for_a_child_in_danger_the_supervisor_decides_and_the_database_says_so_too(
    world: World,
) -> None:
    filed = decided(world, for_whom="child")
    told = Neighbours(**{**TOLD, "ground": NeighbourGround.CHILD_DANGER})  # type: ignore[arg-type]
    with pytest.raises(Refused, match="hanya penyelia"):
        plan(world, filed, neighbours=told)
    made = plan(world, filed, by=world.person(Role.SUPERVISOR), neighbours=told)
    columns = ", ".join(row[0] for row in world.rows(COLUMNS))
    for role, ground, allowed in (
        (Role.INTAKE_OFFICER, "child_danger", False),
        (Role.INTAKE_OFFICER, "her_word", True),
        (Role.SUPERVISOR, "child_danger", True),
    ):
        person = world.person(role)
        with acting(person):
            written = tried(
                f"INSERT INTO intake_outreach (id, booking_id, planned_by_id, neighbours_ground, {columns}) "
                f"SELECT gen_random_uuid(), NULL, '{person.id}', '{ground}', {columns} FROM intake_outreach "
                f"WHERE id = '{made.id}' RETURNING id"
            )
        assert bool(written) == allowed, (role, ground)


COLUMNS = """
SELECT column_name FROM information_schema.columns WHERE table_name = 'intake_outreach'
AND column_name NOT IN ('id', 'booking_id', 'planned_by_id', 'neighbours_ground')
"""


def test_nobody_plans_in_somebody_elses_name(world: World) -> None:
    made = plan(world, decided(world))
    columns = ", ".join(row[0] for row in world.rows(COLUMNS))
    with acting(world.person(Role.INTAKE_OFFICER)):
        assert not tried(
            f"INSERT INTO intake_outreach (id, booking_id, planned_by_id, neighbours_ground, {columns}) "
            f"SELECT gen_random_uuid(), NULL, '{world.person(Role.SUPERVISOR).id}', '', {columns} "
            f"FROM intake_outreach WHERE id = '{made.id}' RETURNING id"
        )


def test_the_script_tells_neither_service_nor_offence_nor_who_told() -> None:
    said = str(rules.SCRIPT).split("”")[0].casefold()
    for word in (
        "kekerasan",
        "korban",
        "layanan",
        "perlindungan",
        "ppa",
        "lapor",
        "polisi",
        "anak",
        "perempuan",
    ):
        assert word not in said, word


# --- calls in safe hours ----------------------------------------------------------------------------------------------

MONDAYS_AT_NINE = Safe(means=Means.CALL, zone=WIB, weekdays=1, from_time=time(9), until_time=time(11))
MONDAY = datetime(2026, 11, 23, 9, tzinfo=WIB)


@pytest.mark.parametrize(
    ("starts", "minutes", "safe"),
    [
        (MONDAY, 60, True),
        (MONDAY, 120, True),
        (MONDAY, 121, False),
        (MONDAY - timedelta(minutes=1), 30, False),
        (MONDAY + timedelta(hours=1, minutes=30), 60, False),
        (MONDAY + timedelta(days=1), 30, False),
    ],
)
def test_care_7_a_call_lies_wholly_within_the_hours_she_named(
    starts: datetime, minutes: int, safe: bool
) -> None:
    hours = {"starts_at": starts, "ends_at": starts + timedelta(minutes=minutes)}
    if safe:
        rules.check_safe_hours(MONDAYS_AT_NINE, **hours)
    else:
        with pytest.raises(Refused, match=r"Jam aman berikutnya mulai Senin, (23|30) November, 09.00"):
            rules.check_safe_hours(MONDAYS_AT_NINE, **hours)


def test_care_7_who_asked_never_to_be_called_is_not_called(world: World) -> None:
    told = {"reporter_kind": "victim", "means": "call", "phone": "0812 rekaan", "never_call": True}
    filed = world.file(**told)
    decide(world, filed, reason="cannot_come")
    with pytest.raises(Refused, match="tidak pernah ditelepon"):
        plan(world, filed, place_kind=OutreachPlace.CALL, place_name="0812 rekaan")


def test_a_neighbours_safe_hours_are_not_hers(world: World) -> None:
    filed = decided(world, means="call", phone="0812 rekaan", never_call=True)
    assert plan(world, filed, place_kind=OutreachPlace.CALL, place_name="0812 rekaan").id


def test_a_bad_day_of_the_form_is_told_where_the_order_of_companions_is_asked_for(world: World) -> None:
    filed = decided(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    for starts in ("", "besok", "9999-12-31T23:59"):
        sent = plan_as_sent(world.person(Role.COMPANION), starts_at=starts, lasts="x", again="1")
        assert browser.post(f"/laporan/{filed.reference}/penjangkauan/", sent).status_code == 200
