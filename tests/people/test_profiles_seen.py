"""Who sees what is told of a person: care.md 22 and 23, partners, and the database itself."""

from typing import Any

import pytest
from django.db import DatabaseError, connections

from ruangaman.access.models import User
from ruangaman.access.states import Role, Section
from ruangaman.consent.states import Service
from ruangaman.kernel.errors import Refused
from ruangaman.people import policies as rules
from ruangaman.people.policies.profiles import Support
from ruangaman.people.queries.profiles import profiles_of
from ruangaman.people.states import (
    Disability,
    Relation,
    Sex,
)
from tests.consent.answers import Case
from tests.people.people import case, guardian
from tests.people.profiles import DEAF, PAPERS, RERE, adult, page_for, sent, tell
from tests.worlds import World, acting


@pytest.mark.parametrize("kind", Disability.values)
def test_care_23_no_disability_asks_for_a_guardian(world: World, kind: str) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    tell(world, filed, manager, her, Support(disabilities=(kind,), decides_with="Bu Rekaan"))
    with pytest.raises(Refused, match="Orang dewasa"):
        guardian(world, filed, manager, her, "Bu Rekaan", Relation.MOTHER)
    rules.check_can_be_guardian(relation=Relation.MOTHER, band="13-17", own_band="25-59")
    assert not rules.is_child(her.age_band)


def test_care_22_a_man_is_told_of_as_anybody_is(world: World) -> None:
    filed, manager = case(world)
    him = adult(filed, manager, "Pak Rekaan", sex=Sex.MALE)
    page = world.client(manager)
    assert (
        sent(page, page_for(filed, him, "sapaan"), address="Pak", officer="man", place="men").status_code
        == 302
    )
    assert "petugas laki-laki" in page.get(f"/berkas/{filed.reference}/").content.decode()


def test_care_22_name_address_and_officer_are_sealed_and_nothing_of_them_is_counted(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    tell(world, filed, manager, her, RERE)
    tell(world, filed, manager, her, PAPERS)
    columns = world.rows(
        "SELECT count(*) FROM information_schema.role_column_grants "
        "WHERE grantee = 'ruangaman_counter' AND table_name = 'people_profile'"
    )
    assert columns == [(0,)]
    (dump,) = world.rows("SELECT string_agg(p::text, ' ') FROM people_profile p")
    assert not any(word in dump[0] for word in ("Rere", "woman", "women", "Nama Surat"))


# --- partners --------------------------------------------------------------------------------------------------------


def case_of(world: World) -> Case:
    filed, manager = case(world)
    return Case(world, filed, manager, adult(filed, manager))


def seen(
    user: User, what: str = "section, person_id", table: str = "people_profile", more: str = ""
) -> list[Any]:
    """What raw SQL gives the application, at work for somebody."""
    with acting(user), connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {what} FROM {table} {more} ORDER BY 1")
        return list(cursor.fetchall())


def keys(user: User) -> list[str]:
    more = "WHERE section IN ('support', 'courtesy', 'background')"
    return [section for (section,) in seen(user, "section", "access_datakey", more)]


def test_a_partner_sees_needs_only_where_she_agreed_and_address_and_background_never(world: World) -> None:
    told = case_of(world)
    for profile in (DEAF, RERE, PAPERS):
        tell(world, told.filed, told.manager, told.client, profile)
    partner = world.person(Role.PARTNER_OFFICER)
    consent = told.answer(Service.MEDICAL, recipient=world.hospital)
    assert seen(partner) == []
    assert keys(partner) == []
    told.withdraw(consent)
    consent = told.answer(Service.MEDICAL, recipient=world.hospital, also=["support"])
    assert seen(partner) == [("support", told.client.id)]
    assert keys(partner) == ["support"]
    text = world.client(partner).get(f"/berkas/{told.filed.reference}/").content.decode()
    assert "Juru bahasa isyarat diperlukan" in text
    assert "Kak Rere" not in text
    assert "Nama Surat Rekaan" not in text
    told.withdraw(consent)
    assert seen(partner) == []
    assert keys(partner) == []


def test_a_partner_sees_the_needs_of_her_alone_who_agreed(world: World) -> None:
    told = case_of(world)
    other = adult(told.filed, told.manager, "Lain Rekaan")
    tell(world, told.filed, told.manager, told.client, DEAF)
    tell(world, told.filed, told.manager, other, Support(note="Milik orang lain."))
    told.answer(Service.MEDICAL, recipient=world.hospital, also=["support"])
    partner = world.person(Role.PARTNER_OFFICER)
    assert seen(partner) == [("support", told.client.id)]
    with acting(partner):
        found = profiles_of(world.viewer(partner), told.filed.dossier.id, Section.SUPPORT)
    assert list(found) == [told.client.one_id]


@pytest.mark.parametrize("section", ["courtesy", "background"])
def test_address_and_background_are_never_shared_whatever_is_asked(world: World, section: str) -> None:
    told = case_of(world)
    tell(world, told.filed, told.manager, told.client, RERE if section == "courtesy" else PAPERS)
    with pytest.raises(Refused, match="tidak pernah dibagikan"):
        told.answer(Service.MEDICAL, recipient=world.hospital, also=[section])
    # Not even where a grant were written by mistake: the matrix has no such cell.
    world.grant(told.filed, world.hospital.id, section)
    partner = world.person(Role.PARTNER_OFFICER)
    assert seen(partner) == []
    assert keys(partner) == []


def test_a_partner_writes_nothing_of_a_person(world: World) -> None:
    told = case_of(world)
    row = tell(world, told.filed, told.manager, told.client, DEAF)
    told.answer(Service.MEDICAL, recipient=world.hospital, also=["support"])
    partner = world.person(Role.PARTNER_OFFICER)
    assert world.client(partner).get(page_for(told.filed, told.client, "kebutuhan")).status_code == 404
    copied = (
        "INSERT INTO people_profile SELECT gen_random_uuid(), dossier_id, unit_id, stage, section, person_id, key_id, "
        "told, told_by_id, now() FROM people_profile"
    )
    with pytest.raises(DatabaseError), acting(partner), connections["default"].cursor() as cursor:
        cursor.execute(copied)
    assert seen(told.manager, "id") == [(row.id,)]


@pytest.mark.parametrize("change", ["UPDATE people_profile SET told = told", "DELETE FROM people_profile"])
def test_what_was_told_is_neither_changed_nor_taken_away(world: World, change: str) -> None:
    told = case_of(world)
    tell(world, told.filed, told.manager, told.client, DEAF)
    with pytest.raises(DatabaseError), acting(told.manager), connections["default"].cursor() as cursor:
        cursor.execute(change)
