"""A contact that is not safe any more is used by nobody until another was confirmed with them. Source: care.md 5, 7."""

from datetime import datetime
from typing import Any

import pytest
import yaml
from django.db import DatabaseError, transaction
from django.test import Client

from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section, Stage
from ruangaman.intake.actions import calling_back as calls
from ruangaman.intake.actions import clients
from ruangaman.intake.actions.doubted import doubt_contact
from ruangaman.intake.models import CallBack, SafeContact, Wish
from ruangaman.intake.queries.calling_back import waiting
from ruangaman.intake.queries.clients import contact_is_doubted
from ruangaman.intake.queries.reports import contact_of
from ruangaman.intake.states import Means, OutreachPlace
from ruangaman.intake.states.client import WishAnswer, WishKind
from ruangaman.intake.states.ways import CallResult
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.states import Verb
from ruangaman.people.actions import set_contact
from ruangaman.people.models import Contact, Person
from ruangaman.people.policies import Way
from ruangaman.people.states import ContactMeans
from tests.house.rooms import PACKAGE
from tests.intake.calling import asked, at_hour, officer, reachable
from tests.intake.hers import Hers, client_of, enter, hers, page, wish
from tests.intake.joining import answered, merge, send, taker, undo
from tests.intake.reaching import decide, plan
from tests.intake.test_thread import with_code
from tests.intake.test_transfers import TOLD
from tests.worlds import Filed, World, acting

OLD, NEW = "0812-0000-1111", "0899-0000-2222"
DOUBTED = "tidak aman lagi"


def victim(world: World) -> Hers:
    """A victim who reported herself, may be called, and has a code of her own; nobody has taken the case yet."""
    return hers(world, reachable(world, reporter_kind="victim"), stage=Stage.INTAKE)


def says(world: World, filed: Filed, person: Person, *, spoken_since: bool = False, **way: Any) -> None:
    by = world.person(Role.SUPERVISOR)
    viewer = world.viewer(by)
    told = {"means": ContactMeans.CALL, "address": NEW, "code_word": "teh manis", **way}
    with acting(by):
        set_contact(
            viewer=viewer, dossier=filed.dossier, person=person, way=Way(**told), at=clock.now(),
            spoken_since=spoken_since,
        )  # fmt: skip


def opened(world: World, call: CallBack, at: datetime) -> calls.Opened:
    user = officer(world)
    viewer = world.viewer(user)
    with acting(user):
        return calls.open_number(viewer=viewer, call_id=call.id, at=at)


def told_by_thread(filed: Filed) -> Any:
    return with_code(filed).post("/cek/kontak/")


TRIED = (
    "INSERT INTO intake_calltry (id, dossier_id, unit_id, stage, call_id, result, tried_by_id, tried_at) "
    "SELECT gen_random_uuid(), dossier_id, unit_id, stage, id, 'no_answer', %s, now() FROM intake_callback"
)
ASKED = (
    "INSERT INTO intake_callback (id, dossier_id, unit_id, stage, key_id, why, asked_by_id, asked_at, not_before) "
    "SELECT gen_random_uuid(), dossier_id, unit_id, stage, key_id, why, %s, now(), now() FROM intake_callback"
)


# --- a client tells it by her code ---


def test_care_7_nobody_calls_a_number_that_she_says_is_not_safe_any_more(world: World) -> None:
    made = victim(world)
    call, noon = asked(world, made.filed), at_hour(world, 12, days=1)
    assert opened(world, call, noon).phone == OLD
    wish(made, WishKind.OTHER_CONTACT)

    with pytest.raises(Refused, match=DOUBTED):
        opened(world, call, noon)
    with pytest.raises(Refused, match=DOUBTED):
        asked(world, made.filed)
    user = officer(world)
    viewer = world.viewer(user)
    with pytest.raises(Refused, match=DOUBTED), acting(user):
        calls.tell_try(viewer=viewer, call_id=call.id, try_id=new_id(), result=CallResult.REACHED, at=noon)
    with acting(user):
        assert not any(one.may_call_at(noon) for one in waiting(viewer, noon, 10))


@pytest.mark.parametrize("statement", [TRIED, ASKED])
def test_care_7_nor_does_whoever_speaks_to_the_database_itself(world: World, statement: str) -> None:
    made = victim(world)
    asked(world, made.filed)
    with acting(officer(world)):
        world.rows(statement, [officer(world).id], using="default")
    wish(made, WishKind.OTHER_CONTACT)
    with pytest.raises(DatabaseError, match=r"must not be called|in doubt"), acting(officer(world)):
        world.rows(statement, [officer(world).id], using="default")


def test_the_pages_say_why_and_what_to_do_and_show_the_number_nowhere(world: World) -> None:
    made = victim(world)
    call, staff = asked(world, made.filed), world.client(officer(world))
    wish(made, WishKind.OTHER_CONTACT)

    shown = staff.get(f"/menelepon/{call.id}/").content.decode()
    assert "Jangan menelepon: kontaknya tidak aman lagi" in shown and 'value="open"' not in shown
    assert "penjangkauan" in shown and "112" in shown
    answer = staff.post(f"/menelepon/{call.id}/", {"go": "open"})
    assert answer.status_code == 409 and OLD not in answer.content.decode()
    assert "jangan ditelepon" in staff.get("/menelepon/").content.decode()
    assert "jangan menelepon" in staff.get(f"/laporan/{made.filed.reference}/hubungi/").content.decode()
    file = staff.get(f"/berkas/{made.filed.reference}/").content.decode()
    assert OLD not in file and "Kontaknya tidak aman lagi" in file
    assert "jangan menelepon, mengirim pesan, atau mengirim surat" in file


def test_not_even_a_supervisor_calls_all_the_same(world: World) -> None:
    made = victim(world)
    call, boss = asked(world, made.filed), world.person(Role.SUPERVISOR)
    wish(made, WishKind.OTHER_CONTACT)
    viewer = world.viewer(boss)
    with pytest.raises(Refused, match="112"), acting(boss):
        calls.open_number(viewer=viewer, call_id=call.id, at=at_hour(world, 12, days=1))


def test_an_answer_to_her_request_makes_no_contact_safe(world: World) -> None:
    made = victim(world)
    call, told = asked(world, made.filed), wish(made, WishKind.OTHER_CONTACT)
    user = officer(world)
    viewer = world.viewer(user)
    with acting(user):
        clients.answer_wish(viewer=viewer, wish=told, answer=WishAnswer.NOT_HERS, at=clock.now())
        assert contact_is_doubted(viewer, made.filed.dossier.id)
    with pytest.raises(Refused, match=DOUBTED):
        opened(world, call, at_hour(world, 12, days=1))


def test_once_she_gave_another_it_is_that_one_which_is_called_and_never_the_old_one(world: World) -> None:
    made = victim(world)
    call, noon = asked(world, made.filed), at_hour(world, 12, days=1)
    wish(made, WishKind.OTHER_CONTACT)
    says(world, made.filed, made.person, spoken_since=True)

    shown = opened(world, call, noon)
    assert (shown.phone, shown.code_word, shown.hours) == (NEW, "teh manis", "")
    entries = world.rows(
        "SELECT fields_named FROM ledger_entry WHERE verb = 'opened' ORDER BY at DESC LIMIT 1"
    )
    assert entries == [(["contact", "number"],)]
    shown_there = world.client(officer(world)).get(f"/berkas/{made.filed.reference}/").content.decode()
    assert OLD not in shown_there and "Kontak dari laporan tidak dipakai lagi" in shown_there


def test_another_way_than_a_call_is_no_call(world: World) -> None:
    made = victim(world)
    call = asked(world, made.filed)
    wish(made, WishKind.OTHER_CONTACT)
    says(world, made.filed, made.person, spoken_since=True, means=ContactMeans.MESSAGE)
    with pytest.raises(Refused, match="tidak memilih telepon"):
        opened(world, call, at_hour(world, 12, days=1))


def test_what_is_confirmed_may_be_doubted_again(world: World) -> None:
    """Also while her first request still waits for an answer."""
    made = victim(world)
    call = asked(world, made.filed)
    wish(made, WishKind.OTHER_CONTACT)
    wish(made, WishKind.OTHER_CONTACT)
    assert Wish.objects.using("owner").count() == 1, "told twice, it is one request"
    says(world, made.filed, made.person, spoken_since=True)
    wish(made, WishKind.OTHER_CONTACT)

    assert Wish.objects.using("owner").count() == 2
    with pytest.raises(Refused, match=DOUBTED):
        opened(world, call, at_hour(world, 12, days=1))


def test_of_several_clients_nobody_takes_one_for_the_other(world: World) -> None:
    """Her child's number is not called as hers; and the child's own contact stays as safe as it was."""
    made = victim(world)
    child = client_of(world, made.filed, "Kirana Rekaan")
    call = asked(world, made.filed)
    says(world, made.filed, made.person)
    says(world, made.filed, child, address="0877-0000-3333")
    wish(made, WishKind.OTHER_CONTACT)

    marked = Contact.objects.using("owner").exclude(doubted_at=None)
    assert [one.person_id for one in marked] == [made.person.id]
    says(world, made.filed, made.person, spoken_since=True)
    with pytest.raises(Refused, match=DOUBTED):
        opened(world, call, at_hour(world, 12, days=1))


@pytest.mark.parametrize(
    ("kind", "stopped"), [("family", True), ("public", False), ("institution", False), ("witness", False)]
)
def test_her_doubt_stops_calls_to_her_family_and_to_nobody_who_is_apart(
    world: World, kind: str, stopped: bool
) -> None:
    made = hers(world, reachable(world, reporter_kind=kind), stage=Stage.INTAKE)
    call, noon = asked(world, made.filed), at_hour(world, 12, days=1)
    wish(made, WishKind.OTHER_CONTACT)
    if stopped:
        with pytest.raises(Refused, match=DOUBTED):
            opened(world, call, noon)
        says(world, made.filed, made.person, spoken_since=True)
    assert opened(world, call, noon).phone == OLD


def test_care_5_no_call_is_planned_to_her_and_a_safe_place_is(world: World) -> None:
    made = hers(world, world.file(reporter_kind="family"), stage=Stage.INTAKE)
    decide(world, made.filed)
    by_call = {"place_kind": OutreachPlace.CALL, "place_name": "0812, ia sendiri"}
    at_ten = {"starts_at": at_hour(world, 10, days=1), "ends_at": at_hour(world, 11, days=1)}
    wish(made, WishKind.OTHER_CONTACT)

    with pytest.raises(Refused, match=DOUBTED):
        plan(world, made.filed, **by_call, **at_ten)
    planned = plan(world, made.filed, **at_ten)
    user = officer(world)
    with pytest.raises(DatabaseError, match="in doubt"), acting(user):
        world.rows(
            "INSERT INTO intake_outreach SELECT (jsonb_populate_record(o, "
            "jsonb_build_object('id', gen_random_uuid(), 'place_kind', 'call', 'booking_id', null))).* "
            "FROM intake_outreach o",
            using="default",
        )
    assert planned.place_kind == OutreachPlace.SCHOOL


def test_a_call_that_was_planned_before_is_marked_on_the_file(world: World) -> None:
    made = hers(world, world.file(reporter_kind="family"), stage=Stage.INTAKE)
    decide(world, made.filed)
    at_ten = {"starts_at": at_hour(world, 10, days=1), "ends_at": at_hour(world, 11, days=1)}
    plan(world, made.filed, place_kind=OutreachPlace.CALL, place_name="0812, ia sendiri", **at_ten)
    staff, file = world.client(world.person(Role.SUPERVISOR)), f"/berkas/{made.filed.reference}/"
    assert "Batalkan telepon ini" not in staff.get(file).content.decode()
    wish(made, WishKind.OTHER_CONTACT)
    assert "Batalkan telepon ini" in staff.get(file).content.decode()


def test_what_she_told_in_one_of_the_files_that_were_merged_holds_in_all(world: World) -> None:
    """Each of them keeps the number with which it was reported."""
    made, other = hers(world, stage=Stage.INTAKE), reachable(world, reporter_kind="victim")
    call, noon = asked(world, other), at_hour(world, 12, days=1)
    bound = merge(world, other, made.filed)
    assert opened(world, call, noon).phone == OLD
    wish(made, WishKind.OTHER_CONTACT)

    with pytest.raises(Refused, match=DOUBTED):
        opened(world, call, noon)
    with pytest.raises(DatabaseError, match="must not be called"), acting(officer(world)):
        world.rows(TRIED, [officer(world).id], using="default")
    undo(world, bound)
    assert opened(world, call, noon).phone == OLD, "it was somebody else's after all"


def test_who_is_not_signed_in_asks_nothing_of_it(world: World) -> None:
    made = victim(world)
    wish(made, WishKind.OTHER_CONTACT)
    ask = ("SELECT standing FROM door.last_doubt(%s)", [made.filed.dossier.id])
    assert world.rows(*ask, using="default") == [(False,)]
    with acting(officer(world)):
        assert world.rows(*ask, using="default") == [(True,)]


def test_she_reads_that_it_is_used_no_more(world: World) -> None:
    made = victim(world)
    wish(made, WishKind.OTHER_CONTACT)
    assert "kontak lama tidak kami pakai lagi" in page(enter(made))


# --- who reported tells it by the thread ---


def test_who_reported_stops_the_calls_with_the_code_of_the_report(world: World) -> None:
    filed, other = reachable(world, reporter_kind="public"), reachable(world)
    call, noon = asked(world, filed), at_hour(world, 12, days=1)
    assert "Nomorku tidak aman lagi" in with_code(filed).get("/cek/").content.decode()
    for _twice in range(2):
        answered = told_by_thread(filed)
        assert (
            answered.status_code == 200 and "Kami tidak memakai kontak itu lagi" in answered.content.decode()
        )

    with pytest.raises(Refused, match=DOUBTED):
        opened(world, call, noon)
    assert opened(world, asked(world, other), noon).phone == OLD
    told = world.rows(
        "SELECT actor_kind, fields_named, dossier_id FROM ledger_entry WHERE verb = %s", [Verb.WISHED.value]
    )
    assert told == [("reporter", ["other_contact"], filed.dossier.id)]
    assert world.rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'intake.pass_on'") == [(1,)]


def test_care_1_the_code_does_not_say_whether_there_was_a_contact_nor_what_was_told_of_it(
    world: World,
) -> None:
    filed, without = reachable(world), world.file()
    assert SafeContact.objects.using("owner").count() == 1
    before = with_code(filed).get("/cek/").content
    one, two = told_by_thread(filed).content, told_by_thread(without).content
    assert len(one) == len(two)
    after = with_code(filed).get("/cek/").content
    assert len(before) == len(after)


def test_without_a_code_nothing_is_told(world: World) -> None:
    reachable(world)
    assert Client().post("/cek/kontak/").status_code == 302
    assert Client().get("/cek/kontak/").status_code == 302
    assert SafeContact.objects.using("owner").get().doubted_at is None


def test_care_1_the_code_of_the_report_touches_no_contact_of_a_client(world: World) -> None:
    """A suspect who reported as a neighbour, or found the paper, does not cut her off."""
    made = victim(world)
    says(world, made.filed, made.person)
    told_by_thread(made.filed)
    assert Contact.objects.using("owner").get().doubted_at is None


def test_the_unit_writes_down_what_they_say_now_and_calls_there(world: World) -> None:
    filed = reachable(world, reporter_kind="public")
    call, staff = asked(world, filed), world.client(officer(world))
    doubt_contact(dossier_id=filed.dossier.id, at=clock.now())
    address = f"/laporan/{filed.reference}/kontak/"
    file = staff.get(f"/berkas/{filed.reference}/").content.decode()
    assert address in file and OLD not in file
    assert OLD not in staff.get(address).content.decode()
    told = {"means": "call", "phone": NEW, "days": [str(day) for day in range(7)]}

    refused = staff.post(address, told)
    assert refused.status_code == 400 and "sesudah ia memberi tahu" in refused.content.decode()
    assert staff.post(address, {**told, "phone": "", "spoken_since": "on"}).status_code == 400
    assert staff.post(address, {**told, "spoken_since": "on"}).status_code == 302
    shown = opened(world, call, at_hour(world, 12, days=1))
    assert (shown.phone, shown.code_word) == (NEW, "")
    assert staff.post(address, {**told, "spoken_since": "on"}).status_code == 400, (
        "nothing is in doubt any more"
    )


def test_a_number_in_doubt_goes_to_no_other_unit(world: World) -> None:
    filed = world.file(**TOLD)
    doubt_contact(dossier_id=filed.dossier.id, at=clock.now())
    made = answered(world, send(world, filed), accept=True, answer="Kami terima.")
    assert made is not None
    there = taker(world)
    viewer = world.viewer(there)
    with acting(there):
        contact = contact_of(viewer, made.id, key_of(made.id, Section.REPORTER))
    assert contact is None or (contact["phone"] or "", contact["means"]) == ("", Means.CODE.label)


@pytest.mark.parametrize("role", [Role.DATA_OFFICER, Role.COMPANION, Role.HEAD])
def test_who_may_not_write_how_the_reporter_is_reached_writes_no_new_contact(world: World, role: str) -> None:
    filed = reachable(world)
    doubt_contact(dossier_id=filed.dossier.id, at=clock.now())
    assert world.client(world.person(role)).get(f"/laporan/{filed.reference}/kontak/").status_code == 404


# --- what the rule leans on ---


def test_who_reads_the_reporters_contact_reads_what_puts_it_in_doubt() -> None:
    """The rule asks under the eyes of who calls: who saw the number but not her doubt would call."""
    matrix = yaml.safe_load((PACKAGE / "policy" / "matrix.yaml").read_text())
    place = {section: at for at, section in enumerate(matrix["sections"])}
    for role, cells in matrix["cells"].items():
        for cell, powers in cells.items():
            if "r" in powers[place["reporter"]]:
                for section in ("contact", "identity", "administration"):
                    assert "r" in powers[place[section]], (role, cell, section)


def test_her_ticket_alone_says_whether_she_still_doubts(world: World) -> None:
    made = victim(world)
    wish(made, WishKind.OTHER_CONTACT)
    assert world.rows("SELECT door.client_still_doubts()", using="default") == [(False,)]
    with transaction.atomic(), clients.as_client(thread=made.thread.id, at=clock.now()):
        assert world.rows("SELECT door.client_still_doubts()", using="default") == [(True,)]
