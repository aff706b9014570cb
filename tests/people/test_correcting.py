"""Correcting who somebody was taken to be: nothing is lost, nothing is overwritten in silence. Source: peers.md."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from ruangaman.access.models import User
from ruangaman.access.states import Role, Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people import actions, queries
from ruangaman.people.actions import Corrected, Identity
from ruangaman.people.models import EarlierIdentity, Part, Person
from ruangaman.people.policies import answers_alone, of_age_on
from ruangaman.people.states import AgeBand, PartStatus, PersonRole, Refusal, Relation, Sex
from tests.people.people import added, born, case, child, guardian, put_on_team
from tests.worlds import Filed, World, acting


def corrected(
    world: World, filed: Filed, by: User, person: Person, identity: Identity, **more: Any
) -> Person:
    viewer = world.viewer(by)
    with acting(by):
        return actions.correct_identity(
            viewer=viewer, dossier=filed.dossier, person=person, identity=identity, at=clock.now(), **more
        )


def opened(world: World, filed: Filed, by: User) -> list[Any]:
    viewer = world.viewer(by)
    with acting(by):
        return actions.open_identity(viewer=viewer, dossier=filed.dossier, at=clock.now())


def guardians() -> list[tuple[str, str]]:
    rows = Part.objects.using("owner").filter(role=PersonRole.GUARDIAN).order_by("since")
    return list(rows.values_list("status", "refusal"))


def test_the_age_band_follows_and_what_was_known_before_is_kept(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager, age=15)
    person = corrected(
        world, filed, manager, girl, Identity("Melati Puspa", date(2000, 2, 3), sex=Sex.FEMALE)
    )
    assert person.age_band == AgeBand.UNDER_60
    one = opened(world, filed, manager)[0]
    assert (one.name, one.born_on, one.born_estimated) == ("Melati Puspa", date(2000, 2, 3), False)
    was = one.earlier[0]
    assert (was.identity.name, was.identity.born_on, was.identity.born_estimated) == (
        "Melati Rekaan",
        born(15),
        True,
    )
    assert was.by == manager.name
    assert b"Melati" not in bytes(EarlierIdentity.objects.using("owner").get().told or b"")
    fields = world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'identity_corrected'")[0][0]
    assert set(fields) == {"name", "born_on", "born_estimated"}


def test_the_identity_page_shows_what_was_written_before(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    corrected(world, filed, manager, girl, Identity("Melati Puspa"))
    page = world.client(manager).post(f"/orang/{filed.reference}/buka/").content.decode()
    assert "Melati Puspa" in page
    assert "Dahulu tercatat" in page.split("Melati Puspa")[1]
    assert "Melati Rekaan" in page.split("Melati Puspa")[1]


def test_both_names_find_her(world: World) -> None:
    filed = world.file()
    officer = world.person(Role.INTAKE_OFFICER)
    girl = child(filed, officer)
    corrected(world, filed, officer, girl, Identity("Kenanga Wulandari"))
    with acting(officer):
        for name in ("Melati Rekaan", "Kenanga Wulandari"):
            hits = {row.person_id for row in _tokens(name, filed)}
            assert hits == {girl.id}, name


def _tokens(name: str, filed: Filed) -> Any:
    from ruangaman.kernel.tokens import tokens
    from ruangaman.people.models import NameToken

    wanted = list(tokens(name, queries.token_key(filed.dossier.unit_id)))
    return NameToken.objects.filter(token__in=wanted)


def test_a_correction_without_a_change_writes_nothing(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    corrected(world, filed, manager, girl, Identity("Melati Rekaan", born(15), True, Sex.FEMALE))
    assert not EarlierIdentity.objects.using("owner").exists()
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'identity_corrected'") == [(0,)]


def test_of_two_who_correct_at_once_the_second_is_shown_the_first_and_overwrites_nothing(
    world: World,
) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    seen = queries.version_of(Person.objects.using("owner").get(id=girl.id))
    corrected(world, filed, manager, girl, Identity("Melati Puspa"), version=seen)
    with pytest.raises(Corrected) as no:
        corrected(world, filed, manager, girl, Identity("Melati Wangi"), version=seen)
    assert no.value.theirs.name == "Melati Puspa"
    assert opened(world, filed, manager)[0].name == "Melati Puspa"
    corrected(world, filed, manager, girl, Identity("Melati Wangi"), version=no.value.version)
    assert [was.identity.name for was in opened(world, filed, manager)[0].earlier] == [
        "Melati Puspa",
        "Melati Rekaan",
    ]


@pytest.mark.parametrize(
    ("identity", "says"),
    [
        (Identity("Melati", date(2999, 1, 1)), "belum terjadi"),
        (Identity("Melati", date(1890, 1, 1)), "120 tahun"),
        (Identity("Melati", nik="123"), "16 angka"),
    ],
)
def test_what_nobody_can_be_is_refused(world: World, identity: Identity, says: str) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    with pytest.raises(Refused, match=says):
        corrected(world, filed, manager, girl, identity)
    assert not EarlierIdentity.objects.using("owner").exists()


# --- guardians follow ----------------------------------------------------------------------------------------------


def test_a_reported_person_whose_true_name_is_the_guardians_bars_him(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    man = added(filed, manager, PersonRole.REPORTED, "Om Bram", relation=Relation.AUNT_UNCLE)
    guardian(world, filed, manager, girl, "Bambang Rekaan", Relation.AUNT_UNCLE)
    corrected(world, filed, manager, man.person, Identity("Bambang Rekaan"))
    assert guardians() == [(PartStatus.REFUSED, Refusal.NAMESAKE)]


def test_a_guardian_whose_true_name_is_the_reported_persons_is_barred(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.AUNT_UNCLE)
    om = guardian(world, filed, manager, girl, "Om Bram", Relation.AUNT_UNCLE)
    corrected(world, filed, manager, om.person, Identity("Bambang Rekaan"))
    assert guardians() == [(PartStatus.REFUSED, Refusal.NAMESAKE)]


def test_who_turns_out_to_have_been_an_adult_has_no_guardian_any_more(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager, age=17)
    guardian(world, filed, manager, girl, "Dewi Contoh", Relation.AUNT_UNCLE)
    corrected(world, filed, manager, girl, Identity("Melati Rekaan", born(19), True))
    assert guardians() == [(PartStatus.ENDED, "")]


def test_a_guardian_who_turns_out_to_be_a_child_is_one_no_more(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    sister = guardian(world, filed, manager, girl, "Dewi Contoh", Relation.SIBLING)
    corrected(world, filed, manager, sister.person, Identity("Dewi Contoh", born(16), True))
    assert guardians() == [(PartStatus.ENDED, "")]


def test_who_came_of_age_since_the_report_is_given_no_guardian(world: World) -> None:
    """care.md 13: the age at the report decides who needed one; whoever is 18 today decides today."""
    filed, manager = case(world)
    girl = added(filed, manager, PersonRole.CLIENT, "Melati Rekaan").person
    today = timezone.localdate(clock.now())
    corrected(world, filed, manager, girl, Identity("Melati Rekaan", of_age_before(today)))
    world.rows("UPDATE people_person SET age_band = '13-17' WHERE id = %s", [girl.id])
    girl.refresh_from_db(using="owner")
    with pytest.raises(Refused, match="Sekarang ia memutuskan sendiri"):
        guardian(world, filed, manager, girl, "Dewi Contoh", Relation.AUNT_UNCLE)


def of_age_before(today: date) -> date:
    return today.replace(year=today.year - 18, day=1) - timedelta(days=1)


@pytest.mark.parametrize(
    ("band", "born_on", "day", "alone"),
    [
        (AgeBand.UNDER_18, date(2008, 5, 4), date(2026, 5, 3), False),
        (AgeBand.UNDER_18, date(2008, 5, 4), date(2026, 5, 4), True),
        (AgeBand.UNDER_18, date(2008, 2, 29), date(2026, 2, 28), False),
        (AgeBand.UNDER_18, date(2008, 2, 29), date(2026, 3, 1), True),
        (AgeBand.UNDER_18, None, date(2099, 1, 1), False),
        (AgeBand.UNDER_25, None, date(2026, 1, 1), True),
        (AgeBand.OLDER, date(2025, 1, 1), date(2026, 1, 1), True),
        (AgeBand.UNKNOWN, None, date(2026, 1, 1), False),
        (AgeBand.UNKNOWN, date(2000, 1, 1), date(2026, 1, 1), True),
    ],
)
def test_she_answers_alone_as_an_adult_at_the_report_or_from_her_18th_birthday(
    band: str, born_on: date | None, day: date, alone: bool
) -> None:
    assert answers_alone(band, born_on, day) is alone


def test_the_18th_birthday_of_29_february_is_1_march() -> None:
    assert of_age_on(date(2008, 2, 29)) == date(2026, 3, 1)
    assert of_age_on(date(2008, 5, 4)) == date(2026, 5, 4)


# --- the page ------------------------------------------------------------------------------------------------------


def test_opening_the_page_is_recorded_and_shows_what_is_known(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    page = world.client(manager).get(f"/orang/{filed.reference}/perbaiki/{girl.id}/")
    assert page.status_code == 200
    form = page.context["form"]
    assert (form.initial["name"], form.initial["age"], form.initial["born_on"]) == ("Melati Rekaan", 15, None)
    rows = world.rows("SELECT objects_named FROM ledger_entry WHERE verb = 'opened'")
    assert [str(girl.id)] in [[str(one) for one in objects] for (objects,) in rows]


def test_what_is_sent_unchanged_stays_as_it_was_also_an_estimate(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    browser, address = world.client(manager), f"/orang/{filed.reference}/perbaiki/{girl.id}/"
    first = browser.get(address).context["form"].initial
    sent = browser.post(address, {name: value for name, value in first.items() if value is not None})
    assert sent.status_code == 302
    assert not EarlierIdentity.objects.using("owner").exists()


def test_the_second_page_shows_both_texts_and_can_be_sent_again(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    browser, address = world.client(manager), f"/orang/{filed.reference}/perbaiki/{girl.id}/"
    old = browser.get(address).context["form"].initial["version"]
    assert browser.post(address, {"name": "Melati Puspa", "version": old}).status_code == 302
    second = browser.post(address, {"name": "Melati Wangi", "version": old})
    assert second.status_code == 409
    text = second.content.decode()
    assert "Melati Puspa" in text and "Melati Wangi" in text
    assert opened(world, filed, manager)[0].name == "Melati Puspa"
    again = second.context["form"]["version"].value()
    assert browser.post(address, {"name": "Melati Wangi", "version": again}).status_code == 302
    assert opened(world, filed, manager)[0].name == "Melati Wangi"


def test_who_may_not_write_the_section_gets_no_page_and_nobody_elses_file_opens(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    address = f"/orang/{filed.reference}/perbaiki/{girl.id}/"
    psychologist = world.person(Role.PSYCHOLOGIST)
    put_on_team(world, filed, psychologist, Role.PSYCHOLOGIST)
    for person in (psychologist, world.person(Role.HEAD), world.person(Role.SUPERVISOR, world.other)):
        assert world.client(person).get(address).status_code == 404
    other = world.file()
    assert world.client(manager).get(f"/orang/{other.reference}/perbaiki/{girl.id}/").status_code == 404


def test_a_partner_never_sees_what_was_corrected(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    corrected(world, filed, manager, girl, Identity("Melati Puspa"))
    world.grant(filed, world.hospital.id, Section.IDENTITY)
    world.grant(filed, world.hospital.id, Section.FILE)
    with acting(world.person(Role.PARTNER_OFFICER)):
        assert not EarlierIdentity.objects.exists()
    with acting(manager):
        assert EarlierIdentity.objects.count() == 1
