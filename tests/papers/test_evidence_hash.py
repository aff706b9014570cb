"""Online violence is registered by digest: nobody looks, a sexual image of a child has no way in (care.md 14)."""

import hashlib
from typing import Any

import pytest
from django.urls import reverse

from ruangaman.access.states import Role
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.papers.policies.evidence import normal_digest
from tests.papers.evidences import chain_by_id, companion_of
from tests.worlds import Filed, World

DIGEST = hashlib.sha256(b"rekaan").hexdigest()
FORM = {
    "digest": DIGEST,
    "kind": "recording",
    "origin": "client",
    "name": "video yang diancamkan",
    "platform": "Aplikasi Rekaan",
    "address": "rekaan.example/akun-rekaan",
    "seen_on": "2026-11-02",
}


def page(filed: Filed) -> str:
    return reverse("papers:register_hash", args=[filed.reference])


def form(**other: Any) -> dict[str, Any]:
    return {**FORM, "row_id": str(new_id()), **other}


def test_a_digest_is_registered_sealed_and_there_is_no_file_to_open(world: World) -> None:
    filed = world.file()
    hers = world.client(companion_of(world, filed))
    answer = hers.post(page(filed), form(digest=" ".join((DIGEST[:32].upper(), DIGEST[32:]))))
    assert answer.status_code == 302
    shown = hers.get(answer.url).content.decode()
    assert DIGEST in shown
    assert "Aplikasi Rekaan" in shown
    assert "Tidak ada gambar atau rekaman di sini" in shown
    ((paper, state, size, pieces, *sealed),) = world.rows(
        "SELECT id, state, size, pieces, name, note, digest FROM papers_paper"
    )
    assert (state, size, pieces) == ("hash_only", 0, 0)
    for value in sealed:
        assert b"Rekaan" not in bytes(value)
        assert DIGEST.encode() not in bytes(value)
    assert chain_by_id(world, paper) == ["registered"]
    for name in ("open_evidence", "check_evidence"):
        assert hers.post(reverse(f"papers:{name}", args=[paper])).status_code == 409
    assert (
        hers.post(reverse("papers:ask_opening", args=[paper]), {"reason": "ingin lihat"}).status_code == 409
    )
    assert chain_by_id(world, paper) == ["registered"]


def test_the_page_says_what_is_never_asked_for_and_where_to_hand_it_and_takes_no_file(world: World) -> None:
    filed = world.file()
    hers = world.client(companion_of(world, filed))
    shown = hers.get(page(filed)).content.decode()
    assert "Gambar seksual anak tidak pernah diminta, dibuka, disimpan, atau dikirim." in shown
    assert "UPPA" in shown
    assert "Siber" in shown
    assert 'type="file"' not in shown, "the field that the script adds has no name and is never sent"
    assert "multipart" not in shown


def test_the_same_digest_in_the_file_is_told_and_in_another_file_is_not(world: World) -> None:
    filed, other = world.file(), world.file()
    first, second = (world.client(companion_of(world, one)) for one in (filed, other))
    said = "Sidik yang sama sudah tercatat di berkas ini"
    assert said not in first.post(page(filed), form(), follow=True).content.decode()
    assert said not in second.post(page(other), form(), follow=True).content.decode()
    assert said in first.post(page(filed), form(), follow=True).content.decode()


def test_a_form_that_is_sent_twice_registers_once_and_keeps_what_was_typed(world: World) -> None:
    filed = world.file()
    hers, once = world.client(companion_of(world, filed)), form()
    assert hers.post(page(filed), once).status_code == 302
    again = hers.post(page(filed), once)
    assert again.status_code == 409
    assert "video yang diancamkan" in again.content.decode()
    assert world.rows("SELECT count(*) FROM papers_paper") == [(1,)]


@pytest.mark.parametrize(
    "text", ["", "abc", DIGEST[:-1], DIGEST + "0", "g" * 64, "https://rekaan.example/gambar.jpg"]
)
def test_what_is_no_digest_is_said_beside_the_field(world: World, text: str) -> None:
    filed = world.file()
    answer = world.client(companion_of(world, filed)).post(page(filed), form(digest=text))
    assert answer.status_code == 400
    assert world.rows("SELECT 1 FROM papers_paper") == []


def test_a_digest_is_read_as_tools_write_it() -> None:
    colons = ":".join(DIGEST[at : at + 2] for at in range(0, 64, 2)).upper()
    assert normal_digest(colons) == normal_digest(f" {DIGEST}\n") == DIGEST
    with pytest.raises(Refused, match="64 angka"):
        normal_digest("ａ" * 64)


def test_who_does_not_write_the_story_registers_nothing(world: World) -> None:
    filed = world.file()
    companion_of(world, filed)
    for role in (Role.HEAD, Role.SUPERVISOR, Role.INTAKE_OFFICER, Role.PARTNER_OFFICER):
        assert world.client(world.person(role)).post(page(filed), form()).status_code == 404, role
    assert world.rows("SELECT 1 FROM papers_paper") == []
