"""A safe attempt to reach her (care.md 5): planned with a safety plan and a cover reason, and ended once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from ruangaman.access.actions import raise_wall
from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section, Stage
from ruangaman.intake import policies
from ruangaman.intake.models import Outreach, Report
from ruangaman.intake.states import OutreachPlace, OutreachResult, Triage, TriageReason
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.ids import new_id
from tests.access.filled import tried
from tests.intake.reaching import COVER, NEIGHBOUR, PLAN, begin, decide, end, plan, plan_as_sent, planned
from tests.worlds import Filed, World, acting

NOW = clock.now()
SAFE: dict[str, Any] = {
    "triage": Triage.OUTREACH,
    "place_kind": OutreachPlace.SCHOOL,
    "roles": {Role.INTAKE_OFFICER},
    "cover_reason": COVER,
    "safety_plan": PLAN,
    "starts_at": NOW + timedelta(hours=1),
    "at": NOW,
    "declined": False,
}


def decided(world: World, **answers: Any) -> Filed:
    filed = world.file(**{**NEIGHBOUR, **answers})
    decide(world, filed)
    return filed


# --- rules ---------------------------------------------------------------------------------------------------------


def test_care_5_no_attempt_is_booked_without_a_safety_plan_and_a_cover_reason() -> None:
    policies.check_can_plan_outreach(**SAFE)
    for missing in ("safety_plan", "cover_reason"):
        for nothing in ("", " ", "\n\t"):
            with pytest.raises(Refused, match="Tanpa itu tidak ada penjangkauan"):
                policies.check_can_plan_outreach(**{**SAFE, missing: nothing})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"triage": Triage.RECEIVED}, "Putuskan dulu triasenya"),
        ({"triage": Triage.WITHDRAWN}, "Putuskan dulu triasenya"),
        ({"place_kind": OutreachPlace.HOUSE}, "bukan kunjungan ke rumah"),
        ({"declined": True}, "menolak sendiri"),
        ({"starts_at": NOW}, "harus di depan"),
        ({"starts_at": NOW - timedelta(minutes=1)}, "harus di depan"),
        ({"starts_at": NOW + timedelta(days=181)}, "paling lama 180 hari"),
    ],
)
def test_an_attempt_that_is_not_safe_is_refused_with_what_to_do(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        policies.check_can_plan_outreach(**{**SAFE, **changed})


def test_care_5_her_house_and_a_new_attempt_after_her_no_are_the_supervisors_to_decide() -> None:
    for role in Role:
        for changed in ({"place_kind": OutreachPlace.HOUSE}, {"declined": True}):
            told = {**SAFE, **changed, "roles": {role}}
            if role in (Role.SUPERVISOR, Role.HEAD):
                policies.check_can_plan_outreach(**told)
            else:
                with pytest.raises(Refused):
                    policies.check_can_plan_outreach(**told)


def test_a_result_is_recorded_once_and_not_before_it_began_unless_it_was_called_off() -> None:
    for result in OutreachResult:
        with pytest.raises(Refused, match="sudah dicatat"):
            policies.check_can_end_outreach(ended=True, starts_at=NOW, result=result, at=NOW)
        policies.check_can_end_outreach(ended=False, starts_at=NOW, result=result, at=NOW)
        early = {"ended": False, "starts_at": NOW + timedelta(minutes=1), "result": result, "at": NOW}
        if result == OutreachResult.CALLED_OFF:
            policies.check_can_end_outreach(**early)
        else:
            with pytest.raises(Refused, match="belum mulai"):
                policies.check_can_end_outreach(**early)


# --- planning ------------------------------------------------------------------------------------------------------


def test_a_plan_is_sealed_and_puts_the_companion_on_the_team(world: World) -> None:
    filed = decided(world)
    companion = world.person(Role.COMPANION)
    with acting(companion):
        assert tried("SELECT id FROM intake_report") == []
    made = plan(world, filed)
    row = world.rows("SELECT to_jsonb(o)::text FROM intake_outreach o")[0][0]
    for said in (COVER, PLAN, "UKS"):
        assert said not in row
        assert said.encode().hex() not in row
    with acting(companion):
        seen, key = Outreach.objects.get(), key_of(filed.dossier.id, Section.RISK)
        assert key is not None
        assert [unseal(seen, f, key) for f in ("place_name", "cover_reason", "safety_plan", "note")] == [
            "Ruang UKS",
            COVER,
            PLAN,
            None,
        ]
    verbs = world.rows(
        "SELECT verb, fields_named FROM ledger_entry WHERE verb IN ('outreach_planned', 'team_joined') "
        "ORDER BY verb"
    )
    assert verbs == [("outreach_planned", ["school"]), ("team_joined", ["companion"])]
    until = world.rows(
        "SELECT DISTINCT until - given_at FROM access_grant WHERE principal_id = %s", [companion.id]
    )
    assert until == [(timedelta(days=180),)]
    assert made.planned_by_id == world.person(Role.INTAKE_OFFICER).id


def test_care_5_an_attempt_at_her_house_by_an_intake_officer_is_refused(world: World) -> None:
    filed = decided(world)
    with pytest.raises(Refused, match="bukan kunjungan ke rumah"):
        plan(world, filed, place_kind=OutreachPlace.HOUSE)
    address = f"/laporan/{filed.reference}/penjangkauan/"
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    assert 'value="house"' not in browser.get(address).content.decode()
    sent = plan_as_sent(world.person(Role.COMPANION), place_kind="house", cover_reason="Alasan yang diketik.")
    answered = browser.post(address, sent)
    assert answered.status_code == 400
    assert "bukan kunjungan ke rumah" in answered.content.decode()
    assert "Alasan yang diketik." in answered.content.decode()
    assert not Outreach.objects.using("owner").exists()
    plan(world, filed, by=world.person(Role.SUPERVISOR), place_kind=OutreachPlace.HOUSE)
    assert Outreach.objects.using("owner").get().place_kind == "house"


def test_a_plan_without_a_safety_plan_is_not_kept_and_what_was_typed_is(world: World) -> None:
    filed = decided(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    for missing in ("safety_plan", "cover_reason"):
        sent = plan_as_sent(world.person(Role.COMPANION), **{missing: "  "})
        answered = browser.post(f"/laporan/{filed.reference}/penjangkauan/", sent)
        assert answered.status_code == 400
        assert "Tanpa itu tidak ada penjangkauan." in answered.content.decode()
        assert "Ruang UKS" in answered.content.decode()
    assert not Outreach.objects.using("owner").exists()
    assert world.rows("SELECT count(*) FROM access_grant") == [(0,)]


@pytest.mark.parametrize("column", ["safety_plan", "cover_reason"])
def test_the_database_itself_keeps_no_attempt_without_a_safety_plan_or_a_cover_reason(
    world: World, column: str
) -> None:
    planned(world)
    with pytest.raises(IntegrityError, match="intake_outreach_has_safety_plan"):
        world.rows(f"UPDATE intake_outreach SET {column} = NULL")
    with pytest.raises(IntegrityError, match="intake_outreach_ends_with_result"):
        world.rows("UPDATE intake_outreach SET result = 'reached'")


def test_what_was_planned_stays_as_it_was_planned(world: World) -> None:
    _filed, made = planned(world)
    for column in (
        "safety_plan",
        "cover_reason",
        "starts_at",
        "companion_id",
        "booking_id",
        "neighbours_ground",
    ):
        with (
            acting(world.person(Role.SUPERVISOR)),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(f"UPDATE intake_outreach SET {column} = {column} WHERE id = %s", [made.id])


def test_the_same_plan_sent_twice_is_one_plan(world: World) -> None:
    filed = decided(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    sent = plan_as_sent(world.person(Role.COMPANION))
    for _ in range(2):
        assert browser.post(f"/laporan/{filed.reference}/penjangkauan/", sent).status_code == 302
    assert Outreach.objects.using("owner").count() == 1
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'outreach_planned'") == [(1,)]


def test_a_number_of_another_dossiers_plan_gives_that_plan_to_nobody(world: World) -> None:
    _filed, made = planned(world)
    other = decided(world)
    with pytest.raises(Refused, match="sudah terpakai"):
        plan(world, other, outreach_id=made.id)
    assert Outreach.objects.using("owner").count() == 1


def test_who_is_no_companion_of_the_unit_or_is_walled_is_not_sent(world: World) -> None:
    filed = decided(world)
    walled = world.person(Role.COMPANION, tag="-kerabat")
    supervisor = world.person(Role.SUPERVISOR)
    with acting(supervisor):
        raise_wall(dossier=filed.dossier, person=walled.id, by=supervisor.id, at=clock.now())
    for person in (
        walled,
        world.person(Role.PSYCHOLOGIST),
        world.person(Role.COMPANION, world.other),
    ):
        with pytest.raises(Refused, match="tidak bisa mendampingi"):
            plan(world, filed, companion=person)
    page = world.client(supervisor).get(f"/laporan/{filed.reference}/penjangkauan/").content.decode()
    assert str(walled.id) not in page
    assert not Outreach.objects.using("owner").exists()


def test_an_adult_who_declined_in_private_is_not_sought_again_without_the_supervisor(world: World) -> None:
    filed, made = planned(world)
    end(world, made, OutreachResult.DECLINED)
    with pytest.raises(Refused, match="menolak sendiri"):
        plan(world, filed)
    plan(world, filed, by=world.person(Role.SUPERVISOR))


# --- who may -------------------------------------------------------------------------------------------------------


def test_companions_of_another_dossier_or_unit_meet_nothing(world: World) -> None:
    filed, made = planned(world)
    other_filed = decided(world)
    elsewhere = world.person(Role.COMPANION, tag="-lain")
    plan(world, other_filed, companion=elsewhere)
    strangers = [
        elsewhere,
        world.person(Role.COMPANION, world.other),
        world.person(Role.HEAD, world.other),
        world.person(Role.DATA_OFFICER),
        world.person(Role.ANALYST),
        world.person(Role.ADMINISTRATOR),
        world.person(Role.PSYCHOLOGIST),
    ]
    sent = {"result": "reached", "note": "x"}
    for person in strangers:
        browser = world.client(person)
        for address in (
            f"/penjangkauan/{made.id}/",
            f"/penjangkauan/{new_id()}/",
            f"/laporan/{filed.reference}/penjangkauan/",
        ):
            assert browser.get(address).status_code == 404, (person, address)
            assert browser.post(address, sent).status_code == 404, (person, address)
        with pytest.raises(Refused, match="di luar jangkauan"):
            end(world, made, by=person)
        with acting(person):
            assert made.id not in {row[0] for row in tried("SELECT id FROM intake_outreach") or []}
    assert world.client().get(f"/penjangkauan/{made.id}/").status_code == 302
    assert Outreach.objects.using("owner").get(id=made.id).result == ""


def test_a_companion_records_a_result_and_plans_nothing(world: World) -> None:
    filed, made = planned(world)
    companion = world.client(world.person(Role.COMPANION))
    assert companion.get(f"/laporan/{filed.reference}/penjangkauan/").status_code == 404
    assert companion.get(f"/laporan/{filed.reference}/triase/").status_code == 404
    assert companion.get(f"/penjangkauan/{made.id}/").status_code == 200


def test_the_head_reads_a_plan_and_does_not_write_it(world: World) -> None:
    filed, made = planned(world)
    browser = world.client(world.person(Role.HEAD))
    assert COVER in browser.get(f"/berkas/{filed.reference}/").content.decode()
    assert browser.get(f"/penjangkauan/{made.id}/").status_code == 404


def test_who_treats_her_does_not_learn_that_somebody_had_to_be_sent(world: World) -> None:
    filed, _made = planned(world)
    world.move(filed, Stage.CASE)
    officer = world.person(Role.PARTNER_OFFICER)
    for section in (Section.FILE, Section.RISK):
        world.grant(filed, world.hospital.id, section)
    page = world.client(officer).get(f"/berkas/{filed.reference}/")
    assert page.status_code == 200
    for said in (COVER, PLAN, "Penjangkauan", "Triase"):
        assert said not in page.content.decode()


# --- what came of it -------------------------------------------------------------------------------------------------


def test_the_first_result_stays_and_the_second_person_is_told(world: World) -> None:
    filed, made = planned(world)
    end(world, made, OutreachResult.NOT_FOUND, note="Sekolah libur.")
    supervisor = world.client(world.person(Role.SUPERVISOR))
    answered = supervisor.post(
        f"/penjangkauan/{made.id}/", {"result": "reached", "safe_now": "yes", "note": "Tulisan saya."}
    )
    shown = answered.content.decode()
    assert answered.status_code == 400
    for said in ("Hasil penjangkauan ini sudah dicatat.", "Tidak bertemu", "Tulisan saya."):
        assert said in shown
    assert Outreach.objects.using("owner").get().result == OutreachResult.NOT_FOUND
    told = world.rows("SELECT actor_id, fields_named FROM ledger_entry WHERE verb = 'outreach_ended'")
    assert told == [(world.person(Role.COMPANION).id, ["not_found"])]
    assert filed.reference in shown


def test_before_it_begins_an_attempt_can_only_be_called_off(world: World) -> None:
    made = plan(world, decided(world))
    for result in set(OutreachResult.values) - {OutreachResult.CALLED_OFF}:
        with pytest.raises(Refused, match="belum mulai"):
            end(world, made, result)
    end(world, made, OutreachResult.CALLED_OFF)
    assert Outreach.objects.using("owner").get().ended_at is not None


@pytest.mark.parametrize("result", OutreachResult.values)
def test_after_an_attempt_that_did_not_reach_her_another_one_is_awaited(world: World, result: str) -> None:
    filed = decided(world)
    assert Report.objects.using("owner").get().awaits_outreach
    made = plan(world, filed)
    assert not Report.objects.using("owner").get().awaits_outreach
    begin(world, made)
    end(world, made, result)
    awaited = result in ("not_alone", "not_found", "called_off")
    assert Report.objects.using("owner").get().awaits_outreach == awaited


def test_a_new_decision_for_outreach_awaits_a_new_attempt(world: World) -> None:
    filed, made = planned(world)
    end(world, made)
    decide(world, filed, Triage.HEAD_OFFICE, TriageReason.COMES_HERSELF)
    assert not Report.objects.using("owner").get().awaits_outreach
    decide(world, filed, Triage.OUTREACH, TriageReason.CANNOT_COME)
    assert Report.objects.using("owner").get().awaits_outreach
    again = plan(world, filed)
    begin(world, again)
    end(world, again, OutreachResult.NOT_FOUND)
    assert Report.objects.using("owner").get().awaits_outreach


@pytest.mark.parametrize(
    "broken",
    [
        {"starts_at": ""},
        {"starts_at": "besok"},
        {"starts_at": "0001-01-01T00:00"},
        {"starts_at": "9999-12-31T23:59"},
        {"starts_at": "2020-01-01T08:00"},
        {"companion": ""},
        {"companion": str(new_id())},
        {"place_kind": "elsewhere"},
        {"safety_plan": "a\0b"},
        {"cover_reason": "x" * 4_001},
        {"place_name": "x" * 201},
    ],
)
def test_bad_input_of_a_plan_is_told_and_the_rest_stays(world: World, broken: dict[str, str]) -> None:
    filed = decided(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    sent = plan_as_sent(world.person(Role.COMPANION), safety_plan="Ketikan yang lama.") | broken
    answered = browser.post(f"/laporan/{filed.reference}/penjangkauan/", sent)
    assert answered.status_code == 400
    if "safety_plan" not in broken:
        assert "Ketikan yang lama." in answered.content.decode()
    assert not Outreach.objects.using("owner").exists()


def test_a_form_without_a_number_of_its_own_is_taken_all_the_same(world: World) -> None:
    filed = decided(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    sent = plan_as_sent(world.person(Role.COMPANION), outreach_id="bukan nomor")
    assert browser.post(f"/laporan/{filed.reference}/penjangkauan/", sent).status_code == 302
    assert Outreach.objects.using("owner").count() == 1


def test_what_a_companion_typed_when_the_session_ended_is_kept_by_the_door(world: World) -> None:
    _filed, made = planned(world)
    answered = world.client().post(f"/penjangkauan/{made.id}/", {"result": "reached", "note": "Catatan."})
    assert answered.status_code == 302
    assert answered.headers["Location"].startswith("/akun/login/")
    assert Outreach.objects.using("owner").get().result == ""
