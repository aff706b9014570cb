"""An erasure needs two persons, destroys every key, and can't be undone; nothing of the dossier opens afterwards."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.urls import reverse

from ruangaman.access import actions, erasure, queries
from ruangaman.access.models import DataKey, Destruction, Dossier, ErasureRequest
from ruangaman.access.states import ErasureBasis, Role, Section
from ruangaman.intake import actions as intake
from ruangaman.intake import queries as reading
from ruangaman.kernel import clock, destructions, keyring
from ruangaman.kernel.dictionary import lines
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import SealedField, unwrap
from ruangaman.ledger.models import Entry
from ruangaman.ledger.states import Verb
from ruangaman.people.models import NameToken
from tests.access.erasing import SECTIONS, TOLD, approve, ask, carry_out, erased, live_keys
from tests.worlds import World, acting

pytestmark = pytest.mark.usefixtures("record_of_destructions")


# --- what it destroys ----------------------------------------------------------------------------------------------


def test_every_key_of_an_erased_dossier_is_gone(world: World) -> None:
    filed, other = erased(world), world.file(**TOLD)
    keys = DataKey.objects.using("owner").filter(dossier_id=filed.dossier.id)
    assert {key.section for key in keys} == SECTIONS
    for key in keys:
        assert key.destroyed_at is not None
        with pytest.raises(Unreadable):
            unwrap(key.id, key.kek_number, bytes(key.wrapped or b""))
    assert live_keys(other) == len(SECTIONS)


def test_no_sealed_value_of_any_table_opens_for_anybody(world: World) -> None:
    filed = erased(world)
    supervisor = world.person(Role.SUPERVISOR)
    sealed = [
        model
        for model, _name in erasure.tables()
        if any(isinstance(field, SealedField) for field in model._meta.fields)
    ]
    assert {"Story", "SafeContact", "Message", "Person", "Consent", "Assessment"} <= {
        m.__name__ for m in sealed
    }
    viewer = world.viewer(supervisor)
    with acting(supervisor):
        keys = queries.every_key(filed.dossier.id)
        assert keys == {}
        assert reading.story_of(viewer, filed.dossier.id, keys.get(Section.NARRATIVE)) is None
        assert reading.contact_of(viewer, filed.dossier.id, keys.get(Section.REPORTER)) is None
        assert reading.thread_of(viewer, filed.dossier.id, keys.get(Section.THREAD)) == []
        assert all(queries.key_of(filed.dossier.id, section) is None for section in Section.values)


def test_tokens_contact_grants_and_the_way_back_are_gone_and_the_place_is_coarse(world: World) -> None:
    filed = world.file(**TOLD)
    world.grant(filed, world.person(Role.COMPANION).id, Section.NARRATIVE)
    assert NameToken.objects.using("owner").filter(dossier_id=filed.dossier.id).exists()
    approve(world, filed)
    carry_out(filed)
    for table in ("people_nametoken", "access_grant", "intake_safecontact"):
        assert world.rows(f"SELECT 1 FROM {table} WHERE dossier_id = %s", [filed.dossier.id]) == []
    assert world.rows(
        "SELECT locator, code_wrap FROM intake_thread WHERE dossier_id = %s", [filed.dossier.id]
    ) == [(None, None)]
    assert world.rows("SELECT place_id FROM intake_report WHERE dossier_id = %s", [filed.dossier.id]) == [
        ("31.73",)
    ]


def test_the_reporters_code_finds_nothing_any_more(world: World) -> None:
    filed = world.file(**TOLD)
    assert reading.locate(intake.locator(filed.code)) is not None
    approve(world, filed)
    carry_out(filed)
    assert reading.locate(intake.locator(filed.code)) is None


def test_the_list_says_that_it_was_erased_and_still_holds_it(world: World) -> None:
    filed = erased(world)
    browser = world.client(world.person(Role.SUPERVISOR))
    page = browser.get("/laporan/").content.decode()
    assert filed.reference in page
    assert "sudah dihapus" in page
    opened = browser.get(reverse("desk:dossier", args=[filed.reference]))
    assert opened.status_code == 200
    assert "sudah dihapus selamanya" in opened.content.decode()


def test_figures_go_on_counting_it(world: World) -> None:
    erased(world)
    world.file()
    counted = "SELECT count(*), count(erased_at) FROM access_dossier"
    assert world.rows(counted, using="counter") == [(2, 1)]
    officer = world.person(Role.DATA_OFFICER)
    with acting(officer):
        assert queries.count_erased(world.viewer(officer)) == 1


def test_each_field_of_a_dossier_can_be_treated_as_the_dictionary_says(database: None) -> None:
    known = lines()
    for model, _name in erasure.tables():
        if erasure.fate(model, model._meta.pk) != "delete":
            erasure.changes(model)
    # A row that goes, goes whole: the dictionary may not promise it of some of its fields only.
    for model in apps.get_models():
        fates = {known[f"{model._meta.label_lower}.{field.name}"].on_erasure for field in model._meta.fields}
        assert "delete" not in fates or fates == {"delete"}, model


def test_what_the_dictionary_asks_of_a_field_that_can_not_do_it_is_an_error(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "fate", lambda model, field: "generalise")
    with pytest.raises(ValueError, match="can't generalise"):
        erasure.changes(Dossier)
    monkeypatch.setattr(erasure, "fate", lambda model, field: "destroy" if field.name == "stage" else "keep")
    assert erasure.changes(Dossier) == {"stage": ""}


def test_it_is_recorded_in_the_ledger_in_the_database_and_outside_it(
    world: World, record_of_destructions: Path
) -> None:
    filed = erased(world)
    verbs = list(
        Entry.objects.using("owner")
        .filter(dossier_id=filed.dossier.id)
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert verbs[-3:] == [Verb.ERASURE_ASKED, Verb.ERASURE_APPROVED, Verb.ERASED]
    row = Destruction.objects.using("owner").get()
    (line,) = destructions.read(record_of_destructions, keyring.current())
    assert (line.dossier, line.basis) == (row.dossier_id, row.basis) == (filed.dossier.id, "request")
    assert [str(key) for key in line.keys] == row.key_ids
    assert len(row.key_ids) == len(SECTIONS)
    assert oct(record_of_destructions.stat().st_mode & 0o777) == "0o600"


def test_erased_twice_is_erased_once(world: World, record_of_destructions: Path) -> None:
    filed = erased(world)
    assert carry_out(filed) is False
    assert len(record_of_destructions.read_text().splitlines()) == 1


# --- four eyes -----------------------------------------------------------------------------------------------------


def test_without_a_second_person_nothing_is_destroyed(world: World) -> None:
    filed = world.file(**TOLD)
    with pytest.raises(Refused):
        carry_out(filed)
    ask(world, filed)
    with pytest.raises(Refused):
        carry_out(filed)
    assert live_keys(filed) == len(SECTIONS)


def test_a_refused_request_destroys_nothing_and_may_be_made_again(world: World) -> None:
    filed = world.file(**TOLD)
    request, head = ask(world, filed), world.person(Role.HEAD)
    with acting(head):
        actions.decide_erasure(
            viewer=world.viewer(head), request_id=request.id, approve=False, at=clock.now()
        )
    with pytest.raises(Refused):
        carry_out(filed)
    assert ask(world, filed).id != request.id


def test_a_second_request_for_the_same_dossier_is_refused(world: World) -> None:
    filed = world.file()
    ask(world, filed)
    with pytest.raises(Refused, match="sudah diminta"):
        ask(world, filed)


def test_an_erased_dossier_is_not_asked_for_again(world: World) -> None:
    filed = erased(world)
    filed.dossier.refresh_from_db(using="owner")
    with pytest.raises(Refused, match="sudah dihapus"):
        ask(world, filed)


@pytest.mark.parametrize("role", [Role.HEAD, Role.INTAKE_OFFICER, Role.ADMINISTRATOR, Role.COMPANION])
def test_only_data_officers_and_supervisors_ask(world: World, role: str) -> None:
    filed, person = world.file(), world.person(role)
    with acting(person), pytest.raises(Refused):
        actions.ask_erasure(
            viewer=world.viewer(person), dossier=filed.dossier, basis=ErasureBasis.REQUEST, at=clock.now()
        )


@pytest.mark.parametrize("role", [Role.DATA_OFFICER, Role.SUPERVISOR])
def test_only_the_head_decides_and_once(world: World, role: str) -> None:
    filed = world.file()
    request, head, person = ask(world, filed), world.person(Role.HEAD), world.person(role, tag="2")
    with acting(person), pytest.raises(Refused, match="Hanya kepala"):
        actions.decide_erasure(
            viewer=world.viewer(person), request_id=request.id, approve=True, at=clock.now()
        )
    for again in (False, True):
        with acting(head):
            if not again:
                actions.decide_erasure(
                    viewer=world.viewer(head), request_id=request.id, approve=False, at=clock.now()
                )
                continue
            with pytest.raises(Refused, match="sudah diputuskan"):
                actions.decide_erasure(
                    viewer=world.viewer(head), request_id=request.id, approve=True, at=clock.now()
                )


def test_a_head_who_is_supervisor_too_does_not_decide_alone(world: World) -> None:
    filed, person = world.file(), world.person(Role.HEAD)
    world.seat(person, world.unit, Role.SUPERVISOR)
    with acting(person):
        viewer = world.viewer(person)
        request = actions.ask_erasure(
            viewer=viewer, dossier=filed.dossier, basis=ErasureBasis.UNLAWFUL, at=clock.now()
        )
        with pytest.raises(Refused, match="Orang kedua"):
            actions.decide_erasure(viewer=viewer, request_id=request.id, approve=True, at=clock.now())
    with acting(person), pytest.raises(DatabaseError), transaction.atomic():
        ErasureRequest.objects.filter(id=request.id).update(
            decision="approved", decided_by=person.id, decided_at=clock.now()
        )


@pytest.mark.parametrize("where", ["other", "unit"])
def test_the_database_lets_nobody_else_ask_or_decide(world: World, where: str) -> None:
    filed = world.file()
    request = ask(world, filed)
    role = Role.HEAD if where == "other" else Role.SUPERVISOR
    stranger = world.person(role, getattr(world, where))
    with acting(stranger):
        changed = ErasureRequest.objects.filter(id=request.id).update(
            decision="approved", decided_by=stranger.id, decided_at=clock.now()
        )
    assert changed == 0
    intruder = world.person(Role.INTAKE_OFFICER)
    with acting(intruder), pytest.raises(DatabaseError), transaction.atomic():
        ErasureRequest.objects.create(
            dossier=world.file().dossier,
            unit_id=world.unit.id,
            basis="request",
            asked_by_id=intruder.id,
            asked_at=clock.now(),
        )


def test_somebody_walled_neither_sees_nor_decides_the_request(world: World) -> None:
    filed = world.file()
    request, head = ask(world, filed), world.person(Role.HEAD)
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [head.id, filed.dossier.id],
    )
    with acting(head), pytest.raises(ErasureRequest.DoesNotExist):
        actions.decide_erasure(viewer=world.viewer(head), request_id=request.id, approve=True, at=clock.now())


def test_the_web_can_neither_destroy_a_key_nor_say_that_a_dossier_was_erased(world: World) -> None:
    filed, supervisor = world.file(**TOLD), world.person(Role.SUPERVISOR)
    for statement in (
        "UPDATE access_datakey SET wrapped = NULL, destroyed_at = now()",
        "DELETE FROM access_datakey",
        "UPDATE access_dossier SET erased_at = now()",
        "INSERT INTO access_destruction SELECT gen_random_uuid(), id, unit_id, '[]', now(), 'x' FROM access_dossier",
    ):
        with pytest.raises(DatabaseError), acting(supervisor):
            world.rows(statement, using="default")
    assert live_keys(filed) == len(SECTIONS)
