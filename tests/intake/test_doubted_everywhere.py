"""What other rooms do with a contact that is not safe any more: no reminder, no paper, no quiet "still the same"."""

from dataclasses import replace
from datetime import time
from urllib.parse import urlparse

import pytest

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.agenda import duties
from ruangaman.agenda.actions import reminders
from ruangaman.intake.states.client import WishKind
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions
from ruangaman.people.models import Contact, Person
from ruangaman.people.policies import Way
from ruangaman.people.states import ContactMeans
from tests.agenda.booked import Case, case
from tests.intake.hers import Hers, give_code, wish
from tests.worlds import World, acting

SAFE = Way(
    ContactMeans.MESSAGE, address="0812-0000-1111", code_word="kopi susu", from_time=time(9), until_time=time(11),
    reminders_safe=True, paper_safe=True,
)  # fmt: skip
FORM = {"means": "message", "weekdays": ["0", "1", "2"], "from_time": "", "until_time": ""}


def her_code(story: Case) -> Hers:
    code = give_code(story.world, story.filed, story.client)
    return Hers(story.filed, story.client, code, story.companion)


def says(story: Case, person: Person | None = None, *, spoken_since: bool = False, way: Way = SAFE) -> None:
    viewer = story.viewer()
    with acting(story.manager):
        actions.set_contact(
            viewer=viewer, dossier=story.filed.dossier, person=person or story.client, way=way, at=clock.now(),
            spoken_since=spoken_since,
        )  # fmt: skip


def reminded(story: Case, who: User | None = None) -> list[str]:
    user = who or story.manager
    viewer = story.viewer(user)
    with acting(user):
        return [urlparse(one.url).path for one in duties.remind(viewer, story.at(6, 10), 100)]


def test_care_7_no_reminder_goes_to_a_contact_in_doubt(world: World) -> None:
    story = case(world)
    says(story)
    made = story.book(story.client)
    page = f"/agenda/ingatkan/{made.id}/"
    assert reminded(story) == [page]
    hers = her_code(story)
    wish(hers, WishKind.OTHER_CONTACT)

    assert reminded(story) == []
    assert world.client(story.manager).get(page).status_code == 404
    viewer = story.viewer()
    with pytest.raises(Refused, match="Jangan hubungi klien"), acting(story.manager):
        reminders.remind(viewer=viewer, booking_id=made.id, at=story.at(6, 10))
    says(story, spoken_since=True, way=replace(SAFE, address="0899-0000-2222"))
    assert reminded(story) == [page]


def test_care_7_no_paper_goes_home_while_her_contact_is_in_doubt(world: World) -> None:
    story = case(world)
    says(story)
    staff, page = world.client(story.manager), f"/persetujuan/{story.filed.reference}/cetak/"
    assert "Klien bilang kertas aman" in staff.get(page).content.decode()
    wish(her_code(story), WishKind.OTHER_CONTACT)
    shown = staff.get(page).content.decode()
    assert "Klien bilang kertas aman" not in shown and "hanya untuk disimpan di unit" in shown
    letter = staff.get(f"/surat/{story.filed.reference}/baru/consent_form/").content.decode()
    assert "jangan dikirim, dititipkan, atau ditembuskan ke rumahnya" in letter


def test_care_7_still_the_same_is_no_answer_to_not_safe_any_more(world: World) -> None:
    story = case(world)
    says(story)
    staff, file = world.client(story.manager), f"/berkas/{story.filed.reference}/"
    confirm = f"/orang/{story.filed.reference}/kontak/pastikan/"
    assert confirm in staff.get(file).content.decode()
    wish(her_code(story), WishKind.OTHER_CONTACT)

    shown = staff.get(file).content.decode()
    assert confirm not in shown and "ia sendiri yang memberi tahu" in shown
    answer = staff.post(confirm, {"person": story.client.id})
    assert answer.status_code == 409 and "Bicaralah dulu dengannya" in answer.content.decode()
    assert Contact.objects.using("owner").count() == 1
    opened = staff.post(f"/orang/{story.filed.reference}/kontak/buka/").content.decode()
    assert "Jangan menelepon, mengirim pesan, atau mengirim surat ke sini" in opened


def test_a_form_that_was_open_before_she_told_it_confirms_nothing(world: World) -> None:
    story = case(world)
    says(story)
    staff, page = world.client(story.manager), f"/orang/{story.filed.reference}/kontak/"
    form = {**FORM, "contact_id": new_id(), "reminders_safe": "on"}
    assert "spoken_since" not in staff.get(page).content.decode()
    wish(her_code(story), WishKind.OTHER_CONTACT)

    late = staff.post(page, {**form, "address": "0812-0000-1111"})
    assert late.status_code == 400 and "spoken_since" in late.content.decode()
    assert Contact.objects.using("owner").exclude(doubted_at=None).count() == 1
    assert Contact.objects.using("owner").count() == 1


def test_nothing_of_the_old_contact_is_taken_over_unread(world: World) -> None:
    """Who holds her telephone may know the code word, and that reminders were safe is hers to say again."""
    story = case(world)
    says(story)
    wish(her_code(story), WishKind.OTHER_CONTACT)
    staff, page = world.client(story.manager), f"/orang/{story.filed.reference}/kontak/"
    initial = staff.get(page).context["form"].initial
    assert not initial["reminders_safe"] and not initial["paper_safe"]
    form = {**FORM, "contact_id": new_id(), "spoken_since": "on"}

    empty = staff.post(page, form)
    assert empty.status_code == 400 and "Tulis nomor atau akunnya" in empty.content.decode()
    viewer = story.viewer()
    with pytest.raises(Refused, match="Tulis nomor"), acting(story.manager):
        actions.set_contact(
            viewer=viewer, dossier=story.filed.dossier, person=story.client, way=replace(SAFE, address=""),
            keep_address=True, keep_code_word=True, at=clock.now(), spoken_since=True,
        )  # fmt: skip
    assert staff.post(page, {**form, "address": "0899-0000-2222"}).status_code == 302
    newest = Contact.objects.using("owner").order_by("-confirmed_at")[0]
    assert newest.doubted_at is None and newest.code_word is None
    assert (
        "ia sendiri yang memberi tahu" not in staff.get(f"/berkas/{story.filed.reference}/").content.decode()
    )


def test_nobody_of_staff_takes_a_doubt_back(world: World) -> None:
    story = case(world)
    says(story)
    wish(her_code(story), WishKind.OTHER_CONTACT)
    for person in (story.manager, story.supervisor, world.person(Role.HEAD)):
        with pytest.raises(Exception, match="permission denied"), acting(person):
            world.rows("UPDATE people_contact SET doubted_at = NULL", using="default")
