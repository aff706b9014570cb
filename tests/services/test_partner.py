"""A partner's page: what it shows, what it records, and how it closes."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from ruangaman.access.states import Role, Section
from ruangaman.consent.states import Service
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.services.states import REFERRAL_MOVES, Decline, ReferralStatus
from tests.access.filled import protected
from tests.services.referring import NOTE, REQUEST, Sent, another, case, planned_with, refer, sent, withdraw
from tests.worlds import World, acting

ACTS = {
    ReferralStatus.ACCEPTED: ("terima", {}),
    ReferralStatus.DECLINED: ("tolak", {"decline": Decline.FULL.value}),
    ReferralStatus.DONE: ("selesai", {}),
}


def page_of(one: Sent) -> str:
    answer = one.browser.get(one.page)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_partner_answers_treats_and_finishes(world: World) -> None:
    one = sent(world)
    listed = one.browser.get("/rujukan/").content.decode()
    assert one.way.reference in listed
    assert "Menunggu jawaban" in listed
    page = page_of(one)
    assert REQUEST in page
    assert "R. R." in page  # initials, not the name
    assert "Ratna" not in page
    assert "Catat yang dilakukan" not in page
    one.accept()
    assert "Catat yang dilakukan" in page_of(one)
    assert one.treat().status_code == 302
    assert NOTE in page_of(one)
    assert one.post("selesai").status_code == 302
    assert one.status == ReferralStatus.DONE
    given = world.rows("SELECT given, last_given_on FROM cases_planitem WHERE id = %s", [one.item.id])
    assert given == [(1, timezone.localdate())]
    met = world.rows("SELECT state FROM cases_need WHERE service = 'medical'")
    assert met == [("met",)]


def test_the_unit_sees_that_a_partner_treated_her(world: World) -> None:
    one = sent(world)
    one.accept()
    one.treat()
    page = world.client(one.way.manager).get(f"/berkas/{one.way.reference}/").content.decode()
    assert re.search(r"1\s+dari\s+3", page)
    assert NOTE in page  # who keeps the medical clock reads it. Source: care.md 8
    head = world.client(world.person(Role.HEAD)).get(f"/berkas/{one.way.reference}/").content.decode()
    assert re.search(r"1\s+dari\s+3", head)
    assert NOTE not in head  # nobody by rank


def test_a_partner_declines_with_a_reason_only(world: World) -> None:
    one = sent(world)
    answer = one.post("tolak")
    assert answer.status_code == 400
    assert "Pilih alasan menolak" in answer.content.decode()
    assert one.status == ReferralStatus.SENT
    assert one.post("tolak", decline=Decline.OUTSIDE_AREA.value).status_code == 302
    assert one.status == ReferralStatus.DECLINED
    today = world.client(one.way.manager).get("/hari-ini/").content.decode()
    assert "RS Uji menolak rujukan" in today


@pytest.mark.parametrize("now", ReferralStatus)
@pytest.mark.parametrize("to", ACTS)
def test_only_legal_moves_are_made(world: World, now: ReferralStatus, to: ReferralStatus) -> None:
    one = sent(world)
    world.rows("UPDATE services_referral SET status = %s WHERE id = %s", [now.value, one.referral.id])
    what, told = ACTS[to]
    answer = one.post(what, **told)
    if (now, to) in REFERRAL_MOVES:
        assert (answer.status_code, one.status) == (302, to)
    else:
        assert (answer.status_code, one.status) == (409, now)
        assert "sudah berstatus" in answer.content.decode()


def test_accepting_twice_is_told_and_changes_nothing(world: World) -> None:
    one = sent(world)
    one.accept()
    before = world.rows("SELECT * FROM services_referral")
    assert one.post("terima").status_code == 409
    assert world.rows("SELECT * FROM services_referral") == before


def test_a_double_click_records_one_treatment_and_one_visum(world: World) -> None:
    one = sent(world, visum=True)
    one.accept()
    row = str(new_id())
    assert [one.treat(row_id=row).status_code for _ in range(2)] == [302, 302]
    assert [one.visum(row_id=row).status_code for _ in range(2)] == [302, 302]
    assert (one.count("services_delivery"), one.count("services_visum")) == (1, 1)
    assert world.rows("SELECT given FROM cases_planitem") == [(1,)]


def test_a_form_with_a_fault_keeps_all_that_was_typed(world: World) -> None:
    one = sent(world, visum=True)
    one.accept()
    ahead = (clock.now() + timedelta(days=2)).date().isoformat()
    answer = one.treat(given_on=ahead)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "belum terjadi" in page
    assert NOTE in page
    assert ahead in page
    answer = one.visum(dated_on="")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Tulis tanggal visum" in page
    assert "V/12/2026" in page
    assert one.count("services_delivery") == one.count("services_visum") == 0


def test_what_was_typed_stays_where_a_colleague_finished_meanwhile(world: World) -> None:
    one = sent(world)
    one.accept()
    one.post("selesai")
    answer = one.treat()
    assert answer.status_code == 409
    assert NOTE in answer.content.decode()
    assert "tidak disimpan" in answer.content.decode()
    assert one.count("services_delivery") == 0


def test_nothing_is_recorded_before_the_referral_is_accepted(world: World) -> None:
    one = sent(world, visum=True)
    assert one.treat().status_code == 409
    assert one.visum().status_code == 409
    assert one.count("services_delivery") == one.count("services_visum") == 0


def test_a_kind_of_another_service_is_refused(world: World) -> None:
    one = sent(world)
    one.accept()
    assert one.treat(kind="legal_advice").status_code == 400
    assert one.count("services_delivery") == 0


def test_a_visum_is_noted_only_where_the_police_asked_for_one(world: World) -> None:
    one = sent(world)
    one.accept()
    assert "Nomor visum" not in page_of(one)
    assert one.visum().status_code == 404
    assert one.count("services_visum") == 0


def test_a_visum_is_a_number_and_a_day_and_has_no_place_for_findings(world: World) -> None:
    one = sent(world, visum=True)
    one.accept()
    assert one.visum().status_code == 302
    assert "V/12/2026" in page_of(one)
    columns = {
        row[0]
        for row in world.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'services_visum'"
        )
    }
    spine = {"id", "dossier_id", "unit_id", "stage", "client_id", "referral_id", "key_id"}
    assert columns - spine == {"number", "request_number", "dated_on", "recorded_by_id", "recorded_at"}
    held = world.rows("SELECT number, request_number FROM services_visum")[0]
    assert not any(b"V/12" in bytes(value) or b"R/7" in bytes(value) for value in held)


# --- what she did not agree to --------------------------------------------------------------------------------------


def test_a_page_shows_neither_story_nor_safety_unless_she_agreed(world: World) -> None:
    one = sent(world)
    one.way.note("high", "Jangan ke rumah.")
    page = page_of(one)
    assert "Kronologi rekaan" not in page
    assert "Jangan ke rumah" not in page
    assert _opened(one) == ["referral"]


def test_what_she_agreed_to_share_is_shown_and_the_ledger_says_just_that(world: World) -> None:
    one = sent(world, also=[Section.NARRATIVE, Section.RISK])
    one.way.note("high", "Jangan ke rumah.")
    page = page_of(one)
    assert "Kronologi rekaan" in page
    assert "Jangan ke rumah" in page
    assert _opened(one) == ["narrative", "referral", "risk"]
    one.accept()
    one.treat()
    page_of(one)
    assert _opened(one) == ["medical", "narrative", "referral", "risk"]


def _opened(one: Sent) -> list[str]:
    rows = one.world.rows(
        "SELECT fields_named FROM ledger_entry WHERE verb = 'opened' AND actor_id = %s "
        "ORDER BY at DESC, id DESC LIMIT 1",
        [one.officer.id],
    )
    return sorted(rows[0][0])


def test_who_told_whom_she_accuses_and_what_else_is_planned_reach_no_partner(world: World) -> None:
    from ruangaman.people.actions import Identity, add_person
    from ruangaman.people.states import PersonRole, Relation

    way = case(world)
    with acting(way.manager):
        add_person(
            dossier=way.dossier,
            role=PersonRole.REPORTED,
            identity=Identity("Bambang Rekaan"),
            relation=Relation.SPOUSE,
            by=way.manager.id,
            at=clock.now(),
        )
    one = sent(world, way=way)
    pages = [page_of(one), one.browser.get("/rujukan/").content.decode()]
    pages.append(one.browser.get(f"/berkas/{way.reference}/").content.decode())
    pages.append(one.browser.post(f"/orang/{way.reference}/buka/").content.decode())
    for page in pages:
        for secret in ("Bambang", "B. R.", "Psikologis", "Tujuan rekaan", "Cerita rekaan", "Harapan rekaan"):
            assert secret not in page
    with acting(one.officer):
        seen = {
            table: world.rows(f"SELECT count(*) FROM {table}", using="default")[0][0] for table in protected()
        }
    full = {table for table, number in seen.items() if number}
    assert full <= {
        "access_dossier", "access_datakey", "people_person", "people_nametoken", "people_part",
        "services_referral", "access_grant",
    }  # fmt: skip
    assert seen["people_person"] == 1
    with acting(one.officer):
        keys = world.rows("SELECT section FROM access_datakey", using="default")
    assert {row[0] for row in keys} <= {"file", "identity", "referral", "medical"}


# --- it closes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["", "terima", "tolak", "layanan", "visum", "selesai"])
def test_a_consent_withdrawn_closes_the_open_page_at_the_next_click(world: World, what: str) -> None:
    one = sent(world, visum=True, also=[Section.NARRATIVE])
    if what in ("layanan", "visum", "selesai"):
        one.accept()
    page_of(one)
    before, stranger = one.status, one.browser.get(f"/rujukan/{new_id()}/").content
    withdraw(one.way, one.consent)
    acts = {"layanan": one.treat, "visum": one.visum}
    answer = (
        acts[what]()
        if what in acts
        else one.post(what, decline="full")
        if what
        else one.browser.get(one.page)
    )
    assert answer.status_code == 404
    assert one.way.reference.encode() not in answer.content
    if not what:
        assert _masked(answer.content) == _masked(stranger)  # nothing tells that there was something
    assert one.status == before
    assert one.count("services_delivery") == one.count("services_visum") == 0
    assert one.way.reference not in one.browser.get("/rujukan/").content.decode()
    # Of the file nothing is left but that they are asked to delete what they had, by its number.
    today = one.browser.get("/hari-ini/").content.decode()
    assert one.page not in today
    assert "Hapus salinan Anda" in today
    with acting(one.officer):
        for table in protected().keys() - {"consent_recall"}:
            assert world.rows(f"SELECT 1 FROM {table}", using="default") == [], table
        assert len(world.rows("SELECT 1 FROM consent_recall", using="default")) == 1


def _masked(page: bytes) -> bytes:
    return re.sub(rb'(csrfmiddlewaretoken" value|nonce)="[^"]+"', b"", page)


def test_a_no_to_one_service_closes_it_though_the_partner_gives_another(world: World) -> None:
    medical = sent(world)
    legal = sent(world, way=medical.way, service=Service.PSYCHOLOGICAL)
    medical.accept()
    medical.treat()
    withdraw(medical.way, medical.consent)
    assert medical.browser.get(medical.page).status_code == 404
    assert legal.browser.get(legal.page).status_code == 200
    listed = medical.browser.get("/rujukan/").content.decode()
    assert str(legal.referral.id) in listed
    assert str(medical.referral.id) not in listed
    with acting(medical.officer):
        assert world.rows("SELECT service FROM services_referral", using="default") == [("psychological",)]
        assert world.rows("SELECT 1 FROM services_delivery", using="default") == []


def test_of_two_partners_each_sees_its_own_alone(world: World) -> None:
    one = sent(world, visum=True)
    other = sent(world, way=one.way, partner=another(world), visum=True)
    for each in (one, other):
        each.accept()
        each.treat()
        each.visum()
    for mine, theirs in ((one, other), (other, one)):
        assert mine.browser.get(mine.page).status_code == 200
        assert mine.browser.get(theirs.page).status_code == 404
        assert mine.browser.post(f"{theirs.page}selesai/").status_code == 404
        assert str(theirs.referral.id) not in mine.browser.get("/rujukan/").content.decode()
        with acting(mine.officer):
            rows = world.rows("SELECT id FROM services_referral", using="default")
            assert rows == [(mine.referral.id,)]
            for table in ("services_delivery", "services_visum"):
                rows = world.rows(f"SELECT referral_id FROM {table}", using="default")
                assert rows == [(mine.referral.id,)], table
    assert theirs.status == ReferralStatus.ACCEPTED


def test_another_hospitals_officer_sees_nothing(world: World) -> None:
    one = sent(world)
    stranger = world.person(Role.PARTNER_OFFICER, another(world))
    browser = world.client(stranger)
    assert browser.get(one.page).status_code == 404
    assert one.way.reference not in browser.get("/rujukan/").content.decode()
    with acting(stranger):
        for table in protected():
            assert world.rows(f"SELECT 1 FROM {table}", using="default") == [], table


def test_a_second_referral_waits_for_the_end_of_the_first(world: World) -> None:
    way = case(world)
    _consent, item = planned_with(way, world.hospital)
    row = new_id()
    assert refer(way, item, referral_id=row).id == refer(way, item, referral_id=row).id == row
    assert world.rows("SELECT count(*) FROM services_referral") == [(1,)]


def test_a_referral_that_was_altered_is_told_and_the_rest_of_the_page_stays(world: World) -> None:
    one = sent(world)
    world.rows("UPDATE services_referral SET request = %s", [b"diubah"])
    page = page_of(one)
    assert "tidak terbaca" in page
    assert REQUEST not in page
    assert "Terima rujukan" in page
