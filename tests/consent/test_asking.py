"""Who answers today, whether it was understood, and who may stand by. Source: care.md 10 to 13, 23."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.clocks.models import Clock
from ruangaman.consent.models import Consent
from ruangaman.consent.policies.wording import VERSION
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service, Understood
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.ids import new_id
from ruangaman.papers.models import Paper
from ruangaman.people.states import PersonRole, Relation
from tests.consent.answers import Case, girl, set_born, woman
from tests.consent.test_pages import send
from tests.papers.makings import picture
from tests.people.people import added, case, guardian
from tests.worlds import World, acting


def test_an_interpreter_is_named_sealed_and_decides_nothing(world: World) -> None:
    """care.md 23: disability with an interpreter; care.md 11: it never moves consent to somebody else."""
    one = woman(world)
    sent = send(one, understood="helped", helper="")
    assert "nama juru bahasa" in str(sent.context["form"].errors["helper"])
    assert send(one, understood="helped", helper="Juru Bahasa Rekaan").status_code == 302
    row = Consent.objects.using("owner").get()
    assert (row.understood, row.basis, row.given_by_id) == (Understood.HELPED, Basis.CLIENT, one.client.id)
    assert row.words == VERSION
    assert b"Rekaan" not in bytes(row.helper or b"")
    with acting(one.manager):
        key = key_of(one.filed.dossier.id, Section.PLAN)
        assert key is not None
        assert unseal(Consent.objects.get(), "helper", key) == "Juru Bahasa Rekaan"


def test_a_yes_that_was_not_understood_is_none_and_a_no_is_always_heard(world: World) -> None:
    one = woman(world)
    sent = send(one, understood="not_yet")
    assert "Jelaskan lagi dengan cara lain" in str(sent.context["form"].errors["__all__"])
    assert send(one, understood="not_yet", answer="refused", until="").status_code == 302
    assert list(Consent.objects.using("owner").values_list("answer", flat=True)) == [Answer.REFUSED]


def test_nobody_can_be_made_to_answer_for_an_adult_who_does_not_understand_yet(world: World) -> None:
    """care.md 11: disability never moves consent to a guardian; nor does the supervisor decide for an adult."""
    one = woman(world)
    for basis in (Basis.GUARDIAN, Basis.BEST_INTEREST):
        with pytest.raises(Refused, match="memutuskan sendiri"):
            one.answer(by=world.person(Role.SUPERVISOR), basis=basis, understood=Understood.NOT_YET)


@pytest.mark.parametrize("role", [PersonRole.REPORTED, PersonRole.KEPT_OUT])
@pytest.mark.parametrize("field", ["witness", "helper"])
def test_who_is_reported_or_must_not_know_neither_bears_witness_nor_helps(
    world: World, role: PersonRole, field: str
) -> None:
    """care.md 10, 12; under another spelling too. The page does not say which of the two he is."""
    one = woman(world)
    added(one.filed, one.manager, role, "Soeharto Rekaan", relation=Relation.OTHER_FAMILY)
    ways = {"witness": {"method": Method.SPOKEN}, "helper": {"understood": Understood.HELPED}}
    with pytest.raises(Refused, match="Pilih orang lain") as no:
        one.answer(**{**ways[field], field: "Suharto Rekaan"})
    assert not {"terlapor", "tidak boleh tahu"} & {word.lower() for word in str(no.value.message).split()}
    one.answer(**{**ways[field], field: "Orang Lain Samasekali"})


def test_who_has_turned_eighteen_since_the_report_answers_alone(world: World) -> None:
    """care.md 13; ADR-0016: age at report decides who is counted as a child, the law of capacity who answers today."""
    one = girl(world)
    born_eighteen_years_ago(one)
    page = world.client(one.manager).get(f"/persetujuan/{one.filed.reference}/")
    assert not {"basis", "assent"} & set(page.context["form"].fields)
    assert "Dalam hitungan tetap anak" in page.content.decode()
    assert "umurmu belum 18" not in page.content.decode()
    with pytest.raises(Refused, match="memutuskan sendiri"):
        one.answer(basis=Basis.GUARDIAN)
    assert send(one).status_code == 302
    assert Consent.objects.using("owner").get().given_by_id == one.client.id
    assert one.client.age_band == "13-17"


def born_eighteen_years_ago(one: Case) -> None:
    """Her birthday was yesterday; her report was a year before."""
    on = timezone.localdate() - timedelta(days=1)
    set_born(one, on.replace(year=on.year - 18, day=min(on.day, 28)))


def test_what_a_guardian_gave_ends_on_the_eighteenth_birthday(world: World) -> None:
    one = girl(world)
    birthday = timezone.localdate() + timedelta(days=20)
    set_born(one, birthday.replace(year=birthday.year - 18, day=min(birthday.day, 28)))
    birthday = birthday.replace(day=min(birthday.day, 28))
    consent = one.answer(recipient=world.hospital, days=90)
    assert consent.until == timezone.make_aware(datetime.combine(birthday, time.min))
    best = one.answer(Service.SHELTER, by=world.person(Role.SUPERVISOR), basis=Basis.BEST_INTEREST, days=90)
    assert best.until == consent.until
    grants = world.rows("SELECT DISTINCT until FROM access_grant WHERE source = 'consent'")
    assert grants == [(consent.until,)]


def family(world: World) -> tuple[Case, Any, Any]:
    """A file of two: a woman and her daughter, whose aunt stands for her."""
    one = woman(world)
    child = added(one.filed, one.manager, PersonRole.CLIENT, "Putri Rekaan", age=9).person
    guardian(world, one.filed, one.manager, child, "Dewi Contoh", Relation.AUNT_UNCLE)
    return one, one.client, child


def test_of_several_clients_each_answers_or_has_a_guardian_of_her_own(world: World) -> None:
    one, mother, child = family(world)
    form = world.client(one.manager).get(f"/persetujuan/{one.filed.reference}/").context["form"]
    assert [value for value, _called in form.fields["client"].choices] == [str(mother.id), str(child.id)]
    sent = send(one, client=str(child.id), basis="", assent="")
    assert "belum 18 tahun" in str(sent.context["form"].errors["basis"])
    assert send(one, client=str(child.id), recipient=str(world.hospital.id)).status_code == 302
    assert send(one, client=str(mother.id), recipient=str(world.hospital.id)).status_code == 302
    rows = {row.client_id: row for row in Consent.objects.using("owner").select_related("given_by")}
    assert (rows[mother.id].basis, rows[mother.id].given_by_id) == (Basis.CLIENT, mother.id)
    assert (rows[child.id].basis, rows[child.id].assent) == (Basis.GUARDIAN, Assent.GIVEN)
    assert rows[child.id].given_by_id not in (mother.id, child.id)


def test_the_guardian_of_one_child_answers_for_no_other(world: World) -> None:
    one, _mother, _child = family(world)
    other = added(one.filed, one.manager, PersonRole.CLIENT, "Bintang Rekaan", age=11).person
    text = world.client(one.manager).get(f"/persetujuan/{one.filed.reference}/").content.decode()
    assert "belum punya wali pendamping: B. R." in text
    one.client = other
    with pytest.raises(Refused, match="Belum ada wali"):
        one.answer(basis=Basis.GUARDIAN, assent=Assent.GIVEN)


def test_whoever_is_no_client_agrees_to_nothing(world: World) -> None:
    one = woman(world)
    one.client = added(one.filed, one.manager, PersonRole.HOUSEHOLD, "Kakak Rekaan", age=30).person
    with pytest.raises(Refused, match="bukan klien"):
        one.answer(recipient=world.hospital)


def clocks(one: Case) -> list[Clock]:
    rows = Clock.objects.using("owner").filter(
        dossier_id=one.filed.dossier.id, code="consent-ends", ended_at=None
    )
    return list(rows.order_by("due_at"))


def test_one_clock_for_each_client_tells_of_the_first_that_ends(world: World) -> None:
    one = woman(world)
    later = one.answer(Service.LEGAL, days=90)
    sooner = one.answer(Service.MEDICAL, days=30)
    assert [(c.about, c.due_at) for c in clocks(one)] == [(one.client.id, sooner.until)]
    one.withdraw(sooner)
    assert [c.due_at for c in clocks(one)] == [later.until]
    one.answer(Service.LEGAL, Answer.REFUSED, until=None)
    assert clocks(one) == []


def test_a_sheet_to_be_scanned_is_missed_until_it_is_attached(world: World) -> None:
    one = woman(world)
    consent = one.answer(method=Method.SCAN)
    client = world.client(one.manager)
    page = client.get(f"/berkas/{one.filed.reference}/").content.decode()
    address = f"/dokumen/{one.filed.reference}/lampirkan/?persetujuan={consent.id}"
    assert "pindaian belum dilampirkan" in page
    assert address in page
    form = client.get(address).context["form"]
    assert form["consent"].value() == consent.id
    file = SimpleUploadedFile("lembar.jpg", picture(), content_type="image/jpeg")
    told = {"file": file, "consent": str(consent.id), "origin": "client", "paper_id": str(new_id())}
    whole = f"/unggah/utuh/{one.filed.reference}/"
    assert client.post(whole, {**told, "kind": "photo"}).status_code == 400, "a sheet is kept as what it is"
    file.seek(0)
    assert client.post(whole, {**told, "kind": "consent"}).status_code == 302
    assert Paper.objects.using("owner").get().consent_id == consent.id
    assert "pindaian belum dilampirkan" not in client.get(f"/berkas/{one.filed.reference}/").content.decode()


def test_the_sheet_to_sign_bears_no_name_and_no_number_and_warns_of_paper(world: World) -> None:
    """care.md 7: paper only if it is safe to have."""
    one = woman(world)
    client = world.client(one.manager)
    warned = client.get(f"/persetujuan/{one.filed.reference}/cetak/").content.decode()
    assert "disimpan di unit" in warned
    assert "Klien bilang kertas aman" not in warned
    sheet = client.get("/persetujuan/lembar/").content.decode()
    for word in (one.filed.reference, "Ayu", "Ruang Aman", "Unit Uji", "kekerasan"):
        assert word not in sheet
    assert "Kamu boleh berhenti kapan saja" in sheet


def test_an_answer_is_given_anew_with_what_was_agreed_to_before_filled_in(world: World) -> None:
    one = woman(world)
    consent = one.answer(recipient=world.hospital, also=[Section.NARRATIVE, Section.SUPPORT])
    page = world.client(one.manager).get(f"/persetujuan/{one.filed.reference}/?ubah={consent.id}")
    form = page.context["form"]
    assert form["services"].value() == [Service.MEDICAL]
    assert form["recipient"].value() == str(world.hospital.id)
    assert form["also"].value() == ["narrative", "support"]
    assert send(one, recipient=str(world.hospital.id), also=["support"]).status_code == 302
    assert "narrative" not in one.granted(world.hospital)
    assert "support" in one.granted(world.hospital)


@pytest.mark.parametrize("made_up", ["x", "7d1b8a8e-0000-7000-8000-000000000000"])
def test_an_address_that_names_no_answer_of_this_file_fills_in_nothing(world: World, made_up: str) -> None:
    one = woman(world)
    page = world.client(one.manager).get(f"/persetujuan/{one.filed.reference}/?ubah={made_up}")
    assert page.status_code == 200
    assert page.context["form"]["also"].value() is None


def test_a_form_whose_id_was_changed_is_refused_and_writes_nothing(world: World) -> None:
    one = woman(world)
    other_filed, other_manager = case(world)
    other = Case(
        world, other_filed, other_manager, added(other_filed, other_manager, PersonRole.CLIENT, age=30).person
    )
    theirs = other.answer()
    sent = send(one, first_id=str(theirs.id))
    assert "Buka halamannya lagi" in str(sent.context["form"].errors["__all__"])
    assert Consent.objects.using("owner").filter(dossier=one.filed.dossier).count() == 0
