"""Telling without her consent: a reminder with the article and a recorded decision; it opens nothing. care.md 6, 9."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ruangaman.access.models import Grant
from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.consent import actions
from ruangaman.consent.models import Disclosure
from ruangaman.consent.states import ARTICLES, Ground, Telling
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from tests.consent.answers import Case, girl, woman
from tests.worlds import World, acting

TYPED = {
    "ground": "danger",
    "decision": "tell",
    "recipient": "UPPA Polres Rekaan",
    "what": "Bahwa ada ancaman hari ini.",
    "reason": "Ia mengirim foto pisau pagi ini.",
    "told_her": "on",
}


def send(one: Case, who: Any, **fields: Any) -> Any:
    typed = {"row_id": str(new_id()), **TYPED, **fields}
    return one.world.client(who).post(f"/persetujuan/{one.filed.reference}/tanpa/", typed)


def test_a_supervisor_decides_and_nothing_opens_or_is_sent(world: World) -> None:
    one, supervisor = woman(world), world.person(Role.SUPERVISOR)
    before = Grant.objects.using("owner").count()
    page = world.client(supervisor).get(f"/persetujuan/{one.filed.reference}/tanpa/").content.decode()
    for article in ARTICLES.values():
        assert article in page
    same = str(new_id())
    for _ in range(2):
        assert send(one, supervisor, row_id=same).status_code == 302
    row = Disclosure.objects.using("owner").get()
    assert (row.ground, row.decision, row.told_her, row.decided_by_id) == (
        "danger",
        "tell",
        True,
        supervisor.id,
    )
    for sealed in (row.recipient, row.what, row.reason):
        assert not {b"Polres", b"ancaman", b"pisau"} & set(bytes(sealed or b"").split())
    assert Grant.objects.using("owner").count() == before
    assert world.rows("SELECT count(*) FROM notices_notice") == [(0,)]
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'disclosure_decided'") == [(1,)]


def test_others_read_the_decision_which_stands_in_the_ledger_and_decide_nothing(world: World) -> None:
    one, supervisor = woman(world), world.person(Role.SUPERVISOR)
    send(one, supervisor)
    page = world.client(one.manager).get(f"/persetujuan/{one.filed.reference}/tanpa/")
    assert page.context["form"] is None
    assert "UPPA Polres Rekaan" in page.content.decode()
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'opened'") == [(1,)]
    review = world.client(one.manager).get(f"/persetujuan/{one.filed.reference}/semua/").content.decode()
    assert str(Ground.DANGER.label) in review
    assert "Polres" not in review
    one.answer()
    file = world.client(one.manager).get(f"/berkas/{one.filed.reference}/").content.decode()
    assert "Ada keputusan tentang pemberitahuan tanpa persetujuan" in file
    assert "Polres" not in file
    for role in (Role.HEAD, Role.CASE_MANAGER, Role.PARTNER_OFFICER, Role.PSYCHOLOGIST):
        assert send(one, world.person(role)).status_code == 404
    assert Disclosure.objects.using("owner").count() == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"reason": " "}, "reason"),
        ({"recipient": ""}, "kepada siapa"),
        ({"what": ""}, "apa saja yang diberitahukan"),
        ({"ground": "child_danger"}, "bukan anak"),
        ({"ground": "made_up"}, "ground"),
    ],
)
def test_a_decision_that_rests_on_nothing_is_refused_and_kept_on_the_page(
    world: World, fields: dict[str, str], says: str
) -> None:
    one = woman(world)
    sent = send(one, world.person(Role.SUPERVISOR), **fields)
    assert sent.status_code == 400
    errors = sent.context["form"].errors
    assert says in errors or says in str(errors["__all__"])
    if "reason" not in fields:
        assert "foto pisau" in sent.content.decode()
    assert not Disclosure.objects.using("owner").exists()


def test_not_to_tell_is_a_decision_as_well(world: World) -> None:
    one = girl(world)
    sent = send(
        one, world.person(Role.SUPERVISOR), ground="child_danger", decision="keep", recipient="", what=""
    )
    assert sent.status_code == 302
    assert Disclosure.objects.using("owner").get().decision == Telling.KEEP


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.COMPANION, Role.HEAD])
def test_raw_sql_of_somebody_else_records_no_decision(world: World, role: str) -> None:
    one = woman(world)
    person = one.manager if role == Role.CASE_MANAGER else world.person(role)
    viewer = world.viewer(person)
    told = {
        "ground": "danger",
        "decision": "tell",
        "recipient": "x",
        "what": "x",
        "reason": "x",
        "told_her": False,
    }
    with acting(person), pytest.raises(Refused, match="Hanya penyelia"):
        actions.decide_disclosure(
            viewer=viewer, dossier=one.filed.dossier, client=one.client, at=clock.now(), **told
        )
    with acting(one.manager):
        key = key_of(one.filed.dossier.id, Section.PLAN)
    assert key is None or key.id
    consent = one.answer()
    supervisor = world.person(Role.SUPERVISOR)
    for name in (person.id, supervisor.id):
        with acting(person), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Disclosure.objects.create(
                dossier=one.filed.dossier,
                unit_id=world.unit.id,
                stage="case",
                client=one.client,
                ground="danger",
                decision="tell",
                key_id=consent.key_id,
                decided_by_id=name,
                decided_at=clock.now(),
            )
