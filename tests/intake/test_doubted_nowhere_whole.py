"""A number in doubt is no number to dial: nobody sees more than its end, on whatever page. Source: care.md 7."""

import re
from datetime import time
from typing import Any

import pytest

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role, Stage
from ruangaman.intake.actions import calling_back
from ruangaman.intake.actions.doubted import doubt_contact
from ruangaman.intake.models import Outreach, SafeContact
from ruangaman.intake.states import Means, OutreachPlace, OutreachResult, TriageReason
from ruangaman.intake.states.client import WishKind
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people import actions
from ruangaman.people.actions.contact import set_contact
from ruangaman.people.models import Contact, Person
from ruangaman.people.policies import Way, ends_of
from ruangaman.people.states import ContactMeans
from tests.intake.calling import asked, at_hour, reachable
from tests.intake.hers import Hers, client_of, hers, wish
from tests.intake.joining import answered, merge, send, taker
from tests.intake.reaching import begin, decide, end, plan
from tests.intake.together import text
from tests.worlds import Filed, World, acting

OLD, NEW = "0812-0000-1111", "0899-0000-2222"
ANY_HOUR = {"from_time": time(0), "until_time": time(23, 59, 59)}


def says(world: World, filed: Filed, person: Person, *, since: bool = False, **way: Any) -> None:
    by = world.person(Role.SUPERVISOR)
    viewer = world.viewer(by)
    told = {"means": ContactMeans.CALL, "address": OLD, "code_word": "teh manis", **way}
    with acting(by):
        set_contact(
            viewer=viewer, dossier=filed.dossier, person=person, way=Way(**told), at=clock.now(), spoken_since=since
        )  # fmt: skip


def opened(world: World, filed: Filed, role: str = Role.SUPERVISOR) -> str:
    return text(world.client(world.person(role)).post(f"/orang/{filed.reference}/kontak/buka/"))


def whole(page: str, number: str = OLD) -> bool:
    """Whether the number stands there, however it is written."""
    return re.sub(r"\D", "", number) in re.sub(r"(?<=\d)[\s.\-–]+(?=\d)", "", page)


def hers_told(world: World) -> Hers:
    made = hers(world, reachable(world, reporter_kind="victim", **ANY_HOUR), stage=Stage.INTAKE)
    says(world, made.filed, made.person)
    return made


# --- how much of it is shown ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "end"),
    [
        ("0812-0000-1111", "… 111"),
        ("+62 812 0000 1119", "… 119"),
        ("0812.0000.1111 (Bu Tuti), 0813-2222-3456", "… 111, … 456"),
        ("0812-0000-1111 atau 0813-9999-9111", "… 111"),
        ("@melati_contoh", ""),
        ("Lewat Bu Tuti di warung nomor 12", ""),
        ("112", ""),
        ("", ""),
    ],
)
def test_no_more_than_the_end_is_left_of_what_she_told(address: str, end: str) -> None:
    assert ends_of(address) == end


@pytest.mark.parametrize("role", [Role.INTAKE_OFFICER, Role.SUPERVISOR, Role.HEAD])
def test_care_7_nobody_opens_a_number_in_doubt_whatever_their_role(world: World, role: str) -> None:
    made = hers_told(world)
    assert whole(opened(world, made.filed, role))
    wish(made, WishKind.OTHER_CONTACT)

    page = opened(world, made.filed, role)
    assert not whole(page) and "teh manis" not in page
    assert "… 111" in page and "dikenali dari akhir nomornya" in page
    assert "Jangan menelepon, mengirim pesan, atau mengirim surat ke sini" in page
    assert "Tunggu pesannya, atau temui ia lewat penjangkauan" in page and "112" in page
    user = world.person(role)
    viewer = world.viewer(user)
    with acting(user):
        (one,) = actions.open_contact(viewer=viewer, dossier=made.filed.dossier, at=clock.now())
    assert (one.address, one.code_word, one.ends) == ("", "", "… 111")


def test_it_becomes_readable_again_only_as_she_herself_says_it(world: World) -> None:
    made = hers_told(world)
    wish(made, WishKind.OTHER_CONTACT)
    with pytest.raises(Refused, match="Bicaralah dulu dengannya"):
        says(world, made.filed, made.person)
    assert not whole(opened(world, made.filed))
    says(world, made.filed, made.person, since=True, address=NEW)
    page = opened(world, made.filed)
    assert whole(page, NEW) and not whole(page)
    kept = Contact.objects.using("owner").order_by("confirmed_at")[0]
    assert kept.doubted_at is not None and kept.address is not None, "it stays as it was, sealed"


# --- wherever else it was taken --------------------------------------------------------------------------------------


def test_a_planned_call_and_one_that_was_made_show_no_more_than_its_end(world: World) -> None:
    made = hers(world, world.file(reporter_kind="family"), stage=Stage.INTAKE)
    decide(world, made.filed)
    called = plan(world, made.filed, place_kind=OutreachPlace.CALL, place_name=f"{OLD}, ia sendiri")
    begin(world, called)
    end(world, called, OutreachResult.NOT_FOUND)
    in_her_hours = {"starts_at": at_hour(world, 10, days=1), "ends_at": at_hour(world, 11, days=1)}
    plan(world, made.filed, place_kind=OutreachPlace.CALL, place_name=f"{OLD}, ia sendiri", **in_her_hours)
    staff, file = world.client(world.person(Role.SUPERVISOR)), f"/berkas/{made.filed.reference}/"
    assert text(staff.get(file)).count(OLD) == Outreach.objects.using("owner").count() == 2
    wish(made, WishKind.OTHER_CONTACT)
    page = text(staff.get(file))
    assert not whole(page) and page.count("… 111") == 2
    assert page.count("Batalkan telepon ini") == 1, "what was made cannot be called off"


def test_so_does_a_call_planned_to_a_victim_who_doubts_it_by_the_code_of_her_report(world: World) -> None:
    filed = reachable(world, reporter_kind="victim", **ANY_HOUR)
    decide(world, filed, reason=TriageReason.CANNOT_COME)
    in_her_hours = {"starts_at": at_hour(world, 10, days=1), "ends_at": at_hour(world, 11, days=1)}
    plan(world, filed, place_kind=OutreachPlace.CALL, place_name=OLD, **in_her_hours)
    doubt_contact(dossier_id=filed.dossier.id, at=clock.now())
    page = text(world.client(world.person(Role.INTAKE_OFFICER)).get(f"/berkas/{filed.reference}/"))
    assert not whole(page) and "Batalkan telepon ini" in page


@pytest.mark.parametrize("merged_first", [True, False])
def test_what_she_told_in_one_file_closes_her_number_in_those_that_were_merged_with_it(
    world: World, merged_first: bool
) -> None:
    made, other = hers_told(world), reachable(world, reporter_kind="victim")
    says(world, other, client_of(world, other))
    assert whole(opened(world, other))
    if merged_first:
        merge(world, other, made.filed)
    wish(made, WishKind.OTHER_CONTACT)
    if not merged_first:
        merge(world, other, made.filed)
    page = opened(world, other)
    assert not whole(page) and "… 111" in page


def test_a_mothers_doubt_closes_the_number_of_her_child_that_was_told_before(world: World) -> None:
    made = hers_told(world)
    says(world, made.filed, client_of(world, made.filed, "Melati Anggraini"))
    wish(made, WishKind.OTHER_CONTACT)
    assert not whole(opened(world, made.filed))


def test_a_report_that_waits_in_another_unit_arrives_without_it(world: World) -> None:
    filed = reachable(world, reporter_kind="victim", **ANY_HOUR)
    sent = send(world, filed)
    doubt_contact(dossier_id=filed.dossier.id, at=clock.now())
    made = answered(world, sent, accept=True, answer="Kami terima.")
    assert made is not None
    assert not SafeContact.objects.using("owner").filter(dossier=made, means=Means.CALL).exists()
    page = text(world.client(taker(world)).post(f"/laporan/{made.reference}/kontak/buka/"))
    assert not whole(page) and "kopi susu" not in page


def test_nor_with_the_old_one_where_another_was_confirmed_meanwhile(world: World) -> None:
    from ruangaman.intake.actions.doubted import renew_contact

    filed = reachable(world, reporter_kind="victim", **ANY_HOUR)
    sent = send(world, filed)
    doubt_contact(dossier_id=filed.dossier.id, at=clock.now())
    user = world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(user)
    with acting(user):
        renew_contact(
            viewer=viewer, dossier=filed.dossier, means=Means.CALL, phone=NEW, code_word="", weekdays=127,
            from_time=None, until_time=None, spoken_since=True, at=clock.now(),
        )  # fmt: skip
    made = answered(world, sent, accept=True, answer="Kami terima.")
    assert made is not None
    assert not whole(text(world.client(taker(world)).post(f"/laporan/{made.reference}/kontak/buka/")))


@pytest.mark.parametrize("by_whom", ["by the code of the report", "by her own code"])
def test_a_unit_that_took_the_report_over_does_not_call_it_either(world: World, by_whom: str) -> None:
    made = hers(world, reachable(world, reporter_kind="victim", **ANY_HOUR), stage=Stage.INTAKE)
    there = answered(world, send(world, made.filed), accept=True, answer="Kami terima.")
    assert there is not None
    staff, page = world.client(taker(world)), f"/laporan/{there.reference}/kontak/buka/"
    assert whole(text(staff.post(page)))
    if by_whom == "by her own code":
        wish(made, WishKind.OTHER_CONTACT)
    else:
        doubt_contact(dossier_id=made.filed.dossier.id, at=clock.now())
    assert not whole(text(staff.post(page)))
    assert "tidak aman lagi" in text(staff.get(f"/berkas/{there.reference}/"))
    user = taker(world)
    viewer = world.viewer(user)
    with pytest.raises(Refused, match="tidak aman lagi"), acting(user):
        calling_back.ask_call_back(
            viewer=viewer, dossier=Dossier.objects.get(id=there.id), call_id=made.person.id, why="Rekaan.",
            wanted=clock.now(), at=clock.now(),
        )  # fmt: skip


def test_what_was_taken_over_from_somebody_apart_from_her_is_called_as_before(world: World) -> None:
    made = hers(world, reachable(world, reporter_kind="witness", **ANY_HOUR), stage=Stage.INTAKE)
    there = answered(world, send(world, made.filed), accept=True, answer="Kami terima.")
    assert there is not None
    wish(made, WishKind.OTHER_CONTACT)
    assert whole(text(world.client(taker(world)).post(f"/laporan/{there.reference}/kontak/buka/")))


def test_whether_a_parcel_is_safe_is_told_to_nobody_but_who_took_it(world: World) -> None:
    filed = reachable(world, **ANY_HOUR)
    sent = send(world, filed)
    ask = ("SELECT door.parcel_contact_safe(%s)", [sent.id])
    with acting(taker(world)):
        assert world.rows(*ask, using="default") == [(False,)]
    answered(world, sent, accept=True, answer="Kami terima.")
    with acting(taker(world)):
        assert world.rows(*ask, using="default") == [(True,)]
    with acting(world.person(Role.HEAD)):
        assert world.rows(*ask, using="default") == [(False,)]


# --- and on no page besides ------------------------------------------------------------------------------------------


def test_no_page_paper_or_list_shows_a_number_in_doubt(world: World) -> None:
    made = hers_told(world)
    call = asked(world, made.filed)
    wish(made, WishKind.OTHER_CONTACT)
    reference = made.filed.reference
    pages = (
        f"/berkas/{reference}/",
        "/",
        "/laporan/",
        "/hari-ini/",
        "/menelepon/",
        f"/menelepon/{call.id}/",
        f"/laporan/{reference}/hubungi/",
        f"/laporan/{reference}/penjangkauan/",
        f"/laporan/{reference}/rujuk-daerah/",
        f"/laporan/{reference}/kontak/",
        f"/orang/{reference}/kontak/",
        "/buku/",
        "/tiket/",
        "/piket/serah/",
        f"/persetujuan/{reference}/cetak/",
        f"/surat/{reference}/baru/consent_form/",
    )
    seen = 0
    for role in (Role.INTAKE_OFFICER, Role.SUPERVISOR, Role.HEAD):
        staff = world.client(world.person(role))
        for page in pages:
            answer = staff.get(page)
            assert not whole(text(answer)), (role, page)
            seen += answer.status_code == 200
        for page in (f"/menelepon/{call.id}/", f"/laporan/{reference}/kontak/buka/"):
            assert not whole(text(staff.post(page, {"go": "open"}))), (role, page)
    assert seen > 2 * len(pages), "most of them are pages that somebody may read"
