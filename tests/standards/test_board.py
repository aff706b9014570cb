"""The pages: who is shown figures, who is shown the cases behind them, and what a wall leaves to be seen."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from ruangaman.access.states import Role, Stage
from ruangaman.kernel import clock
from ruangaman.ledger.models import Entry
from ruangaman.ledger.states import Verb
from ruangaman.standards.policies import present
from tests.worlds import Filed, World

CODES = ["I.1", "II.2", "III.3", "III.4", "IV.5", "IV.5.s1", "IV.6", "V.7", "V.8"]


def page(
    world: World, role: str, code: str = "", organisation: Any = None, status: int = 200, **asked: str
) -> str:
    address = reverse("standards:indicator", args=[code]) if code else reverse("standards:board")
    client = world.client(world.person(role, organisation))
    answer = client.get(address, asked)
    assert answer.status_code == status, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def references(text: str) -> list[str]:
    return re.findall(r'href="/berkas/([^/]+)/"', text)


def wall(world: World, filed: Filed, person: UUID) -> None:
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [person, filed.dossier.id],
    )


def passed_on(world: World, filed: Filed) -> None:
    """Triage that passed the report to another agency."""
    head = world.person(Role.HEAD)
    world.rows(
        "INSERT INTO intake_triagemove "
        "(id, dossier_id, unit_id, stage, before, after, reason, decided_by_id, decided_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, 'received', 'other_agency', 'other_duty', %s, now() "
        "FROM access_dossier WHERE id = %s",
        [head.id, filed.dossier.id],
    )
    world.rows("UPDATE intake_report SET triage = 'other_agency' WHERE dossier_id = %s", [filed.dossier.id])


@pytest.mark.parametrize("role", [Role.HEAD, Role.SUPERVISOR, Role.ANALYST])
def test_every_indicator_stands_on_the_board_of_who_may_see_it(world: World, role: str) -> None:
    text = page(world, role)
    for code in [*CODES, "I.1.s1", "II.2.s4", "V.8.s1"]:
        assert f'"soft num">{code}</span>' in text, code
    assert "Peraturan Gubernur Jawa Barat 63/2014" in text


@pytest.mark.parametrize(
    "role", [r for r in Role.values if r not in (Role.HEAD, Role.SUPERVISOR, Role.ANALYST)]
)
def test_nobody_else_is_told_that_there_is_a_board(world: World, role: str) -> None:
    page(world, role, status=404)
    page(world, role, "I.1", status=404)


def test_whoever_has_not_signed_in_is_asked_to(world: World) -> None:
    assert world.client().get(reverse("standards:board")).status_code == 302


def test_a_figure_that_does_not_exist_is_not_nought(world: World) -> None:
    text = page(world, Role.HEAD)
    assert text.count("<strong>belum ada</strong>") == len(CODES)
    assert "0,00 %" not in text and "<svg" not in text


def test_a_figure_is_written_as_indonesia_writes_it(world: World) -> None:
    filed = [world.file() for _ in range(3)]
    passed_on(world, filed[0])
    text = page(world, Role.HEAD)
    assert "33,33 %" in text and "1 / 3 laporan" in text and "2 belum" in text
    assert 'width="67"' in text and 'x="198"' in text
    passed_on(world, filed[1])
    passed_on(world, filed[2])
    assert "tercapai" in page(world, Role.HEAD)


def test_the_units_own_count_of_health_says_that_the_agencys_is_not_there(world: World) -> None:
    assert page(world, Role.HEAD).count("Isian Dinas Kesehatan: belum ada.") == 1
    assert "Isian Dinas Kesehatan" in page(world, Role.HEAD, "II.2")


@pytest.mark.parametrize("code", [*CODES, "I.1.s1", "II.2.s4", "III.3.s1", "IV.5.s4", "IV.6.s1", "V.8.s1"])
def test_each_indicator_has_its_page_with_source_and_example(world: World, code: str) -> None:
    text = page(world, Role.ANALYST, code)
    for heading in ("Sumber", "Pengertian", "Definisi operasional", "Pembilang", "Penyebut", "Target", "Sumber data",
                    "Rujukan", "Langkah kegiatan", "Sumber daya manusia", "Contoh hitung dan ralat"):  # fmt: skip
        assert heading in text, heading
    assert "Lampiran D." in text and "tercetak" in text


def test_the_printed_the_defined_and_the_adopted_value_stand_side_by_side(world: World) -> None:
    text = page(world, Role.HEAD, "III.4")
    assert "tercetak 33,3 % · menurut definisinya 66,67 % · yang dipakai <strong>66,67 %</strong>" in text
    assert "Angka tercetak adalah bagian yang belum terlayani" in text


def test_an_unknown_indicator_is_not_found(world: World) -> None:
    page(world, Role.HEAD, "IX.9", status=404)


@pytest.mark.parametrize("asked", ["", "2026-3", "x", "99999", "-", "2026-1 OR 1=1"])
def test_a_period_that_is_none_counts_as_the_present_one(world: World, asked: str) -> None:
    assert page(world, Role.HEAD, periode=asked).count("periode masih berjalan") == 1


def test_a_period_that_is_over_does_not_run_any_more(world: World) -> None:
    world.file()
    text = page(world, Role.HEAD, periode="2020-2")
    assert "Semester II 2020" in text and "periode masih berjalan" not in text and "belum ada" in text


def test_the_head_opens_a_figure_up_to_its_cases(world: World) -> None:
    waiting, done = world.file(), world.file()
    passed_on(world, done)
    assert references(page(world, Role.HEAD, "I.1", lihat="belum")) == [waiting.reference]
    assert references(page(world, Role.SUPERVISOR, "I.1", lihat="sudah")) == [done.reference]
    assert references(page(world, Role.HEAD, "I.1")) == []


def test_looking_behind_a_figure_is_in_the_ledger_with_the_dossiers_shown(world: World) -> None:
    filed = world.file()
    page(world, Role.HEAD, "I.1")
    assert not Entry.objects.using("owner").filter(verb=Verb.DRILLED).exists()
    page(world, Role.HEAD, "I.1", lihat="belum")
    [entry] = Entry.objects.using("owner").filter(verb=Verb.DRILLED)
    assert entry.actor_id == world.person(Role.HEAD).id and entry.unit_id == world.unit.id
    assert (entry.fields_named, entry.objects_named) == (["I.1"], [filed.dossier.id])


def test_an_analyst_is_given_figures_and_opens_no_case(world: World) -> None:
    world.file()
    board = page(world, Role.ANALYST)
    assert "1 belum" in board and "#berkas" not in board
    for shown in ("belum", "sudah"):
        text = page(world, Role.ANALYST, "I.1", lihat=shown)
        assert references(text) == [] and "#berkas" not in text
    assert not Entry.objects.using("owner").filter(verb=Verb.DRILLED).exists()


def test_an_analyst_here_who_leads_another_unit_opens_no_case_here(world: World) -> None:
    world.file()
    both = world.person(Role.ANALYST)
    world.seat(both, world.other, Role.HEAD)
    asked = {"lihat": "belum", "unit": str(world.unit.id)}
    address = reverse("standards:indicator", args=["I.1"])
    assert references(world.client(both).get(address, asked).content.decode()) == []
    assert str(world.other.id) in world.client(both).get(address).content.decode()


def test_another_units_head_sees_that_unit_alone(world: World) -> None:
    world.file()
    for asked in ({}, {"unit": str(world.unit.id)}, {"unit": "x"}):
        text = page(world, Role.HEAD, "I.1", world.other, lihat="belum", **asked)
        assert references(text) == [] and "belum ada" in text and "Unit Lain" in text


def test_a_figure_counts_walled_cases_and_the_list_leaves_them_out(world: World) -> None:
    seen, hidden = world.file(), world.file()
    head = world.person(Role.HEAD)
    wall(world, hidden, head.id)
    text = page(world, Role.HEAD, "I.1", lihat="belum")
    assert "0 / 2 laporan" in text
    assert references(text) == [seen.reference]
    assert "Sebagian tidak ditampilkan." in text and hidden.reference not in text
    # The supervisor, who is not walled, sees both and is told of nothing hidden.
    other = page(world, Role.SUPERVISOR, "I.1", lihat="belum")
    assert set(references(other)) == {seen.reference, hidden.reference}
    assert "Sebagian tidak ditampilkan." not in other
    [entry] = Entry.objects.using("owner").filter(verb=Verb.DRILLED, actor_id=head.id)
    assert entry.objects_named == [seen.dossier.id]


def test_where_all_are_hidden_the_list_does_not_say_that_there_are_none(world: World) -> None:
    hidden = world.file()
    wall(world, hidden, world.person(Role.HEAD).id)
    text = page(world, Role.HEAD, "I.1", lihat="belum")
    assert references(text) == [] and "Sebagian tidak ditampilkan." in text
    assert "Tidak ada berkas di balik angka ini" not in text
    assert "Tidak ada berkas di balik angka ini" in page(world, Role.HEAD, "I.1", lihat="sudah")


def many(world: World, number: int, at: datetime) -> list[Filed]:
    return [world.file(at=at - timedelta(minutes=n)) for n in range(number)]


def test_a_long_list_is_paged_and_a_wall_makes_no_page_shorter(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ruangaman.standards import queries

    monkeypatch.setattr(queries, "PAGE", 3)
    filed = many(world, 8, clock.now())
    wall(world, filed[1], world.person(Role.HEAD).id)
    told = [f.reference for n, f in enumerate(filed) if n != 1]
    found: list[list[str]] = []
    client, address = world.client(world.person(Role.HEAD)), reverse("standards:indicator", args=["I.1"])
    further = f"?periode={present(clock.now())}&lihat=belum"
    while further:
        text = client.get(address + further).content.decode()
        found.append(references(text))
        assert "Sebagian tidak ditampilkan." in text
        older = re.search(r'rel="next" href="[^"]*?(\?[^"]+)"', text)
        further = older[1].replace("&amp;", "&") if older else ""
    assert found == [told[:3], told[3:6], told[6:]]


@pytest.mark.parametrize("mark", ["x", "~", "2026-01-01T00:00:00+00:00~x", "0001-01-01T00:00:00+14:00~x"])
def test_a_mark_that_is_none_begins_at_the_newest(world: World, mark: str) -> None:
    filed = world.file()
    assert references(page(world, Role.HEAD, "I.1", lihat="belum", sebelum=mark)) == [filed.reference]


def test_a_closed_case_is_listed_for_the_head(world: World) -> None:
    filed = world.file()
    world.move(filed, Stage.CLOSED)
    assert references(page(world, Role.HEAD, "I.1", lihat="belum")) == [filed.reference]


def test_the_pages_speak_english_too(world: World) -> None:
    client = world.client(world.person(Role.HEAD))
    client.cookies["bahasa"] = "en"
    text = client.get(reverse("standards:indicator", args=["III.4"])).content.decode()
    assert (
        "Spiritual guidance" in text
        and "66.67" in text
        and "The printed value is the share not served" in text
    )


@pytest.mark.parametrize("code", ["", "I.1", "V.7"])
def test_a_page_asks_few_questions_however_much_there_is(
    world: World, code: str, django_assert_max_num_queries: Any
) -> None:
    many(world, 5, clock.now())
    address = reverse("standards:indicator", args=[code]) if code else reverse("standards:board")
    client = world.client(world.person(Role.HEAD))
    # The counter's: at most three, and here the beginning and the end of a transaction.
    with django_assert_max_num_queries(12), django_assert_max_num_queries(5, using="counter"):
        assert client.get(address, {"lihat": "belum"}).status_code == 200


def test_clients_are_counted_by_who_they_are_each_once(world: World) -> None:
    """Source: seed 000 and 001 count women, girls and boys; care.md 13 and 22."""
    told = [
        ("f", "25-59", ""),
        ("f", "13-17", "grooming"),
        ("m", "6-12", ""),
        ("m", "25-59", ""),
        ("u", "", ""),
    ]
    for sex, band, online in told:
        client(world, sex, band, online)
    text = re.sub(r"<[^>]+>", " ", page(world, Role.ANALYST))
    text = re.sub(r"\s+", " ", text)
    for line in (
        "Perempuan dewasa 1 0",
        "Anak perempuan 1 1",
        "Anak laki-laki 1 0",
        "Laki-laki dewasa, dihitung tersendiri 1 0",
        "belum diketahui 1 0",
        "Jumlah 5 1",
    ):
        assert line in text, line
    assert "Jumlah" not in page(world, Role.HEAD, organisation=world.other)


def test_a_victim_of_two_linked_files_is_one(world: World) -> None:
    """peers.md, SIMFONI: parallel reports of one person give figures that don't agree."""
    first, second, third = (client(world, "f", "25-59", online) for online in ("", "grooming", ""))
    for one, other in ((first, second), (second, third)):
        world.rows(
            "INSERT INTO people_likeness (id, dossier_id, unit_id, stage, person_id, other_id, other_dossier_id, "
            "decision, why, decided_by_id, decided_at) SELECT gen_random_uuid(), p.dossier_id, p.unit_id, p.stage, "
            "p.id, q.id, q.dossier_id, 'same', '[]', %s, now() FROM people_person p, people_person q "
            "WHERE p.dossier_id = %s AND q.dossier_id = %s",
            [world.person(Role.SUPERVISOR).id, one.dossier.id, other.dossier.id],
        )
    assert "Perempuan dewasa 1 1" in words(page(world, Role.ANALYST))
    world.rows("UPDATE people_likeness SET undone_at = now(), undone_by_id = decided_by_id")
    assert "Perempuan dewasa 3 1" in words(page(world, Role.ANALYST))


def test_an_unborn_child_is_counted_apart(world: World) -> None:
    """care.md 13: counted apart, with the mother's yes; no more once she takes it back."""
    filed = client(world, "f", "25-59", "")
    assert "Anak dalam kandungan" not in page(world, Role.ANALYST)
    world.rows(
        "INSERT INTO people_unborn (id, dossier_id, unit_id, stage, mother_id, ground, recorded_by_id, recorded_at, "
        "ending) SELECT gen_random_uuid(), dossier_id, unit_id, stage, id, 'violence', %s, now(), '' "
        "FROM people_person WHERE dossier_id = %s",
        [world.person(Role.HEAD).id, filed.dossier.id],
    )
    text = words(page(world, Role.ANALYST))
    assert "Anak dalam kandungan, dihitung terpisah dari klien: 1" in text and "Jumlah 1 0" in text
    world.rows("UPDATE people_unborn SET ending = 'her_wish', ended_at = now()")
    assert "Anak dalam kandungan" not in page(world, Role.ANALYST)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def client(world: World, sex: str, band: str, online: str) -> Filed:
    filed = world.file(name="Nama Rekaan")
    world.rows(
        "UPDATE people_person SET sex = %s, age_band = %s WHERE dossier_id = %s",
        [sex, band, filed.dossier.id],
    )
    world.rows("UPDATE people_part SET role = 'client' WHERE dossier_id = %s", [filed.dossier.id])
    if online:
        world.rows(
            "INSERT INTO cases_incident (id, dossier_id, unit_id, stage, client_id, setting, online, penetration, "
            "recorded_by_id, recorded_at) "
            "SELECT gen_random_uuid(), dossier_id, unit_id, stage, id, 'online', %s, '', %s, now() "
            "FROM people_person WHERE dossier_id = %s",
            [online, world.person(Role.HEAD).id, filed.dossier.id],
        )
    return filed
