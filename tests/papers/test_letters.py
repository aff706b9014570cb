"""Letters: numbered, redacted by default, genuine for who asks, and never more than that."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from ruangaman.access.matrix import allows
from ruangaman.access.models import Grant
from ruangaman.access.states import Role, Section, Stage
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.states import Verb
from ruangaman.papers.actions import letters as actions
from ruangaman.papers.actions.letters import _next_serial
from ruangaman.papers.models import Letter, Paper, Series
from ruangaman.papers.policies.letters import FIELDS, FIELDS_OF, section_of
from ruangaman.papers.states import LetterKind
from tests.papers.lettering import (
    CLIENT,
    NIK,
    agreed,
    case_with_client,
    issued,
    pdf_of,
    text_of,
    with_letterhead,
)
from tests.worlds import World, acting

# Another letter like one that is there, in somebody's name.
COPY = (
    "INSERT INTO papers_letter SELECT (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(), "
    "'serial', 99, 'issued_by_id', %s::text, 'genuine_hash', '\\x01'))).* FROM papers_letter l"
)


def test_a_letter_bears_number_place_day_signer_and_recipient(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    letter = issued(world, filed, manager, kind="examination", copies=("Arsip",))
    said = text_of(pdf_of(world, letter, manager))
    assert re.fullmatch(r"001/SP/UPTD/[IVX]+/20\d\d", letter.number)
    for part in (
        letter.number,
        "Kota Contoh, ",
        "Yth. Direktur RS Contoh",
        "Contoh Pejabat",
        "NIP 1970",
        "Arsip",
    ):
        assert part in said
    assert filed.reference in said


def test_by_default_a_letter_to_who_holds_no_grant_names_nobody(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    for kind in ("examination", "referral", "summary"):
        said = text_of(pdf_of(world, issued(world, filed, manager, kind=kind), manager))
        assert CLIENT not in said and NIK not in said
        assert "Nama :" not in said  # the row is left out, not shown empty


def test_a_partner_is_told_what_a_live_grant_covers_and_nothing_once_it_has_ended(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    agreed(world, filed, manager, world.hospital)
    letter = issued(
        world, filed, manager, kind="referral", organisation=world.hospital.id, recipient=("RS Uji",)
    )
    assert letter.section == Section.REFERRAL
    assert CLIENT in text_of(pdf_of(world, letter, manager))
    Grant.objects.using("owner").filter(principal_id=world.hospital.id).update(withdrawn_at=clock.now())
    later = issued(
        world, filed, manager, kind="referral", organisation=world.hospital.id, recipient=("RS Uji",)
    )
    assert CLIENT not in text_of(pdf_of(world, later, manager))


def test_more_than_a_grant_covers_needs_a_reason_which_is_sealed_and_leaves_an_entry(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    more = {"kind": "examination", "extra": frozenset({"identity"})}
    with pytest.raises(Refused):
        issued(world, filed, manager, **more, reason="  ")
    letter = issued(world, filed, manager, **more, reason="Dokter memerlukan namanya.")
    assert CLIENT in text_of(pdf_of(world, letter, manager))
    assert b"Dokter" not in bytes(letter.reason or b"")
    rows = world.rows("SELECT fields_named FROM ledger_entry WHERE verb = %s", [Verb.LETTER_ISSUED])
    assert rows == [(["examination", "extra_identity", "file"],)]


def test_care_5_a_surat_tugas_carries_officer_number_and_kelurahan_never_victim_or_offence(
    world: World,
) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    tasks = {"kind": "assignment", "officer": ("Petugas Uji", "Pendamping korban"), "area": "Kelurahan Uji"}
    letter = issued(world, filed, manager, **tasks)
    said = text_of(pdf_of(world, letter, manager))
    assert "Petugas Uji" in said and "Kelurahan Uji" in said and letter.number in said
    for never in (CLIENT, NIK, filed.reference, "klien", "korban", "kekerasan", "kasus"):
        assert never.lower() not in said.lower()
    assert {FIELDS[field].section for field in FIELDS_OF["assignment"]} == {""}
    for more in (
        {"extra": frozenset({"identity"}), "reason": "perlu"},
        {"addition": CLIENT},
        {"recipient": (CLIENT,)},
        {"copies": (CLIENT,)},
    ):
        with pytest.raises(Refused):
            issued(world, filed, manager, **{**tasks, **more})


def test_whoever_reads_a_letter_may_read_all_that_it_can_tell() -> None:
    """A letter is one row: its section must not be wider than anything it holds. Walked over the matrix."""
    for kind in LetterKind:
        told = {FIELDS[field].section for field in FIELDS_OF[kind]} - {"", Section.REFERRAL}
        for to_partner in (False, True):
            lies_in = section_of(kind, to_partner=to_partner)
            for role in set(Role) - {Role.PARTNER_OFFICER}:  # who finds only what was written to it
                for stage in (Stage.INTAKE, Stage.CASE, Stage.CLOSED):
                    for reach in ("unit", "grant"):
                        if allows(role, reach, stage, lies_in, "r"):
                            assert all(allows(role, reach, stage, one, "r") for one in told), (
                                kind,
                                role,
                                stage,
                            )


def test_a_letter_that_is_refused_gives_its_number_back_and_leaves_no_file(
    world: World, tmp_path: object
) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    first = issued(world, filed, manager, kind="summary")
    with pytest.raises(Refused):
        issued(world, filed, manager, kind="summary", extra=frozenset({"identity"}))
    with pytest.raises(RuntimeError), acting(manager):
        _broken(world, filed, manager)
    again = issued(world, filed, manager, kind="summary")
    assert (first.serial, again.serial) == (1, 2)
    assert Series.objects.using("owner").get().last == 2
    assert Paper.objects.using("owner").count() == 2


def _broken(world: World, filed: object, manager: object) -> None:
    with transaction.atomic():
        issued(world, filed, manager, kind="summary")  # type: ignore[arg-type]
        raise RuntimeError


def test_a_double_click_issues_one_letter(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    same = new_id()
    assert (
        issued(world, filed, manager, same, kind="summary").id
        == issued(world, filed, manager, same, kind="summary").id
    )
    assert Letter.objects.using("owner").count() == 1


def test_without_a_letterhead_nothing_is_issued(world: World) -> None:
    filed, manager = case_with_client(world)
    with pytest.raises(Refused):
        issued(world, filed, manager, kind="summary")
    assert not Letter.objects.using("owner").exists()


def test_numbers_begin_again_with_the_year_and_each_unit_has_its_own(world: World) -> None:
    with acting(world.person(Role.HEAD)):
        assert [_next_serial(world.unit.id, year) for year in (2026, 2026, 2027)] == [1, 2, 1]
    with acting(world.person(Role.HEAD, world.other)):
        assert _next_serial(world.other.id, 2026) == 1


def test_nobody_moves_the_numbers_of_another_unit(world: World) -> None:
    with acting(world.person(Role.HEAD)):
        _next_serial(world.unit.id, 2026)
    for stranger in (world.person(Role.HEAD, world.other), world.person(Role.PARTNER_OFFICER)):
        with pytest.raises(DatabaseError), acting(stranger):
            _next_serial(world.unit.id, 2026)
    assert Series.objects.using("owner").get().last == 1


def test_a_partner_sees_letters_written_to_it_and_no_other(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    other = world.organisation("partner", "LBH Uji", "31")
    for partner in (world.hospital, other):
        agreed(world, filed, manager, partner)
    theirs = issued(
        world, filed, manager, kind="referral", organisation=world.hospital.id, recipient=("RS Uji",)
    )
    issued(world, filed, manager, kind="referral", organisation=other.id, recipient=("LBH Uji",))
    issued(world, filed, manager, kind="summary")
    officer = world.person(Role.PARTNER_OFFICER)
    with acting(officer):
        assert world.rows("SELECT id FROM papers_letter", using="default") == [(theirs.id,)]
        assert world.rows("SELECT id FROM papers_paper", using="default") == [(theirs.paper_id,)]
    page = world.client(officer).get(f"/surat/{theirs.id}/")
    assert page.status_code == 200 and theirs.number in page.content.decode()
    assert "Tidak dicantumkan" not in page.content.decode()  # what was left out is not theirs to know
    with pytest.raises(Refused):
        issued(world, filed, officer, kind="referral", organisation=world.hospital.id, recipient=("X",))
    with pytest.raises(DatabaseError, match="row-level security"), acting(officer):
        world.rows(COPY, [str(officer.id)], using="default")
    with acting(officer):
        world.rows("UPDATE papers_letter SET state = 'revoked', revoked_at = now()", using="default")
    assert Letter.objects.using("owner").get(id=theirs.id).state == "issued"


def test_what_a_letter_said_can_not_be_changed_by_any_statement(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    issued(world, filed, manager, kind="summary")
    for column in (
        "number = 'X'",
        "content = NULL",
        "genuine_hash = NULL",
        "serial = 9",
        "issued_at = now()",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), acting(manager):
            world.rows(f"UPDATE papers_letter SET {column}", using="default")


def test_the_square_says_genuine_then_taken_back_and_nothing_else(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    letter = issued(world, filed, manager, kind="summary", recipient=("Penerima Rahasia",))
    code = _code(text_of(pdf_of(world, letter, manager)))
    page = world.client().get(f"/asli/{code}/")
    said = page.content.decode()
    assert page.status_code == 200 and "Surat ini asli" in said and letter.number in said
    for never in (CLIENT, filed.reference, "Penerima Rahasia", "Ringkasan", str(letter.id), manager.name):
        assert never not in said
    assert "<title>Informasi Layanan</title>" in said
    world.client(manager).post(f"/surat/{letter.id}/tarik/")
    assert "sudah ditarik" in world.client().get(f"/asli/{code}/").content.decode()
    typed = world.client().post("/asli/", {"code": code.lower()})
    assert typed["Location"] == f"/asli/{code}/"
    unknown = world.client().get(f"/asli/{'A' * 26}/")
    assert unknown.status_code == 404 and "tidak kami kenal" in unknown.content.decode()


def _code(said: str) -> str:
    found = re.search(r"dengan kode ([A-Z2-7 -]+)\. Halaman", said)
    assert found, said
    code = re.sub(r"[- ]", "", found[1])  # a hyphen at the end of a line is not read back
    assert len(code) == 26
    return code


def test_only_the_hash_of_the_code_is_kept(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    letter = issued(world, filed, manager, kind="summary")
    code = _code(text_of(pdf_of(world, letter, manager)))
    rows = world.rows(
        "SELECT to_jsonb(l)::text FROM papers_letter l UNION SELECT to_jsonb(p)::text FROM papers_paper p"
    )
    assert not [row for (row,) in rows if code in row or code.encode().hex() in row]


def test_asking_too_often_is_answered_at_once_with_try_later(world: World) -> None:
    browser = world.client()
    answers = [browser.get(f"/asli/{'B' * 26}/").status_code for _time in range(62)]
    assert answers[:60] == [404] * 60 and answers[60:] == [429, 429]


def test_a_letter_is_taken_back_once_and_its_number_is_not_used_again(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    letter = issued(world, filed, manager, kind="summary")
    viewer = world.viewer(manager)
    with acting(manager):
        actions.revoke(viewer=viewer, letter=letter, at=clock.now())
    with pytest.raises(Refused), acting(manager):
        actions.revoke(viewer=viewer, letter=letter, at=clock.now() + timedelta(seconds=1))
    assert issued(world, filed, manager, kind="summary").serial == 2


def test_the_database_takes_no_letter_in_another_ones_name(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    issued(world, filed, manager, kind="summary")
    other = world.person(Role.HEAD)
    with pytest.raises(DatabaseError, match="row-level security"), acting(manager):
        world.rows(COPY, [str(other.id)], using="default")
    assert Letter.objects.using("owner").count() == 1
