"""Everything that stands on one page, and half of it taken back at once. Source: issue "People and consent"."""

from typing import Any

import pytest

from ruangaman.access.states import Role, Section
from ruangaman.consent.models import Consent, Recall
from ruangaman.consent.states import Answer, Basis, Service
from ruangaman.people.states import PersonRole, Relation
from tests.consent.answers import Case, girl, woman
from tests.people.people import added, put_on_team
from tests.worlds import World, acting


def seen(one: Case, by: Any = None) -> Any:
    return one.world.client(by or one.manager).get(f"/persetujuan/{one.filed.reference}/semua/")


def rows(page: Any) -> list[dict[str, Any]]:
    return [row for client in page.context["clients"] for row in client["rows"]]


def lbh(world: World) -> Any:
    return world.organisation("partner", "LBH Uji", "31")


def test_the_page_says_who_sees_what_until_when_and_on_whose_word(world: World) -> None:
    one = girl(world)
    consent = one.answer(recipient=world.hospital, also=[Section.NARRATIVE])
    one.answer(Service.LEGAL, Answer.REFUSED, recipient=world.hospital, until=None)
    page = seen(one)
    (row,) = rows(page)
    assert (row["who"], row["word"], row["until"]) == ("RS Uji", "wali dan anak", consent.until)
    text = page.content.decode()
    assert "Cerita kejadian" in text
    assert "Cara menghubungi" not in text
    assert [one["answer"] for one in page.context["history"]] == ["Tidak setuju", "Setuju"]


def test_what_another_client_did_not_agree_to_is_told_as_waiting(world: World) -> None:
    one = woman(world)
    one.answer(recipient=world.hospital, also=[Section.NARRATIVE, Section.CONTACT])
    added(one.filed, one.manager, PersonRole.CLIENT, "Kakak Rekaan", age=32)
    (row,) = rows(seen(one))
    assert [str(words) for words in row["waits"]] == [
        "Cerita kejadian, supaya klien tidak perlu bercerita lagi"
    ]
    assert "narrative" not in one.granted(world.hospital)
    assert "contact" in one.granted(world.hospital)


def test_a_woman_withdraws_half_of_what_she_agreed_to(world: World) -> None:
    one, legal_aid = woman(world), lbh(world)
    stays = one.answer(Service.LEGAL, recipient=legal_aid, also=[Section.NARRATIVE])
    hospital = one.answer(Service.MEDICAL, recipient=world.hospital, also=[Section.NARRATIVE])
    psychologist = world.person(Role.PSYCHOLOGIST)
    own = one.answer(Service.PSYCHOLOGICAL)
    put_on_team(world, one.filed, psychologist, Role.PSYCHOLOGIST)
    client = world.client(one.manager)
    address = f"/persetujuan/{one.filed.reference}/tarik/"

    page = client.get(address, {"chosen": [str(hospital.id), str(own.id)]})
    closes = {row["who"]: row for row in page.context["closes"]}
    assert set(closes) == {"RS Uji", ""}
    assert {str(label) for label in closes["RS Uji"]["sections"]} >= {
        Section.NARRATIVE.label,
        Section.MEDICAL.label,
    }
    assert closes[""]["services"] == [Service.PSYCHOLOGICAL.label]
    assert "Apakah ada yang memintamu berhenti" in page.content.decode()
    assert "medical" in one.granted(world.hospital), "nothing changes by looking"

    sent = client.post(address, {"chosen": [str(hospital.id), str(own.id)]})
    assert sent.headers["Location"] == f"/persetujuan/{one.filed.reference}/semua/"
    assert one.granted(world.hospital) == set()
    assert {"legal", "narrative"} <= one.granted(legal_aid)
    assert [row["id"] for row in rows(seen(one))] == [stays.id]
    assert {(r.recipient_id, r.person_id) for r in Recall.objects.using("owner")} == {
        (world.hospital.id, None),
        (None, psychologist.id),
    }
    assert client.get(page.request["PATH_INFO"], {"chosen": [str(hospital.id)]}).status_code == 400


def test_it_is_all_or_nothing(world: World) -> None:
    one = girl(world)
    legal = one.answer(Service.LEGAL, recipient=world.hospital)
    medical = one.answer(Service.MEDICAL, recipient=world.hospital)
    sent = world.client(one.manager).post(
        f"/persetujuan/{one.filed.reference}/tarik/",
        {"chosen": [str(legal.id), str(medical.id)], "word_of": "guardian"},
    )
    assert "Wali tidak bisa menarik" in sent.content.decode()
    assert {"legal", "medical"} <= one.granted(world.hospital)


def test_an_answer_that_came_meanwhile_is_not_overrun_by_an_old_page(world: World) -> None:
    """She was asked again after the page was opened: to withdraw what no longer decides would close nothing."""
    one = woman(world)
    old = one.answer(recipient=world.hospital)
    one.answer(recipient=world.hospital, also=[Section.CONTACT])
    sent = world.client(one.manager).post(f"/persetujuan/{old.id}/tarik/", {})
    assert sent.status_code == 400
    assert "sudah tidak berlaku" in sent.content.decode()


def test_nothing_chosen_and_what_is_of_another_file_withdraw_nothing(world: World) -> None:
    """peers.md (Primero): what the page does not offer, the server refuses."""
    one, other = woman(world), woman(world)
    theirs = other.answer(recipient=world.hospital)
    client = world.client(one.manager)
    for chosen in ([], [str(theirs.id)], ["made up"]):
        assert (
            client.post(f"/persetujuan/{one.filed.reference}/tarik/", {"chosen": chosen}).status_code == 400
        )
    assert "medical" in other.granted(world.hospital)


def test_a_barred_father_withdraws_nothing(world: World) -> None:
    """care.md 10, 11: without an accepted guardian nobody's word but the child's and the supervisor's counts."""
    one = girl(world)
    consent = one.answer(Service.MEDICAL, recipient=world.hospital)
    added(one.filed, one.manager, PersonRole.REPORTED, "Dewi Contoh", relation=Relation.AUNT_UNCLE)
    assert "tanyakan lagi: wali tidak bisa lagi" in seen(one).content.decode()
    with pytest.raises(Exception, match="Belum ada wali"):
        one.withdraw(consent, word_of=Basis.GUARDIAN)
    one.withdraw(consent, word_of=Basis.CLIENT)
    assert one.granted(world.hospital) == set()


def test_whoever_reads_the_plan_sees_it_and_only_who_writes_it_may_change(world: World) -> None:
    one = woman(world)
    one.answer(recipient=world.hospital)
    head = world.person(Role.HEAD)
    page = seen(one, head)
    assert page.status_code == 200
    assert "Tarik yang dipilih" not in page.content.decode()
    for role in (Role.PSYCHOLOGIST, Role.LAWYER, Role.PARTNER_OFFICER, Role.DATA_OFFICER):
        assert seen(one, world.person(role)).status_code == 404
    assert world.client(head).post(f"/persetujuan/{one.filed.reference}/tarik/", {}).status_code == 404


def test_a_page_of_many_answers_asks_the_database_no_more(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    one = woman(world)
    one.answer(recipient=world.hospital)
    client = world.client(one.manager)
    client.get(f"/persetujuan/{one.filed.reference}/semua/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/persetujuan/{one.filed.reference}/semua/")
    for service in (Service.LEGAL, Service.SOCIAL, Service.PSYCHOLOGICAL, Service.SPIRITUAL):
        one.answer(service, recipient=world.hospital)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/persetujuan/{one.filed.reference}/semua/")
    assert len(many) == len(few)
    with acting(one.manager):
        assert Consent.objects.count() == 5
