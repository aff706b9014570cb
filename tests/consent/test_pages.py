"""Asking for consent on the page: several services at once, in plain words, each bad answer told beside its field."""

from typing import Any

import pytest

from ruangaman.access.states import Role
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Answer, Assent, Basis, Service
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.ids import new_id
from tests.consent.answers import Case, girl, woman
from tests.people.people import put_on_team
from tests.worlds import World, acting


def send(one: Case, by: Any = None, **fields: Any) -> Any:
    typed = {
        "first_id": str(new_id()),
        "services": ["medical"],
        "recipient": "",
        "answer": "given",
        "basis": "guardian",
        "assent": "given",
        "method": "signed",
        "understood": "well",
        "until": "2099-01-01",
        **fields,
    }
    if typed["until"] == "2099-01-01":
        page = one.world.client(by or one.manager).get(f"/persetujuan/{one.filed.reference}/")
        typed["until"] = page.context["form"]["until"].value().isoformat()
    return one.world.client(by or one.manager).post(f"/persetujuan/{one.filed.reference}/", typed)


def test_five_services_are_answered_at_once_and_once_however_often_it_is_sent(world: World) -> None:
    one = girl(world)
    services = ["medical", "psychological", "legal", "spiritual", "reintegration"]
    same = str(new_id())
    for _ in range(2):
        sent = send(one, first_id=same, services=services, wish="Ingin tetap sekolah.")
        assert sent.headers["Location"] == f"/berkas/{one.filed.reference}/"
    rows = Consent.objects.using("owner").all()
    assert {row.service for row in rows} == set(services)
    assert len(rows) == 5
    assert {(row.basis, row.assent, row.recipient_id) for row in rows} == {
        (Basis.GUARDIAN, Assent.GIVEN, None)
    }
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'consent_recorded'") == [(5,)]
    assert all(b"sekolah" not in bytes(row.wish or b"") for row in rows)
    from ruangaman.access.queries import key_of

    with acting(one.manager):
        key = key_of(one.filed.dossier.id, "plan")
        assert key is not None
        assert {unseal(row, "wish", key) for row in Consent.objects.all()} == {"Ingin tetap sekolah."}


def test_a_partner_is_asked_about_one_service_at_a_time(world: World) -> None:
    one = girl(world)
    sent = send(one, services=["medical", "legal"], recipient=str(world.hospital.id))
    assert "satu layanan" in str(sent.context["form"].errors["services"])
    assert send(one, recipient=str(world.hospital.id), also=["narrative"]).status_code == 302
    assert one.granted(world.hospital) == {"file", "identity", "referral", "medical", "narrative"}


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"services": []}, "services", "paling sedikit satu"),
        ({"services": ["made up"]}, "services", "tidak ada di daftar"),
        ({"answer": ""}, "answer", "Pilih salah satu"),
        ({"until": ""}, "until", "sampai kapan"),
        ({"until": "31-02-2027"}, "until", "tanggal yang ada"),
        ({"method": "spoken"}, "witness", "saksi"),
        ({"also": ["parties"]}, "also", "tidak pernah dibagikan"),
        ({"also": ["narrative"]}, "recipient", "Pilih lembaga"),
        ({"recipient": "7d1b8a8e-0000-7000-8000-000000000000"}, "recipient", "tidak ada di daftar"),
        ({"basis": "best_interest"}, "basis", "tidak ada di daftar"),
        ({"assent": "refused"}, "__all__", "Anak belum setuju"),
        ({"basis": "client"}, "__all__", "keduanya diperlukan"),
        ({"until": "2020-01-01"}, "__all__", "satu tanggal di depan"),
    ],
)
def test_a_bad_answer_is_told_and_everything_typed_is_kept(
    world: World, fields: dict[str, Any], field: str, says: str
) -> None:
    one = girl(world)
    sent = send(one, wish="Ingin tetap sekolah.", **fields)
    assert sent.status_code == 400
    assert says in str(sent.context["form"].errors[field])
    assert "Ingin tetap sekolah." in sent.content.decode()
    assert not Consent.objects.using("owner").exists()


def test_the_unit_of_somebody_else_is_no_partner(world: World) -> None:
    one = girl(world)
    assert send(one, recipient=str(world.other.id)).status_code == 400


def test_the_words_that_are_read_out_are_on_the_page_and_nothing_is_red(world: World) -> None:
    one = girl(world)
    page = world.client(one.manager).get(f"/persetujuan/{one.filed.reference}/?layanan=legal")
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "berubah pikiran kapan saja",
        "batas waktunya",
        "Kami menjaga rahasiamu",
        "umurmu belum 18",
    ):
        assert words in text
    assert "error" not in text
    assert page.context["form"]["services"].value() == ["legal"]


def test_an_adult_is_asked_neither_for_a_guardian_nor_for_assent(world: World) -> None:
    one = woman(world)
    form = world.client(one.manager).get(f"/persetujuan/{one.filed.reference}/").context["form"]
    assert not {"basis", "assent"} & set(form.fields)
    # A form made by hand decides for nobody either.
    assert send(one, basis="best_interest", assent="given").status_code == 302
    row = Consent.objects.using("owner").get()
    assert (row.basis, row.assent, row.given_by_id) == (Basis.CLIENT, "", one.client.id)


def test_only_a_supervisor_decides_by_best_interest_and_ends_it(world: World) -> None:
    one = girl(world, with_guardian=False)
    assert (
        "belum punya wali"
        in world.client(one.manager).get(f"/persetujuan/{one.filed.reference}/").content.decode()
    )
    assert send(one, basis="best_interest").status_code == 400
    supervisor = world.person(Role.SUPERVISOR)
    assert send(one, by=supervisor, basis="best_interest").status_code == 302
    consent = Consent.objects.using("owner").get()
    address = f"/persetujuan/{consent.id}/tarik/"
    assert world.client(one.manager).post(address, {"word_of": "client"}).status_code == 400
    assert world.client(one.manager).post(address, {"word_of": "best_interest"}).status_code == 400
    assert world.client(supervisor).post(address, {"word_of": "best_interest"}).status_code == 302
    assert Consent.objects.using("owner").get().withdrawn_at


def test_a_guardian_can_not_withdraw_medical_care_on_the_page(world: World) -> None:
    one = girl(world)
    consent = one.answer(Service.MEDICAL, recipient=world.hospital)
    sent = world.client(one.manager).post(f"/persetujuan/{consent.id}/tarik/", {"word_of": "guardian"})
    assert sent.status_code == 400
    assert "Wali tidak bisa menarik" in sent.content.decode()
    assert "medical" in one.granted(world.hospital)


def test_the_page_of_a_withdrawal_says_who_loses_what_and_changes_nothing_itself(world: World) -> None:
    one = woman(world)
    consent = one.answer(Service.MEDICAL, recipient=world.hospital)
    page = world.client(one.manager).get(f"/persetujuan/{consent.id}/tarik/").content.decode()
    assert "RS Uji" in page
    for label in ("Kesehatan", "Identitas klien", "Nomor berkas"):
        assert label in page
    assert "medical" in one.granted(world.hospital)


@pytest.mark.parametrize(
    "role", [Role.HEAD, Role.PSYCHOLOGIST, Role.PARTNER_OFFICER, Role.ANALYST, Role.COMPANION]
)
def test_who_may_not_write_the_plan_reaches_neither_page(world: World, role: str) -> None:
    one = woman(world)
    consent = one.answer(Service.MEDICAL, recipient=world.hospital)
    person = world.person(role)
    if role == Role.PSYCHOLOGIST:
        put_on_team(world, one.filed, person, role)
    for address in (f"/persetujuan/{one.filed.reference}/", f"/persetujuan/{consent.id}/tarik/"):
        assert world.client(person).get(address).status_code == 404
        assert world.client(person).post(address, {"word_of": "client"}).status_code == 404
    assert Consent.objects.using("owner").get().withdrawn_at is None


def test_without_a_client_nobody_consents(world: World) -> None:
    from tests.people.people import case

    filed, manager = case(world)
    one = Case(world, filed, manager, None)  # type: ignore[arg-type]
    sent = send(one)
    assert sent.status_code == 400
    assert "Catat dulu kliennya" in sent.content.decode()
    assert Answer.GIVEN not in Consent.objects.using("owner").values_list("answer", flat=True)
