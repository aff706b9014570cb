"""A client's own code: to whom it is given, that it is kept nowhere, how it is revoked, locked and opened again.

Source: care.md 1, 2; security.md 13.
"""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from ruangaman.access.states import Role, Stage
from ruangaman.intake.actions import clients as actions
from ruangaman.intake.models import ClientThread
from ruangaman.intake.policies.clients import normal_secret
from ruangaman.intake.states.client import IdentityCheck, SafetyCheck, Unlocking
from ruangaman.kernel import clock
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.errors import Refused
from ruangaman.people.models import Person
from tests.access.filled import tried
from tests.intake.hers import SECRET, client_of, enter, give_code, hers, page
from tests.worlds import World, acting

NOTHING = "Kode ini tidak ada pada kami, atau kata rahasianya tidak cocok."
LOCKED = "Kode ini sedang dikunci"


def tell(code: object, second: str, address: str = "203.0.113.9") -> Any:
    return Client(REMOTE_ADDR=address).post("/cek/", {"code": str(code), "second": second})


def said(answered: Any, code: object) -> str:
    """What the page says, without what was typed and without the form's own token."""
    text = answered.content.decode().replace(str(code), "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', "", text)


def test_a_code_and_her_second_secret_open_her_own_page(world: World) -> None:
    made = hers(world)
    text = page(enter(made))
    assert "Halamanmu" in text
    for inside in (made.filed.reference, "Sulastri", world.unit.name, str(made.filed.dossier.id)):
        assert inside not in text


def test_a_secret_is_the_same_however_it_is_typed(world: World) -> None:
    made = hers(world)
    for typed in (SECRET, " BUNGA KERTAS 7 ", "Bunga kertas ７"):
        assert page(enter(made, typed))
    assert normal_secret("Straße") == normal_secret("STRASSE")


def test_neither_code_nor_secret_is_kept_or_told_to_the_ledger(world: World) -> None:
    made = hers(world)
    enter(made)
    row = world.rows("SELECT t::text FROM intake_clientthread t")[0][0]
    ledger = str(world.rows("SELECT e::text FROM ledger_entry e"))
    tasks = str(world.rows("SELECT args FROM procrastinate_jobs"))
    for kept in (row, ledger, tasks):
        for secret in (SECRET, "bunga", *made.code.words, made.code.secret.hex()):
            assert secret not in kept
    verbs = world.rows(
        "SELECT verb, actor_kind FROM ledger_entry WHERE verb IN ('code_issued', 'client_read') ORDER BY id"
    )
    assert verbs == [("code_issued", "staff"), ("client_read", "client")]


def test_a_wrong_code_and_a_wrong_secret_read_the_same(world: World) -> None:
    made = hers(world)
    unknown = new_code()
    pages = [
        said(tell(made.code, "bukan itu"), made.code),
        said(tell(made.code, ""), made.code),
        said(tell(unknown, "bukan itu"), unknown),
        said(tell(unknown, SECRET), unknown),
    ]
    assert NOTHING in pages[0]
    assert len(set(pages)) == 1


def test_ten_wrong_secrets_lock_the_code_also_for_the_right_one(world: World) -> None:
    made = hers(world)
    browser = enter(made)
    for number in range(10):
        answered = tell(made.code, f"tebakan {number}", f"203.0.113.{number}")
    assert LOCKED in answered.content.decode()
    assert LOCKED in tell(made.code, SECRET).content.decode()
    assert LOCKED in tell(made.code, "lain lagi").content.decode()
    # The page that was open is closed too, and says no more.
    assert LOCKED in browser.get("/cek/").content.decode()
    assert "Halamanmu" not in browser.get("/cek/").content.decode()
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'code_locked'") == [(1,)]


def test_wrong_secrets_count_only_while_they_follow_each_other(world: World) -> None:
    made = hers(world)
    for number in range(25):
        tell(made.code, SECRET if number % 9 == 8 else "keliru", f"203.0.113.{number}")
    assert page(enter(made))


def test_somebody_of_the_unit_opens_a_locked_code_again_with_a_reason(world: World) -> None:
    made = hers(world)
    for number in range(10):
        tell(made.code, "keliru", f"203.0.113.{number}")
    browser = world.client(made.companion)
    url = f"/kode-klien/{made.thread.id}/buka/"
    assert browser.post(url, {}).status_code == 400
    assert LOCKED in tell(made.code, SECRET).content.decode()
    assert browser.post(url, {"reason": Unlocking.HER_SLIPS}).status_code == 302
    assert page(enter(made))
    assert world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'code_unlocked'") == [
        (["her_slips"],)
    ]
    assert "tidak sedang terkunci" in browser.post(url, {"reason": Unlocking.HER_SLIPS}).content.decode()


def test_a_code_that_was_revoked_opens_nothing_also_where_it_is_open_already(world: World) -> None:
    made = hers(world)
    browser, thread = enter(made), made.thread
    answered = world.client(made.companion).post(f"/kode-klien/{thread.id}/cabut/")
    assert answered.status_code == 302
    assert NOTHING in tell(made.code, SECRET).content.decode()
    assert "Halamanmu" not in browser.get("/cek/", follow=True).content.decode()
    assert world.rows("SELECT locator, code_wrap FROM intake_clientthread") == [(None, None)]
    with acting(purpose="client", scope=thread.id):
        for table in ("intake_clientthread", "intake_clientmessage", "intake_wish", "papers_paper"):
            assert tried(f"SELECT id FROM {table}") == []


def test_a_second_code_is_given_only_after_the_first_was_revoked(world: World) -> None:
    made = hers(world)
    with pytest.raises(Refused, match="masih punya kode"):
        give_code(world, made.filed, made.person)
    with acting(made.companion):
        actions.revoke_code(
            viewer=world.viewer(made.companion),
            dossier=made.filed.dossier,
            thread=made.thread,
            at=clock.now(),
        )
    code = give_code(world, made.filed, made.person)
    assert tell(code, SECRET).status_code == 302
    assert tell(made.code, SECRET).status_code == 200


def test_no_code_for_a_reporter_who_is_no_client(world: World) -> None:
    filed = world.file(name="Tetangga Contoh")
    supervisor = world.person(Role.SUPERVISOR)
    with acting(supervisor):
        reporter = Person.objects.get(dossier=filed.dossier)
    with pytest.raises(Refused, match="hanya untuk klien"):
        give_code(world, filed, reporter)
    assert not ClientThread.objects.using("owner").exists()


@pytest.mark.parametrize(("born", "needs_supervisor"), [(date(2017, 1, 1), True), (date(2012, 1, 1), False)])
def test_a_child_under_twelve_gets_a_code_from_the_supervisor_alone(
    world: World, born: date, needs_supervisor: bool
) -> None:
    filed, officer = world.file(), world.person(Role.INTAKE_OFFICER)
    child = client_of(world, filed, "Anak Contoh", born_on=born)
    if needs_supervisor:
        with pytest.raises(Refused, match="12 tahun"):
            give_code(world, filed, child, by=officer)
        give_code(world, filed, child)
    else:
        give_code(world, filed, child, by=officer)
    assert ClientThread.objects.using("owner").count() == 1


@pytest.mark.parametrize(
    ("second", "again", "why"), [("kecil", "kecil", "enam"), ("panjang sekali", "lain", "sama")]
)
def test_a_second_secret_is_long_enough_and_typed_twice(
    world: World, second: str, again: str, why: str
) -> None:
    filed = world.file()
    with pytest.raises(Refused, match=why):
        give_code(world, filed, client_of(world, filed), second=second, again=again)


def test_the_page_of_the_unit_shows_the_words_once_and_never_the_secret(world: World) -> None:
    filed, officer = world.file(), world.person(Role.INTAKE_OFFICER)
    person = client_of(world, filed)
    browser, url = world.client(officer), f"/laporan/{filed.reference}/kode-klien/"
    assert "Serahkan kode klien" in browser.get(url).content.decode()
    sent = {
        "person": str(person.id), "identity_check": IdentityCheck.IN_PERSON, "safety_check": SafetyCheck.BY_HEART,
        "opens": ["opens_messages", "opens_rights"], "second": SECRET, "again": "lain sekali",
    }  # fmt: skip
    refused = browser.post(url, sent)
    assert refused.status_code == 400
    assert SECRET not in refused.content.decode()
    shown = browser.post(url, {**sent, "again": SECRET}).content.decode()
    thread = ClientThread.objects.using("owner").get()
    assert (thread.opens_messages, thread.opens_rights, thread.opens_legal) == (True, True, False)
    assert 'class="words"' in shown
    assert SECRET not in shown
    again = browser.post(url, {**sent, "again": SECRET})
    assert again.status_code == 400
    assert 'class="words"' not in again.content.decode()


@pytest.mark.parametrize(
    "role", [Role.COMPANION, Role.DATA_OFFICER, Role.LAWYER, Role.HEAD, Role.ADMINISTRATOR]
)
def test_who_may_not_write_this_part_gives_revokes_and_opens_no_code(world: World, role: str) -> None:
    made = hers(world)
    browser = world.client(world.person(role, tag="-lain"))
    thread = made.thread.id
    for url in (
        f"/laporan/{made.filed.reference}/kode-klien/",
        f"/kode-klien/{thread}/cabut/",
        f"/kode-klien/{thread}/buka/",
        f"/laporan/{made.filed.reference}/klien/{made.person.id}/jawab/",
    ):
        assert browser.post(url, {"body": "x", "reason": "her_slips"}).status_code == 404
    assert made.thread.revoked_at is None


def test_nobody_of_another_unit_knows_of_a_code(world: World) -> None:
    made = hers(world)
    stranger = world.person(Role.SUPERVISOR, world.other)
    with acting(stranger):
        assert tried("SELECT id FROM intake_clientthread") == []
        assert tried("UPDATE intake_clientthread SET locked_at = now() RETURNING id") == []
    assert world.client(stranger).post(f"/kode-klien/{made.thread.id}/cabut/").status_code == 404


def test_a_locator_alone_opens_nothing_and_the_list_of_codes_can_not_be_read(world: World) -> None:
    made = hers(world)
    with acting(purpose="reporter", scope=made.filed.dossier.id):
        assert tried("SELECT locator FROM intake_clientthread") == []
    assert tried("SELECT locator FROM intake_clientthread") == []
    for wanted in (b"", b"\0" * 32, b"x" * 31):
        assert world.rows("SELECT thread FROM door.locate_client(%s)", [wanted], using="default") in (
            [],
            [(None,)],
        )


def test_a_client_of_a_file_that_was_closed_still_opens_her_page(world: World) -> None:
    made = hers(world)
    world.move(made.filed, Stage.CLOSED)
    assert "Halamanmu" in page(enter(made))
