"""Who is what in a dossier: one line a person, what ends, a child who comes alone. Source: care.md 12, 13, 22, 24."""

from typing import Any

import pytest
from django.db import connection

from ruangaman.access.models import Dossier, User
from ruangaman.access.panels import Look
from ruangaman.access.queries import reach_of
from ruangaman.access.states import Role, Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people import actions, queries
from ruangaman.people.models import Part, Person, Unborn
from ruangaman.people.panels import identity, unborn
from ruangaman.people.states import PartStatus, PersonRole, Relation, Sameness, Sex, UnbornEnd, UnbornGround
from tests.people.people import added, case, child, guardian, put_on_team
from tests.people.test_supervised_guardians import fresh, link
from tests.worlds import Filed, World, acting


def looked(world: World, filed: Filed, by: User, panel: Any = identity) -> Any:
    viewer, now = world.viewer(by), clock.now()
    with acting(by):
        dossier = Dossier.objects.get(id=filed.dossier.id)
        read, write = reach_of(viewer, dossier, now)
        return panel(Look(viewer, dossier, read, write, now, None))  # type: ignore[arg-type]


def ended(world: World, filed: Filed, by: User, part: Part) -> Part:
    viewer = world.viewer(by)
    with acting(by):
        return actions.end_part(viewer=viewer, dossier=filed.dossier, part=part, at=clock.now())


# --- one line a person ----------------------------------------------------------------------------------------------


def test_two_records_found_to_be_one_person_are_one_line_and_one_client(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    again = added(filed, manager, PersonRole.CLIENT, "Mela").person
    witness = added(filed, manager, PersonRole.WITNESS, "Melati R.").person
    link(filed, manager, girl, again, Sameness.SAME)
    link(filed, manager, girl, witness, Sameness.SAME)

    people = looked(world, filed, manager).context["people"]

    assert len(people) == 1
    assert (people[0]["role"], people[0]["initials"], people[0]["also"]) == ("Klien", "M. R.", "Klien, Saksi")
    viewer = world.viewer(manager)
    with acting(manager):
        assert [one.id for one in queries.clients_of(viewer, filed.dossier.id)] == [girl.id]


def test_a_guardian_says_for_whom_where_there_are_several_children(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    brother = added(filed, manager, PersonRole.CLIENT, "Adi Rekaan", age=9).person
    guardian(world, filed, manager, girl, "Dewi Contoh", Relation.AUNT_UNCLE)
    guardian(world, filed, manager, brother, "Sari Contoh", Relation.GRANDPARENT)
    roles = {one["role"] for one in looked(world, filed, manager).context["people"]}
    assert {"Wali pendamping untuk M. R.", "Wali pendamping untuk A. R."} <= roles


def test_the_registered_sex_of_nobody_is_shown(world: World) -> None:
    """care.md 22: only where a national form asks for it."""
    filed, manager = case(world)
    added(filed, manager, PersonRole.CLIENT, "Kenanga Rekaan", age=30, sex=Sex.MALE)
    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", sex=Sex.MALE)
    browser = world.client(manager)
    for page in (browser.get(f"/berkas/{filed.reference}/"), browser.post(f"/orang/{filed.reference}/buka/")):
        assert page.status_code == 200
        assert "Laki-laki" not in page.content.decode()


def test_a_reported_child_is_called_a_child_in_conflict_with_the_law(world: World) -> None:
    """care.md 15, 24."""
    filed, manager = case(world)
    child(filed, manager)
    added(filed, manager, PersonRole.REPORTED, "Adi Rekaan", age=16)
    page = world.client(manager).get(f"/berkas/{filed.reference}/").content.decode()
    assert "Terlapor, anak (anak yang berkonflik dengan hukum)" in page
    assert "diversi hanya kalau ia mau, di ruang terpisah" in page
    assert "pelaku" not in page.lower()


# --- a child alone -------------------------------------------------------------------------------------------------


def test_of_a_child_the_two_questions_come_first_and_no_parents_name_is_asked(world: World) -> None:
    """care.md 12."""
    filed, manager = case(world)
    child(filed, manager)
    page = world.client(manager).get(f"/orang/{filed.reference}/tambah/")
    roles = [value for value, _label in page.context["form"].fields["role"].choices]
    assert roles[:2] == [PersonRole.TRUSTED, PersonRole.KEPT_OUT]
    assert len(roles) == len(set(roles)) == 6
    text = page.content.decode()
    assert "Siapa yang kamu percaya?" in text and "Siapa yang tidak boleh tahu?" in text
    assert "Jangan minta nama atau nomor orang tua" in text


def test_of_an_adult_no_child_is_spoken(world: World) -> None:
    filed, manager = case(world)
    added(filed, manager, PersonRole.CLIENT, "Ayu Rekaan", age=30)
    text = world.client(manager).get(f"/orang/{filed.reference}/tambah/").content.decode()
    assert "Siapa yang kamu percaya" not in text


def test_who_must_not_know_is_recorded_without_a_name(world: World) -> None:
    filed, manager = case(world)
    child(filed, manager)
    fields = {"role": "kept_out", "relation": "mother", "who": "new", "person_id": ""}
    assert world.client(manager).post(f"/orang/{filed.reference}/tambah/", fields).status_code == 302
    part = Part.objects.using("owner").get(role=PersonRole.KEPT_OUT)
    assert (part.relation, part.section) == (Relation.MOTHER, Section.PARTIES)


def test_a_child_alone_with_somebody_who_must_not_know_is_said_until_a_guardian_stands(world: World) -> None:
    filed, manager = case(world)
    girl = child(filed, manager)
    assert not looked(world, filed, manager).context["alone"]
    added(filed, manager, PersonRole.KEPT_OUT, relation=Relation.MOTHER)
    assert looked(world, filed, manager).context["alone"]
    guardian(world, filed, manager, girl, "Dewi Contoh", Relation.AUNT_UNCLE)
    assert not looked(world, filed, manager).context["alone"]


def test_nobody_is_trusted_and_kept_out_at_once(world: World) -> None:
    filed, manager = case(world)
    child(filed, manager)
    aunt = added(filed, manager, PersonRole.TRUSTED, "Dewi Contoh", relation=Relation.AUNT_UNCLE)
    viewer = world.viewer(manager)
    with acting(manager), pytest.raises(Refused, match="Akhiri dulu salah satunya"):
        actions.add_part(
            viewer=viewer, dossier=filed.dossier, person=aunt.person, role=PersonRole.KEPT_OUT, at=clock.now()
        )


def test_the_reported_person_is_no_client_by_another_record_either(world: World) -> None:
    filed, manager = case(world)
    child(filed, manager)
    man = added(filed, manager, PersonRole.WITNESS, "Pak Slamet").person
    reported = added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan").person
    link(filed, manager, man, reported, Sameness.SAME)
    viewer = world.viewer(manager)
    with acting(manager), pytest.raises(Refused, match="tidak pernah menjadi terlapor"):
        actions.add_part(
            viewer=viewer, dossier=filed.dossier, person=fresh(man), role=PersonRole.CLIENT, at=clock.now()
        )


# --- a part that ends ----------------------------------------------------------------------------------------------


def test_a_part_ends_without_a_reason_and_what_was_written_stays(world: World) -> None:
    filed, manager = case(world)
    child(filed, manager)
    part = added(filed, manager, PersonRole.WITNESS, "Saksi Rekaan")
    browser = world.client(manager)
    address = f"/orang/{filed.reference}/akhiri/{part.id}/"
    assert "S. R. tidak lagi dicatat sebagai Saksi" in browser.get(address).content.decode()
    assert Part.objects.using("owner").get(id=part.id).status == PartStatus.ACTIVE
    assert browser.post(address).status_code == 302
    assert Part.objects.using("owner").get(id=part.id).status == PartStatus.ENDED
    assert Person.objects.using("owner").filter(id=part.person_id).exists()
    assert "sudah berakhir" in browser.post(address).content.decode()
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'part_ended'") == [(1,)]


def test_the_only_client_and_the_reporter_stay(world: World) -> None:
    filed, manager = case(world, name="Tetangga Rekaan")
    girl = child(filed, manager)
    parts = {part.role: part for part in Part.objects.using("owner").all()}
    with pytest.raises(Refused, match="satu-satunya klien"):
        ended(world, filed, manager, parts[PersonRole.CLIENT])
    with pytest.raises(Refused, match="Pelapor tetap"):
        ended(world, filed, manager, parts[PersonRole.REPORTER])
    guardian(world, filed, manager, girl, "Dewi Contoh", Relation.AUNT_UNCLE)
    added(filed, manager, PersonRole.CLIENT, "Adi Rekaan", age=9)
    ended(world, filed, manager, parts[PersonRole.CLIENT])
    assert Part.objects.using("owner").get(role=PersonRole.GUARDIAN).status == PartStatus.ENDED


def test_who_may_only_read_ends_nothing(world: World) -> None:
    filed, manager = case(world)
    child(filed, manager)
    part = added(filed, manager, PersonRole.WITNESS, "Saksi Rekaan")
    for role in (Role.HEAD, Role.DATA_OFFICER, Role.PARTNER_OFFICER):
        browser = world.client(world.person(role))
        assert browser.post(f"/orang/{filed.reference}/akhiri/{part.id}/").status_code == 404
    assert Part.objects.using("owner").get(id=part.id).status == PartStatus.ACTIVE


# --- an unborn child -------------------------------------------------------------------------------------------------


def test_an_unborn_child_is_recorded_only_with_her_yes_and_ends_at_her_wish(world: World) -> None:
    """care.md 13."""
    filed, manager = case(world)
    added(filed, manager, PersonRole.CLIENT, "Ayu Rekaan", age=24)
    browser, address = world.client(manager), f"/orang/{filed.reference}/kandungan/"
    assert "error" not in browser.get(address).content.decode()
    refused = browser.post(address, {"ground": "violence"})
    assert refused.status_code == 400
    assert "Tanpa persetujuannya" in refused.content.decode()
    assert not Unborn.objects.using("owner").exists()
    assert browser.post(address, {"ground": "violence", "agreed": "on"}).status_code == 302
    one = Unborn.objects.using("owner").get()
    assert (
        "Kekerasan ditujukan kepada kandungan" in browser.get(f"/berkas/{filed.reference}/").content.decode()
    )

    assert browser.post(f"{address}{one.id}/akhiri/", {"ending": "her_wish"}).status_code == 302

    one.refresh_from_db(using="owner")
    assert (one.ending, one.ended_by_id) == (UnbornEnd.HER_WISH, manager.id)
    assert looked(world, filed, manager, unborn).context["unborn"] == []
    assert browser.get(f"{address}{one.id}/akhiri/").status_code == 404


def test_there_is_no_other_ground(world: World) -> None:
    filed, manager = case(world)
    mother = added(filed, manager, PersonRole.CLIENT, "Ayu Rekaan", age=24).person
    witness = added(filed, manager, PersonRole.WITNESS, "Saksi Rekaan").person
    viewer = world.viewer(manager)
    for whom, ground, says in (
        (mother, "pregnant", "hanya kalau"),
        (witness, "violence", "hanya untuk klien"),
    ):
        with acting(manager), pytest.raises(Refused, match=says):
            actions.record_unborn(
                viewer=viewer, dossier=filed.dossier, mother=whom, ground=ground, agreed=True, at=clock.now()
            )


def test_an_unborn_child_is_seen_by_who_reads_what_is_medical_and_by_no_partner(world: World) -> None:
    filed, manager = case(world)
    mother = added(filed, manager, PersonRole.CLIENT, "Ayu Rekaan", age=24).person
    viewer = world.viewer(manager)
    with acting(manager):
        actions.record_unborn(
            viewer=viewer,
            dossier=filed.dossier,
            mother=mother,
            ground=UnbornGround.TRAFFICKING,
            agreed=True,
            at=clock.now(),
        )
    companion = world.person(Role.COMPANION)
    put_on_team(world, filed, companion, Role.COMPANION)
    for section in (Section.FILE, Section.IDENTITY, Section.MEDICAL):
        world.grant(filed, world.hospital.id, section, writes=True)
    for who in (companion, world.person(Role.SUPERVISOR), world.person(Role.PARTNER_OFFICER)):
        with acting(who), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_unborn")
            assert cursor.fetchone() == (0,)
    assert looked(world, filed, companion, unborn) is None
    with acting(manager):
        assert Unborn.objects.count() == 1
