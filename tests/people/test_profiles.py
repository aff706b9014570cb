"""What is told of a person: needs, how to be met, background; sealed, for those who need it, and never required."""

from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.access.models import User
from ruangaman.access.states import Role, Section
from ruangaman.consent.states import Service
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.ids import new_id
from ruangaman.people import policies as rules
from ruangaman.people.actions import profiles as actions
from ruangaman.people.models import Person
from ruangaman.people.policies import profiles
from ruangaman.people.policies.profiles import Background, Courtesy, Overtaken, Support
from ruangaman.people.queries.profiles import needs_of, newest_profile, profiles_of
from ruangaman.people.states import (
    Accommodation,
    Disability,
    Language,
    OfficerChoice,
    PersonRole,
    PlaceChoice,
    Relation,
    Religion,
    Sex,
)
from tests.consent.answers import Case
from tests.people.people import added, case, child, guardian, put_on_team
from tests.people.profiles import in_clear, tell
from tests.worlds import Filed, World, acting

DEAF = Support(
    disabilities=(Disability.HEARING.value,),
    accommodations=(Accommodation.MORE_TIME.value,),
    languages=(Language.BISINDO.value,),
    interpreter=Language.BISINDO.value,
    decides_with="Bu Rekaan",
)
RERE = Courtesy(
    called="Rere", address="Kak", officer=OfficerChoice.WOMAN.value, place=PlaceChoice.WOMEN.value
)
PAPERS = Background(registered_name="Nama Surat Rekaan", registered_sex="m", rt="003", rw="12")
HOME = "31.74.01.1001"


def adult(filed: Filed, by: User, name: str = "Rere Rekaan", **more: Any) -> Person:
    return added(filed, by, PersonRole.CLIENT, name, age=30, **more).person


def sent(page: Client, where: str, **typed: Any) -> Any:
    """The form as a browser sends it: with the hidden ids of the page that was opened."""
    shown = page.get(where)
    assert shown.status_code == 200
    form = shown.context["form"]
    hidden = {name: str(form.initial[name]) for name in ("profile_id", "over")}
    return page.post(where, {**hidden, **typed})


def page_for(filed: Filed, person: Person, page: str) -> str:
    return f"/orang/{filed.reference}/{person.id}/{page}/"


# --- rules -----------------------------------------------------------------------------------------------------------

WORDS = st.text(max_size=profiles.LONGEST_WORD)


@given(
    st.builds(
        Support,
        disabilities=st.lists(st.sampled_from(Disability.values), unique=True).map(tuple),
        languages=st.lists(st.sampled_from(Language.values), unique=True).map(tuple),
        interpreter=st.sampled_from(["", *Language.values]),
        decides_with=WORDS,
        note=WORDS,
    )
    | st.builds(Courtesy, called=WORDS, address=WORDS, religion=st.sampled_from(Religion.values))
    | st.builds(Background, registered_name=WORDS, rt=WORDS, street=WORDS)
)
def test_what_was_told_survives_being_one_text(told: profiles.Profile) -> None:
    assert type(told).from_text(told.to_text()) == told


@pytest.mark.parametrize("text", ["", "[]", "null", "3", '{"unknown": "x"}', "{"])
def test_a_text_that_is_no_profile_does_not_open(text: str) -> None:
    with pytest.raises(Unreadable):
        Support.from_text(text)


@pytest.mark.parametrize("empty", [Support(), Courtesy(), Background()])
def test_everything_may_stay_empty(empty: profiles.Profile) -> None:
    profiles.check_profile(empty)
    assert empty.is_empty
    assert empty.to_text() == "{}"


@pytest.mark.parametrize(
    "wrong",
    [
        Support(disabilities=("mad",)),
        Support(accommodations=("gold",)),
        Support(languages=("xx",)),
        Support(interpreter="xx"),
        Support(interpreter=Language.INDONESIAN.value),
        Support(decides_with="x" * 81),
        Support(note="x" * 2001),
        Courtesy(officer="robot"),
        Courtesy(place="street"),
        Courtesy(religion="xx"),
        Courtesy(called="x" * 81),
        Background(registered_sex="u"),
        Background(education="xx"),
        Background(work="xx"),
        Background(marriage="xx"),
        Background(area="31.74; DROP"),
        Background(rt="0003"),
        Background(rw="1a"),
        Background(rt="٣"),
        Background(street="x" * 201),
    ],
)
def test_what_no_form_offers_is_refused(wrong: profiles.Profile) -> None:
    with pytest.raises(Refused):
        profiles.check_profile(wrong)


@pytest.mark.parametrize(
    ("language", "kind"),
    [
        (Language.BISINDO, Accommodation.SIGN_INTERPRETER),
        (Language.SIBI, Accommodation.SIGN_INTERPRETER),
        (Language.MADURESE, Accommodation.LANGUAGE_INTERPRETER),
    ],
)
def test_an_interpreter_for_a_language_is_a_need_by_itself(language: str, kind: str) -> None:
    told = profiles.whole(Support(interpreter=language, accommodations=("quiet",)))
    assert isinstance(told, Support)
    assert set(told.accommodations) == {"quiet", str(kind)}


# --- telling ---------------------------------------------------------------------------------------------------------


def test_what_is_told_is_sealed_and_the_newest_word_counts(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    tell(world, filed, manager, her, PAPERS)
    newest = tell(world, filed, manager, her, Background(registered_name="Nama Lain Rekaan"))
    with acting(manager):
        found = profiles_of(world.viewer(manager), filed.dossier.id, Section.BACKGROUND)
    assert {one: row.id for one, row in found.items()} == {her.one_id: newest.id}
    assert in_clear(filed, manager, newest) == Background(registered_name="Nama Lain Rekaan")
    (dump,) = world.rows("SELECT string_agg(p::text, ' ') FROM people_profile p")
    assert "Rekaan" not in dump[0]
    assert world.rows("SELECT count(*) FROM people_profile") == [(2,)]


def test_the_ledger_holds_that_it_was_told_and_not_what(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    row = tell(world, filed, manager, her, RERE)
    (entry,) = world.rows(
        "SELECT objects_named::text, fields_named::text, e::text FROM ledger_entry e WHERE verb = 'profile_told'"
    )
    assert str(her.id) in entry[0]
    assert str(row.id) in entry[0]
    assert "courtesy" in entry[1]
    assert "Rere" not in entry[2]


def test_one_form_sent_twice_and_the_same_words_again_are_written_once(world: World) -> None:
    filed, manager = case(world)
    her, row_id = adult(filed, manager), new_id()
    first = tell(world, filed, manager, her, RERE, profile_id=row_id, over=actions.NOTHING)
    again = tell(world, filed, manager, her, RERE, profile_id=row_id, over=actions.NOTHING)
    same = tell(world, filed, manager, her, RERE)
    assert first.id == again.id == same.id == row_id
    assert world.rows("SELECT count(*) FROM people_profile") == [(1,)]


def test_somebody_of_another_file_is_refused(world: World) -> None:
    filed, manager = case(world)
    elsewhere, _same = case(world)
    with pytest.raises(Refused, match="tidak tercatat"):
        tell(world, filed, manager, adult(elsewhere, manager), RERE)


def test_a_place_that_is_none_is_refused_and_a_known_one_finds_her_again(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    with pytest.raises(Refused, match="dari daftar"):
        tell(world, filed, manager, her, Background(area="99.99"))
    tokens = "SELECT count(*) FROM people_nametoken WHERE person_id = %s"
    (before,) = world.rows(tokens, [her.id])
    row = tell(world, filed, manager, her, Background(area=HOME))
    (after,) = world.rows(tokens, [her.id])
    assert after[0] > before[0]
    told = in_clear(filed, manager, row)
    assert isinstance(told, Background)
    assert told.area_name.count(",") == 2  # kelurahan, kecamatan, kota


def test_of_two_records_that_are_one_person_the_newest_word_of_either_counts(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    other = added(filed, manager, PersonRole.HOUSEHOLD, "Rere R.").person
    tell(world, filed, manager, her, RERE)
    world.rows("UPDATE people_person SET one_id = %s WHERE id = %s", [her.id, other.id])
    newest = tell(world, filed, manager, other, Courtesy(called="Re"))
    with acting(manager):
        viewer = world.viewer(manager)
        assert newest_profile(viewer, her, Section.COURTESY) == newest
        assert list(profiles_of(viewer, filed.dossier.id, Section.COURTESY)) == [her.id]


# --- two at once -----------------------------------------------------------------------------------------------------


def test_who_saves_on_top_of_another_is_told_what_they_said(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    theirs = tell(world, filed, manager, her, RERE, over=actions.NOTHING)
    with pytest.raises(Overtaken) as met:
        tell(world, filed, manager, her, Courtesy(called="Re"), over=actions.NOTHING)
    assert met.value.theirs == RERE
    assert met.value.newest == theirs.id
    tell(world, filed, manager, her, Courtesy(called="Re"), over=theirs.id)


def test_two_pages_that_save_at_once_show_both_texts_and_lose_none(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    page, where = world.client(manager), page_for(filed, her, "sapaan")
    mine = page.get(where).context["form"].initial
    assert sent(page, where, called="Rere", address="Kak").status_code == 302
    hidden = {name: str(mine[name]) for name in ("profile_id", "over")}
    late = page.post(where, {**hidden, "called": "Reza", "address": "Mas"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "Kak Rere" in text  # what the other saved
    assert "Reza" in text  # what was typed
    second = late.context["form"].data
    assert page.post(where, second).status_code == 302
    assert world.rows("SELECT count(*) FROM people_profile") == [(2,)]


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["kebutuhan", "sapaan", "latar"])
def test_each_page_says_that_all_may_stay_empty_and_takes_an_empty_answer(world: World, page: str) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    shown = world.client(manager).get(page_for(filed, her, page))
    assert "boleh dikosongkan" in shown.content.decode()
    assert "govuk-error" not in shown.content.decode()
    assert sent(world.client(manager), page_for(filed, her, page)).status_code == 302


def test_what_was_told_stands_in_the_form_and_opening_it_is_a_look(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    page, where = world.client(manager), page_for(filed, her, "kebutuhan")
    opened = (
        "SELECT count(*) FROM ledger_entry WHERE verb = 'opened' AND fields_named::text LIKE '%%support%%'"
    )
    assert (
        sent(page, where, disabilities=["hearing"], interpreter="bisindo", note="Duduk di depan.").status_code
        == 302
    )
    assert world.rows(opened) == [(0,)]
    assert "Duduk di depan." in page.get(where).content.decode()
    assert world.rows(opened) == [(1,)]


def test_a_wrong_neighbourhood_is_told_beside_it_and_what_was_typed_stays(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    answer = sent(world.client(manager), page_for(filed, her, "latar"), rt="satu", street="Jalan Rekaan")
    assert answer.status_code == 400
    assert "satu sampai tiga angka" in answer.content.decode()
    assert "Jalan Rekaan" in answer.content.decode()


def test_the_residence_goes_down_to_rt_and_rw(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    page = world.client(manager)
    assert (
        sent(
            page, page_for(filed, her, "latar"), area=HOME, rt="3", rw="012", street="Jalan Rekaan 1"
        ).status_code
        == 302
    )
    shown = page.get(f"/berkas/{filed.reference}/").content.decode()
    assert "Jalan Rekaan 1, RT 3, RW 012, " in shown


def test_a_profile_that_was_altered_is_asked_anew(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    tell(world, filed, manager, her, RERE)
    world.rows("UPDATE people_profile SET told = '\\x00'")
    page, where = world.client(manager), page_for(filed, her, "sapaan")
    assert "tidak terbaca" in page.get(where).content.decode()
    assert sent(page, where, called="Rere").status_code == 302
    assert "Sapa: Rere" in page.get(f"/berkas/{filed.reference}/").content.decode()


def test_somebody_who_only_reads_or_is_a_stranger_gets_no_form(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    supervisor, stranger = world.person(Role.SUPERVISOR), world.person(Role.CASE_MANAGER, tag="other")
    for page in ("kebutuhan", "sapaan", "latar"):
        assert world.client(supervisor).get(page_for(filed, her, page)).status_code == 404
        assert world.client(stranger).get(page_for(filed, her, page)).status_code == 404
    elsewhere, _same = case(world)
    wrong = f"/orang/{elsewhere.reference}/{her.id}/sapaan/"
    assert world.client(manager).get(wrong).status_code == 404


def test_a_guardian_may_need_an_interpreter_too(world: World) -> None:
    filed, manager = case(world)
    hers = child(filed, manager)
    part = guardian(world, filed, manager, hers, "Bu Uji Rekaan", Relation.MOTHER)
    page = world.client(manager)
    shown = page.get(f"/berkas/{filed.reference}/").content.decode()
    assert page_for(filed, part.person, "kebutuhan") in shown
    tell(world, filed, manager, part.person, DEAF)
    with acting(manager):
        assert needs_of(world.viewer(manager), filed.dossier.id, part.person).interpreter
    # On top of the page stand the clients' needs only.
    assert "Juru bahasa isyarat" not in page.get(f"/berkas/{filed.reference}/").content.decode()


# --- the page of the file --------------------------------------------------------------------------------------------


def test_needs_and_address_stand_first_on_the_page(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    tell(world, filed, manager, her, RERE)
    tell(world, filed, manager, her, DEAF)
    text = world.client(manager).get(f"/berkas/{filed.reference}/").content.decode()
    assert "Sapa: Kak Rere · petugas perempuan" in text
    assert "Juru bahasa isyarat diperlukan (BISINDO)" in text
    assert "Bu Rekaan membantunya memutuskan, tidak memutuskan untuknya" in text
    assert text.index("Sapa: Kak Rere") < text.index("Kebutuhan, persetujuan, layanan")


def test_the_page_of_two_clients_says_whose_each_line_is(world: World) -> None:
    filed, manager = case(world)
    tell(world, filed, manager, adult(filed, manager, "Ani Rekaan"), Courtesy(called="Ani"))
    tell(world, filed, manager, adult(filed, manager, "Budi Uji"), Courtesy(called="Budi"))
    text = world.client(manager).get(f"/berkas/{filed.reference}/").content.decode()
    assert "<strong>A. R.</strong> <strong>Sapa: Ani" in text
    assert "<strong>B. U.</strong> <strong>Sapa: Budi" in text


def test_the_page_asks_once_for_all_that_was_told(world: World) -> None:
    filed, manager = case(world)
    for name in ("Ani Rekaan", "Budi Uji", "Cici Uji"):
        her = adult(filed, manager, name)
        for told in (DEAF, RERE, PAPERS):
            tell(world, filed, manager, her, told)
    client = world.client(manager)
    client.get(f"/berkas/{filed.reference}/")
    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connections["default"].execute_wrapper(count):
        client.get(f"/berkas/{filed.reference}/")
    assert sum('FROM "people_profile"' in sql for sql in asked) == 1


def test_religion_is_shown_to_who_asks_and_to_who_guides_and_not_to_others(world: World) -> None:
    filed, manager = case(world)
    her = adult(filed, manager)
    tell(world, filed, manager, her, Courtesy(called="Rere", religion=Religion.HINDU.value))
    for role, sees in (
        (Role.SPIRITUAL_GUIDE, True),
        (Role.PSYCHOLOGIST, False),
        (Role.SHELTER_OFFICER, False),
    ):
        put_on_team(world, filed, world.person(role), role)
        text = world.client(world.person(role)).get(f"/berkas/{filed.reference}/").content.decode()
        assert "Sapa: Rere" in text
        assert ("Hindu" in text) is sees
    assert "Hindu" in world.client(manager).get(f"/berkas/{filed.reference}/").content.decode()


def test_background_is_for_those_who_need_it(world: World) -> None:
    filed, manager = case(world)
    tell(world, filed, manager, adult(filed, manager), PAPERS)
    for role, sees in ((Role.LAWYER, True), (Role.PSYCHOLOGIST, False), (Role.SHELTER_OFFICER, False)):
        user = world.person(role)
        put_on_team(world, filed, user, role)
        text = world.client(user).get(f"/berkas/{filed.reference}/").content.decode()
        assert ("Nama Surat Rekaan" in text) is sees
        with acting(user):
            rows = world.rows("SELECT count(*) FROM people_profile", using="default")
            keys = world.rows(
                "SELECT count(*) FROM access_datakey WHERE section = 'background'", using="default"
            )
        assert rows == keys == [(int(sees),)]


# --- care.md 22 and 23 -----------------------------------------------------------------------------------------------


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
