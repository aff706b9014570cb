"""Recording people: ages, national numbers, and a reporter who turns out to be the client."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from ruangaman.access.models import DataKey
from ruangaman.access.queries import open_key
from ruangaman.access.states import Role, Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.kernel.tokens import tokens
from ruangaman.people import actions, policies, queries
from ruangaman.people.actions import Identity, opening
from ruangaman.people.models import NameToken, Part, Person
from ruangaman.people.states import AgeBand, PersonRole, Relation, Sex
from tests.people.people import added, case, child, put_on_team
from tests.worlds import Filed, World, acting

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("born_on", "happened_on", "says"),
    [
        (date(2026, 11, 23), None, "belum terjadi"),
        (date(1906, 11, 21), None, None),
        (date(1905, 11, 22), None, "120 tahun"),
        (date(2011, 5, 4), date(2011, 5, 3), "sesudah kejadian"),
        (date(2011, 5, 4), date(2011, 5, 4), None),
        (TODAY, None, None),
        (None, date(2000, 1, 1), None),
    ],
)
def test_a_birth_that_can_not_be_is_refused(
    born_on: date | None, happened_on: date | None, says: str | None
) -> None:
    if says is None:
        policies.check_born_on(born_on, today=TODAY, happened_on=happened_on)
        return
    with pytest.raises(Refused, match=says):
        policies.check_born_on(born_on, today=TODAY, happened_on=happened_on)


GIRL = "3173014405110001"  # made up: province 31, the fourth of May 2011, a woman


@pytest.mark.parametrize(
    ("nik", "born_on", "sex", "says"),
    [
        (GIRL, date(2011, 5, 4), Sex.FEMALE, None),
        (GIRL, None, Sex.UNKNOWN, None),
        ("3173010405110001", date(2011, 5, 4), Sex.MALE, None),
        ("3173012902000001", None, Sex.UNKNOWN, None),  # 29 February 2000
        ("317301440511000", None, Sex.UNKNOWN, "16 angka"),
        (GIRL + "1", None, Sex.UNKNOWN, "16 angka"),
        ("317301440511000x", None, Sex.UNKNOWN, "16 angka"),
        ("٣١٧٣٠١٤٤٠٥١١٠٠٠١", None, Sex.UNKNOWN, "16 angka"),
        ("0073014405110001", None, Sex.UNKNOWN, "provinsi"),
        ("3173017205110001", None, Sex.UNKNOWN, "tanggal lahir"),
        ("3173013113110001", None, Sex.UNKNOWN, "tanggal lahir"),
        ("3173010005110001", None, Sex.UNKNOWN, "tanggal lahir"),
        ("3173014005110001", None, Sex.UNKNOWN, "tanggal lahir"),
        ("3173013002110001", None, Sex.UNKNOWN, "tanggal lahir"),
        ("3173014405110000", None, Sex.UNKNOWN, "tidak mungkin"),
        (GIRL, date(2011, 5, 5), Sex.FEMALE, "tanggal lahir yang ditulis"),
        (GIRL, date(2011, 5, 4), Sex.MALE, "jenis kelamin"),
        ("3173010405110001", None, Sex.FEMALE, "jenis kelamin"),
    ],
)
def test_a_national_number_that_can_not_be_is_refused(
    nik: str, born_on: date | None, sex: str, says: str | None
) -> None:
    if says is None:
        policies.check_nik(nik, born_on=born_on, sex=sex, regions=["31", "32"])
        return
    with pytest.raises(Refused, match=says):
        policies.check_nik(nik, born_on=born_on, sex=sex, regions=["31", "32"])


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2028, 2, 29)])
@pytest.mark.parametrize("age", [0, 1, 15, 17, 18, 120])
def test_an_estimated_age_is_that_age_on_the_day_it_was_told(day: date, age: int) -> None:
    born_on = policies.born_about(age, day)
    assert policies.age_on(born_on, day) == age
    assert (born_on.day, born_on.month) == (1, 7)
    policies.check_born_on(born_on, today=day)


@pytest.mark.parametrize(
    ("born_on", "band"),
    [
        (None, AgeBand.UNKNOWN),
        (date(2008, 11, 23), AgeBand.UNDER_18),
        (date(2008, 11, 22), AgeBand.UNDER_25),
        (date(2020, 11, 23), AgeBand.UNDER_6),
        (date(2020, 11, 22), AgeBand.UNDER_13),
        (date(1966, 11, 22), AgeBand.OLDER),
    ],
)
def test_the_age_at_the_report_gives_the_band(born_on: date | None, band: AgeBand) -> None:
    assert policies.age_band(born_on, TODAY) == band


# --- a reporter who tells of herself ------------------------------------------------------------------------------


def reporter(filed: Filed) -> Person:
    return Part.objects.using("owner").get(dossier_id=filed.dossier.id, role=PersonRole.REPORTER).person


def made_client(world: World, filed: Filed, by: Any, identity: Identity) -> Part:
    viewer = world.viewer(by)
    with acting(by):
        person = Part.objects.get(dossier_id=filed.dossier.id, role=PersonRole.REPORTER).person
        return actions.make_client(
            viewer=viewer, dossier=filed.dossier, person=person, identity=identity, at=clock.now()
        )


def test_a_reporter_who_becomes_the_client_is_sealed_anew_and_found_by_both_names(world: World) -> None:
    filed, officer = world.file(name="Neng Ayu", reporter_kind="victim"), world.person(Role.INTAKE_OFFICER)
    before = reporter(filed)

    made_client(world, filed, officer, Identity(name="Ayu Rekaan Contoh", sex=Sex.FEMALE))

    after = reporter(filed)
    assert after.id == before.id
    assert (after.section, after.sex) == (Section.IDENTITY, Sex.FEMALE)
    assert after.key_id != before.key_id
    sections = NameToken.objects.using("owner").filter(person=after).values_list("section", flat=True)
    assert set(sections) == {Section.IDENTITY}
    viewer = world.viewer(officer)
    with acting(officer):
        for name in ("Neng Ayu", "Ayu Rekaan Contoh"):
            hits = world.rows(
                "SELECT count(*) FROM people_nametoken WHERE person_id = %s AND token = ANY (%s)",
                [after.id, [*tokens(name, queries.token_key(world.unit.id))]],
            )
            assert hits[0][0] >= 1, name
        assert [f.person_id for f in queries.find(viewer, "Ayu Rekaan Contoh")[0]] == [after.id]
        opened = opening.open_identity(viewer=viewer, dossier=filed.dossier, at=clock.now())
        assert {one.name for one in opened} == {"Ayu Rekaan Contoh"}


def test_nothing_of_a_client_stays_readable_under_the_section_of_the_reporter(world: World) -> None:
    filed, officer = world.file(name="Ayu Rekaan"), world.person(Role.INTAKE_OFFICER)
    before = reporter(filed)
    made_client(world, filed, officer, Identity(name="", sex=Sex.FEMALE))
    person = world.person(Role.COMPANION)
    world.grant(filed, person.id, Section.REPORTER)
    world.grant(filed, person.id, Section.FILE)
    with acting(person):
        assert not Person.objects.exists()
        assert not NameToken.objects.exists()
    after = reporter(filed)
    for field in ("name", "initials"):
        assert bytes(getattr(after, field)) != bytes(getattr(before, field))


def test_what_is_not_typed_again_stays_known(world: World) -> None:
    filed, officer = world.file(name="Ayu Rekaan"), world.person(Role.INTAKE_OFFICER)
    made_client(world, filed, officer, Identity(name=""))
    viewer = world.viewer(officer)
    with acting(officer):
        opened = opening.open_identity(viewer=viewer, dossier=filed.dossier, at=clock.now())
    assert {one.name for one in opened} == {"Ayu Rekaan"}


def test_nobody_is_made_the_client_twice(world: World) -> None:
    filed, officer = world.file(name="Ayu Rekaan"), world.person(Role.INTAKE_OFFICER)
    made_client(world, filed, officer, Identity(name=""))
    with pytest.raises(Refused, match="sudah dicatat"):
        made_client(world, filed, officer, Identity(name=""))


def test_who_may_only_read_the_reporter_does_not_move_them(world: World) -> None:
    filed, _manager = case(world, name="Ayu Rekaan")
    companion = world.person(Role.COMPANION)
    put_on_team(world, filed, companion, Role.COMPANION)
    with pytest.raises(Refused, match="hanya bisa dipindahkan"):
        made_client(world, filed, companion, Identity(name=""))
    assert reporter(filed).section == Section.REPORTER


# --- the page ----------------------------------------------------------------------------------------------------


def send(world: World, filed: Filed, by: Any, **fields: Any) -> Any:
    typed = {"person_id": str(new_id()), "role": "client", "who": "new", **fields}
    return world.client(by).post(f"/orang/{filed.reference}/tambah/", typed)


def test_a_form_shown_first_is_not_red(world: World) -> None:
    filed, manager = case(world)
    page = world.client(manager).get(f"/orang/{filed.reference}/tambah/")
    assert page.status_code == 200
    assert "error" not in page.content.decode()


def test_a_child_is_recorded_with_an_estimated_age_once_however_often_it_is_sent(world: World) -> None:
    filed, manager = case(world)
    same = str(new_id())
    for _ in range(2):
        sent = send(world, filed, manager, person_id=same, name="Melati", sex="f", age="15")
        assert sent.headers["Location"] == f"/berkas/{filed.reference}/"
    person = Person.objects.using("owner").get()
    assert (person.age_band, person.sex, person.born_estimated) == (AgeBand.UNDER_18, Sex.FEMALE, True)
    assert b"Melati" not in bytes(person.name or b"")
    viewer = world.viewer(manager)
    with acting(manager):
        born_on = queries.born_on(person, open_key(DataKey.objects.get(section="identity")))
        opened = opening.open_identity(viewer=viewer, dossier=filed.dossier, at=clock.now())
    assert born_on == policies.born_about(15, timezone.localdate())
    assert [one.age for one in opened] == [15]
    browser = world.client(manager)
    assert "kira-kira 15 tahun" in browser.post(f"/orang/{filed.reference}/buka/").content.decode()


@pytest.mark.parametrize(
    ("fields", "says", "field"),
    [
        ({"born_on": "2999-01-01"}, "belum terjadi", "born_on"),
        ({"born_on": "1901-01-01"}, "120 tahun", "born_on"),
        ({"born_on": "31-02-2011"}, "tanggal yang ada", "born_on"),
        ({"age": "-1"}, "kurang dari 0", "age"),
        ({"age": "121"}, "120", "age"),
        ({"age": "lima"}, "angka", "age"),
        ({"age": "15", "born_on": "2011-05-04"}, "salah satu", "age"),
        ({"nik": "123"}, "16 angka", "nik"),
        ({"nik": "0073014405110001"}, "provinsi", "nik"),
        ({"nik": "3173 0144 0511 0001", "born_on": "2011-05-05"}, "tidak cocok dengan tanggal", "nik"),
        ({"nik": GIRL, "sex": "m"}, "tidak cocok dengan jenis", "nik"),
        ({"role": "guardian"}, "tidak ada di daftar", "role"),
        ({"role": ""}, "Pilih salah satu", "role"),
        ({"name": "A\0b"}, "tidak bisa disimpan", "name"),
        ({"name": "a" * 161}, "terlalu panjang", "name"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_all_is_kept(
    world: World, fields: dict[str, str], says: str, field: str
) -> None:
    filed, manager = case(world)
    sent = send(world, filed, manager, **{"name": "Melati Rekaan", **fields})
    assert sent.status_code == 400
    form = sent.context["form"]
    assert any(says in error for error in form.errors[field]), form.errors
    assert not form.non_field_errors()
    for name, text in fields.items():
        assert form[name].value() == text
    assert not Person.objects.using("owner").exists()


def test_a_birth_after_what_happened_is_refused_beside_its_field(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed, manager = case(world)

    def told(viewer: Any, dossier_id: UUID) -> date:
        return date(2020, 3, 1)

    monkeypatch.setattr(queries, "_day_tellers", [told])
    sent = send(world, filed, manager, born_on="2020-03-02")
    assert "sesudah kejadian" in str(sent.context["form"].errors["born_on"])
    assert send(world, filed, manager, born_on="2020-03-01").status_code == 302


def test_a_victim_who_reported_is_chosen_by_initials_and_becomes_the_client(world: World) -> None:
    filed, officer = world.file(name="Ayu Rekaan"), world.person(Role.INTAKE_OFFICER)
    page = world.client(officer).get(f"/orang/{filed.reference}/tambah/").content.decode()
    assert "A. R. · Pelapor" in page
    assert "Ayu Rekaan" not in page
    sent = send(world, filed, officer, who=str(reporter(filed).id), age="30", sex="f")
    assert sent.status_code == 302
    roles = Part.objects.using("owner").values_list("role", flat=True)
    assert set(roles) == {PersonRole.REPORTER, PersonRole.CLIENT}
    assert Person.objects.using("owner").get().age_band == AgeBand.UNDER_60


def test_a_reporter_can_turn_out_to_be_the_one_reported(world: World) -> None:
    filed, officer = world.file(name="Bambang Rekaan"), world.person(Role.INTAKE_OFFICER)
    sent = send(world, filed, officer, role="reported", who=str(reporter(filed).id), relation="neighbour")
    assert sent.status_code == 302
    part = Part.objects.using("owner").get(role=PersonRole.REPORTED)
    assert (part.section, part.person_id) == (Section.PARTIES, reporter(filed).id)
    again = send(world, filed, officer, role="reported", who=str(reporter(filed).id))
    assert "sudah dicatat" in str(again.context["form"].errors)


def test_data_typed_for_somebody_who_is_known_is_not_lost_silently(world: World) -> None:
    filed, officer = world.file(name="Bambang Rekaan"), world.person(Role.INTAKE_OFFICER)
    sent = send(world, filed, officer, role="witness", who=str(reporter(filed).id), name="Bambang Lain")
    assert "sudah tercatat" in str(sent.context["form"].errors["name"])


def test_an_unknown_reported_person_is_recorded_without_a_name(world: World) -> None:
    filed, manager = case(world)
    assert send(world, filed, manager, role="reported", relation="stranger").status_code == 302
    part = Part.objects.using("owner").get(role=PersonRole.REPORTED)
    assert (part.relation, part.section) == (Relation.STRANGER, Section.PARTIES)


def test_the_panel_shows_parts_by_initials_and_needs_few_queries(
    world: World, django_assert_max_num_queries: Any
) -> None:
    from ruangaman.access.models import Dossier
    from ruangaman.access.panels import Look
    from ruangaman.access.queries import reach_of
    from ruangaman.people.panels import identity

    filed, manager = case(world)
    girl = child(filed, manager)
    for number in range(5):
        added(filed, manager, PersonRole.WITNESS, f"Saksi Rekaan {number}")
    viewer, now = world.viewer(manager), clock.now()
    with acting(manager):
        dossier = Dossier.objects.get()
        read, write = reach_of(viewer, dossier, now)
        look = Look(viewer, dossier, read, write, now, None)  # type: ignore[arg-type]
        with django_assert_max_num_queries(2):
            panel = identity(look)
    assert panel is not None
    assert len(panel.context["people"]) == 6
    assert panel.context["people"][0]["initials"] == "M. R."
    assert "Melati" not in str(panel.context)
    assert panel.context["guardian_url"]
    assert girl.age_band == AgeBand.UNDER_18


def test_who_does_not_see_the_parties_sees_no_reported_person(world: World) -> None:
    filed, manager = case(world, name="Tetangga Rekaan")
    child(filed, manager)
    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    guide = world.person(Role.SPIRITUAL_GUIDE)
    put_on_team(world, filed, guide, Role.SPIRITUAL_GUIDE)
    viewer = world.viewer(guide)
    with acting(guide):
        assert [part.role for part in queries.parts_of(viewer, filed.dossier.id)] == [PersonRole.CLIENT]
        opened = opening.open_identity(viewer=viewer, dossier=filed.dossier, at=clock.now())
    assert [one.name for one in opened] == ["Melati Rekaan"]


def test_the_day_of_birth_stays_the_local_day_of_who_writes(world: World) -> None:
    """A child born today can be recorded right after midnight, when it is still yesterday elsewhere."""
    from django.utils import timezone

    filed, manager = case(world)
    today = timezone.localdate(clock.now())
    assert send(world, filed, manager, born_on=today.isoformat()).status_code == 302
    assert send(world, filed, manager, born_on=(today + timedelta(days=1)).isoformat()).status_code == 400
