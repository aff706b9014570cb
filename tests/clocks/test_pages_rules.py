"""The pages of the law: a lawyer changes a deadline and the calendar; what a unit owes."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import ProgrammingError
from django.utils import timezone

from ruangaman.access.states import Role
from ruangaman.clocks.actions.defining import Version
from ruangaman.clocks.models import Clock, Definition
from ruangaman.clocks.states import Event
from ruangaman.kernel import clock
from tests.clocks.running import happened, one_of, reported
from tests.worlds import World, acting

READERS = (Role.LAWYER, Role.HEAD, Role.SUPERVISOR, Role.DATA_OFFICER, Role.CASE_MANAGER)
HERE = "/tenggat/aturan/answer/"


def today() -> date:
    return timezone.localdate(clock.now())


def version(**changed: Any) -> dict[str, Any]:
    return {
        "from_on": today().isoformat(),
        "is_on": "on",
        "name": "Jawab pelapor",
        "duty": "Setiap pengaduan dijawab dalam dua hari kerja.",
        "article": "Pergub Rekaan 1/2026 Pasal 2",
        "amount": "2",
        "measure": "working_days",
        "told_roles": ["intake_officer"],
        "before_hours": "",
        "after_hours": "4",
        "escalate_hours": "0",
        **changed,
    }


def text(response: Any) -> str:
    return str(response.content.decode())


def own_versions(world: World) -> list[Definition]:
    found = Definition.objects.using("owner").filter(owner_id=world.unit.id, code="answer")
    return list(found.order_by("written_at"))


# --- a lawyer changes a deadline ---


def test_a_lawyer_changes_a_deadline_and_running_clocks_keep_their_version(world: World) -> None:
    _filed, before = reported(world)
    lawyer = world.client(world.person(Role.LAWYER))
    assert lawyer.get(HERE).status_code == 200
    assert lawyer.post(HERE, version()).status_code == 302
    (written,) = own_versions(world)
    assert (written.amount, written.measure, written.escalate_hours) == (2, "working_days", 0)
    assert (written.starts_on, written.section) == (before.definition.starts_on, before.definition.section)
    page = text(lawyer.get(HERE))
    assert "Pergub Rekaan 1/2026 Pasal 2" in page
    assert world.unit.name in page
    assert "nasional" in page
    assert Clock.objects.using("owner").get(id=before.id).definition_id == before.definition_id
    _other, after = reported(world)
    assert after.definition_id == written.id


def test_a_change_holds_for_the_own_organisation_alone(world: World) -> None:
    world.client(world.person(Role.LAWYER)).post(HERE, version())
    page = text(world.client(world.person(Role.LAWYER, world.other)).get(HERE))
    assert "Pergub Rekaan" not in page


def test_a_change_that_begins_later_is_told_and_not_yet_in_force(world: World) -> None:
    begins = today() + timedelta(days=30)
    lawyer = world.client(world.person(Role.LAWYER))
    lawyer.post(HERE, version(from_on=begins.isoformat()))
    assert "akan berlaku" in text(lawyer.get(HERE))
    listed = lawyer.get("/tenggat/aturan/").context["rows"]
    assert next(row["changes_on"] for row in listed if row["code"] == "answer") == begins
    _filed, started = reported(world)
    assert started.definition.owner_id is None


def test_a_deadline_can_be_switched_off_in_a_region(world: World) -> None:
    lawyer = world.client(world.person(Role.LAWYER))
    off = {name: value for name, value in version().items() if name != "is_on"}
    lawyer.post(HERE, off)
    filed = world.file()
    assert not [
        one
        for one in happened(filed, Event.REPORT_RECEIVED, world.person(Role.SUPERVISOR))
        if one.code == "answer"
    ]
    assert "tidak berlaku" in text(lawyer.get("/tenggat/aturan/"))


def test_it_is_said_how_many_run_under_the_version_that_is_replaced(world: World) -> None:
    reported(world)
    reported(world)
    page = text(world.client(world.person(Role.HEAD)).get(HERE))
    assert '<strong class="num">2</strong> tenggat' in page


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"from_on": "2020-01-01"}, "paling cepat hari ini"),
        ({"from_on": "bukan tanggal"}, "Tulis tanggal yang ada"),
        ({"article": "   "}, "tanpa dasar"),
        ({"name": ""}, "Tulis nama"),
        ({"duty": "x" * 241}, "terlalu panjang"),
        ({"amount": "0"}, "paling sedikit 1"),
        ({"amount": "-3"}, "paling sedikit 1"),
        ({"amount": "99999999999999999999"}, "paling banyak 1000"),
        ({"amount": "tiga"}, "dengan angka"),
        ({"measure": "given"}, "tidak ada di daftar"),
        ({"measure": "half_year_end"}, "tidak ada di daftar"),
        ({"told_roles": []}, "paling sedikit satu"),
        ({"told_roles": ["administrator"]}, "tidak ada di daftar"),
        ({"after_hours": "-1"}, "paling sedikit 1 jam"),
        ({"name": "Nama\0nol"}, "tidak bisa disimpan"),
    ],
)
def test_a_rule_nobody_could_rely_on_is_refused_and_what_was_typed_stays(
    world: World, changed: dict[str, Any], says: str
) -> None:
    sent = world.client(world.person(Role.LAWYER)).post(HERE, version(**changed))
    assert sent.status_code == 400
    assert says in text(sent)
    assert "dijawab dalam dua hari kerja" in text(sent) or "duty" in changed
    assert not own_versions(world)


def test_what_the_program_knows_of_a_deadline_can_not_be_sent_along(world: World) -> None:
    smuggled = version(
        section="medical", starts_on="went_out", ends_on="case_ended", urgent="on", needs_decision="on", lapses="on",
        kind="danger", code="x", owner=str(world.other.id), written_by=str(world.person(Role.HEAD).id),
    )  # fmt: skip
    lawyer = world.person(Role.LAWYER)
    world.client(lawyer).post(HERE, smuggled)
    (written,) = own_versions(world)
    assert written.written_by_id == lawyer.id
    assert known_of(written) == known_of(shipped("answer"))


@pytest.mark.parametrize("code", ["answer", "danger", "health-72", "police-duty", "protection-7", "check-in"])
def test_a_new_version_keeps_all_that_the_program_knows(world: World, code: str) -> None:
    world.client(world.person(Role.LAWYER)).post(f"/tenggat/aturan/{code}/", version())
    written = Definition.objects.using("owner").get(owner_id=world.unit.id)
    assert known_of(written) == known_of(shipped(code))


def shipped(code: str) -> Definition:
    return Definition.objects.using("owner").get(code=code, owner_id=None)


def known_of(one: Definition) -> dict[str, Any]:
    """All of a version that no lawyer writes."""
    told = {"id", "owner_id", "written_by_id", "written_at", *(field.name for field in fields(Version))}
    columns = [field.attname for field in Definition._meta.local_concrete_fields]
    return {name: getattr(one, name) for name in columns if name not in told}


def test_sending_a_rule_twice_writes_it_once(world: World) -> None:
    lawyer = world.client(world.person(Role.LAWYER))
    once = version(definition_id=str(lawyer.get(HERE).context["form"]["definition_id"].value()))
    assert lawyer.post(HERE, once).status_code == 302
    assert lawyer.post(HERE, once).status_code == 302
    assert len(own_versions(world)) == 1


def test_the_id_of_another_rule_changes_nothing_of_it(world: World) -> None:
    lawyer = world.client(world.person(Role.LAWYER))
    nations = Definition.objects.using("owner").get(code="danger", owner_id=None)
    lawyer.post(HERE, version(definition_id=str(nations.id)))
    assert Definition.objects.using("owner").get(id=nations.id).name == nations.name
    lawyer.post(HERE, version(definition_id="bukan id"))
    assert len(own_versions(world)) == 1


def test_an_appointment_keeps_its_measure_and_shows_no_length_to_type(world: World) -> None:
    lawyer = world.client(world.person(Role.LAWYER))
    address = "/tenggat/aturan/appointment/"
    page = text(lawyer.get(address))
    assert 'name="amount"' not in page
    given = {name: value for name, value in version().items() if name not in ("amount", "measure")}
    assert lawyer.post(address, given).status_code == 302
    assert Definition.objects.using("owner").get(owner_id=world.unit.id).measure == "given"


def test_words_of_the_writer_are_never_markup(world: World) -> None:
    lawyer = world.client(world.person(Role.LAWYER))
    lawyer.post(HERE, version(name="<script>x</script>", duty="</dd><b>tebal</b>", article="{{ 7|add:7 }}"))
    for address in (HERE, "/tenggat/aturan/"):
        page = text(lawyer.get(address))
        assert "<script>x" not in page
        assert "<b>tebal" not in page
        assert "{{ 7|add:7 }}" in page


def test_who_reads_the_rules_does_not_write_them(world: World) -> None:
    for role in (Role.SUPERVISOR, Role.DATA_OFFICER, Role.CASE_MANAGER):
        browser = world.client(world.person(role))
        assert "<form" not in text(browser.get(HERE)).split('id="isi"')[1]
        assert browser.post(HERE, version()).status_code == 404
    assert not own_versions(world)


@pytest.mark.parametrize("page", ["/tenggat/aturan/", HERE, "/tenggat/kalender/"])
def test_the_rules_are_for_those_who_answer_for_them(world: World, page: str) -> None:
    for role in READERS:
        assert world.client(world.person(role)).get(page).status_code == 200, role
    for role in (Role.INTAKE_OFFICER, Role.COMPANION, Role.PARTNER_OFFICER, Role.ANALYST, Role.ADMINISTRATOR):
        assert world.client(world.person(role)).get(page).status_code == 404, role


def test_a_lawyer_here_is_none_elsewhere(world: World) -> None:
    lawyer = world.client(world.person(Role.LAWYER))
    sent = lawyer.post(f"{HERE}?unit={world.other.id}", version())
    assert sent.status_code == 302  # the own organisation is the only one there is
    assert not Definition.objects.using("owner").filter(owner_id=world.other.id)


def test_a_lawyer_of_two_organisations_chooses_which(world: World) -> None:
    user = world.person(Role.LAWYER)
    world.seat(user, world.other, Role.SUPERVISOR)
    lawyer = world.client(user)
    there = lawyer.get(f"{HERE}?unit={world.other.id}")
    assert there.context["form"] is None
    assert lawyer.post(f"{HERE}?unit={world.other.id}", version()).status_code == 404
    assert world.unit.name in text(there)  # the way to the other one
    assert lawyer.get(f"{HERE}?unit={world.unit.id}").context["form"] is not None


def test_the_database_lets_nobody_else_write_a_rule(world: World) -> None:
    columns = [field.column for field in Definition._meta.local_concrete_fields]
    given = {"id": "gen_random_uuid()", "owner_id": "%s::uuid", "written_by_id": "%s::uuid"}
    sql = (
        f"INSERT INTO clocks_definition ({', '.join(columns)}) "
        f"SELECT {', '.join(given.get(name, name) for name in columns)} FROM clocks_definition WHERE code = 'answer'"
    )
    for person, owner in (
        (world.person(Role.SUPERVISOR), world.unit.id),
        (world.person(Role.LAWYER), world.other.id),
        (world.person(Role.LAWYER), None),
    ):
        with pytest.raises(ProgrammingError, match="row-level security"), acting(person):
            world.rows(sql, [owner, person.id], using="default")


def test_pages_in_english_use_the_english_words(world: World) -> None:
    head = world.client(world.person(Role.HEAD))
    head.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    shipped = Definition.objects.using("owner").get(code="answer", owner_id=None)
    assert shipped.name_en
    assert shipped.name_en in text(head.get("/tenggat/aturan/"))


def test_an_untranslated_rule_is_told_in_indonesian(world: World) -> None:
    world.client(world.person(Role.LAWYER)).post(HERE, version(name="Jawab cepat"))
    head = world.client(world.person(Role.HEAD))
    head.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Jawab cepat" in text(head.get("/tenggat/aturan/"))
    _filed, started = reported(world)
    assert one_of([started], "answer").definition.said("name") == "Jawab cepat"
