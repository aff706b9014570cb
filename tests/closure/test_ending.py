"""The end of a case: decided by its manager, for a reason that the case bears out; and what it closes."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.states import Role, Stage
from ruangaman.cases.states import NeedState, RiskLevel, Unmet
from ruangaman.closure import actions
from ruangaman.closure.models import Ending
from ruangaman.closure.states import Reason
from ruangaman.consent.states import Service
from ruangaman.intake.states import PublicStatus
from ruangaman.kernel.errors import Refused
from tests.access.filled import protected
from tests.closure.stories import Story
from tests.house.rooms import PACKAGE
from tests.worlds import acting


def ready(story: Story) -> None:
    """Home, visited, and every need answered."""
    story.need(Service.REINTEGRATION)
    story.need(Service.LEGAL, NeedState.UNMET, Unmet.DECLINED)
    story.bring_home()
    story.do(actions.record_reunion, client=story.client, reunited_on=story.day(-18))
    story.visit()


def test_the_case_ends_when_needs_are_met_and_she_is_well_at_home(story: Story) -> None:
    ready(story)
    story.end()
    with acting(story.manager):
        assert Dossier.objects.get(id=story.filed.dossier.id).stage == Stage.CLOSED
        assert Ending.objects.get().decided_by_id == story.manager.id
    assert story.world.rows("SELECT ended_at IS NOT NULL FROM cases_case") == [(True,)]


def test_nobody_but_the_case_manager_ends_a_case(story: Story) -> None:
    """Source: flow.md 10."""
    ready(story)
    for role in (Role.SUPERVISOR, Role.HEAD):
        with pytest.raises(Refused, match="Hanya manajer kasus"):
            story.do(
                actions.end_case,
                by=story.world.person(role),
                reason="moved",
                word_of="both",
                asked_privately=False,
                note="",
            )


def test_a_case_with_an_open_or_planned_need_has_not_met_its_needs(story: Story) -> None:
    ready(story)
    for state, service in ((NeedState.OPEN, Service.MEDICAL), (NeedState.PLANNED, Service.SPIRITUAL)):
        need = story.need(service, state)
        with pytest.raises(Refused, match="belum dijawab"):
            story.end()
        story.world.rows("DELETE FROM cases_need WHERE id = %s", [need.id])
    story.end()


def test_a_case_without_any_need_has_not_met_its_needs(story: Story) -> None:
    with pytest.raises(Refused, match="Belum ada kebutuhan"):
        story.end()


def test_a_prepared_return_that_never_happened_does_not_end_well(story: Story) -> None:
    story.need(Service.LEGAL, NeedState.UNMET, Unmet.DECLINED)
    story.agree()
    story.do(actions.prepare_return, client=story.client, destination="own_family", preparation="Siap.")
    with pytest.raises(Refused, match="kepulangannya belum tercatat"):
        story.end()


def test_a_return_that_nobody_visited_does_not_end_well(story: Story) -> None:
    """Source: flow.md 11; seed 004, Lampiran D.V (home visit)."""
    story.need(Service.LEGAL, NeedState.UNMET, Unmet.DECLINED)
    story.bring_home()
    with pytest.raises(Refused, match="Kunjungi dulu"):
        story.end()


def test_a_case_whose_last_visit_found_violence_again_does_not_end_well(story: Story) -> None:
    ready(story)
    story.visit(days_ago=1, no_violence=False)
    with pytest.raises(Refused, match="kekerasan lagi"):
        story.end()
    story.visit(days_ago=0)
    story.end()


def test_a_case_at_high_risk_is_not_safe(story: Story) -> None:
    """Source: flow.md 10 (safe, needs met)."""
    ready(story)
    story.note_safety(RiskLevel.HIGH, days_ago=1)
    with pytest.raises(Refused, match="risiko tinggi"):
        story.end()
    story.note_safety(RiskLevel.LOW)
    story.end()


def test_a_case_ends_without_contact_only_after_thirty_days(story: Story) -> None:
    """Source: GBVIMS closure reasons, flow.md."""
    story.bring_home(days_ago=50)
    story.world.rows("ALTER TABLE consent_consent DISABLE TRIGGER USER")
    story.world.rows("UPDATE consent_consent SET answered_at = answered_at - interval '50 days'")
    story.world.rows("ALTER TABLE consent_consent ENABLE TRIGGER USER")
    story.visit(days_ago=30)
    with pytest.raises(Refused, match="kurang dari 30 hari"):
        story.end(Reason.NO_CONTACT, "professions")
    story.world.rows("UPDATE closure_homevisit SET visited_on = visited_on - 1")
    story.end(Reason.NO_CONTACT, "professions")


def test_a_case_that_was_taken_lately_is_not_without_contact(story: Story) -> None:
    story.world.rows("UPDATE cases_case SET taken_at = now() - interval '29 days'")
    with pytest.raises(Refused, match="kurang dari 30 hari"):
        story.end(Reason.NO_CONTACT, "professions")


def test_her_wish_ends_a_case_only_after_a_private_word_and_a_fresh_look_at_the_risk(story: Story) -> None:
    """Source: care.md 17."""
    with pytest.raises(Refused, match="berdua saja"):
        story.end(Reason.CLIENT_REQUEST, "client")
    with pytest.raises(Refused, match="Tinjau risikonya"):
        story.end(Reason.CLIENT_REQUEST, "client", asked_privately=True)
    story.note_safety(days_ago=15)
    with pytest.raises(Refused, match="Tinjau risikonya"):
        story.end(Reason.CLIENT_REQUEST, "client", asked_privately=True)
    story.note_safety()
    with pytest.raises(Refused, match="atas kata klien sendiri"):
        story.end(Reason.CLIENT_REQUEST, "professions", asked_privately=True)
    story.end(Reason.CLIENT_REQUEST, "client", asked_privately=True)


def test_a_report_that_is_no_case_is_not_ended_here(story: Story) -> None:
    story.world.rows("DELETE FROM cases_case")
    with pytest.raises(Refused, match="belum menjadi kasus"):
        story.end("moved")


def test_a_case_ends_once(story: Story) -> None:
    ready(story)
    story.end()
    with pytest.raises(Refused, match="sudah berakhir"):
        story.end()


def test_nothing_of_a_refused_end_stays(story: Story) -> None:
    with pytest.raises(Refused):
        story.end()
    assert story.world.rows("SELECT count(*) FROM closure_ending") == [(0,)]
    assert story.world.rows("SELECT stage FROM access_dossier") == [("case",)]


def test_the_partner_reaches_nothing_of_a_case_that_ended(story: Story) -> None:
    """Source: policy/matrix.yaml (a partner has no cell in closed); raw SQL under the partner's own ticket."""
    story.need(Service.MEDICAL, NeedState.UNMET, Unmet.ALREADY)
    with acting(story.manager):
        hospital = Organisation.objects.get(id=story.world.hospital.id)
    story.agree(Service.MEDICAL, hospital)
    officer = story.world.person(Role.PARTNER_OFFICER)

    def reached() -> int:
        with acting(officer), connection.cursor() as cursor:
            total = 0
            for table in {*protected(), "access_dossier"}:
                cursor.execute(f"SELECT count(*) FROM {table}")
                total += cursor.fetchone()[0]
            return total

    assert reached() > 0
    story.end()
    assert reached() == 0


def test_the_team_but_for_the_manager_loses_the_file(story: Story) -> None:
    ready(story)
    story.end()
    with acting(story.companion):
        assert not Dossier.objects.exists()
    with acting(story.manager):
        assert Dossier.objects.exists()


def test_who_reported_reads_selesai_and_not_a_word_more(story: Story) -> None:
    """Source: care.md 1."""
    before = _reads(story)
    ready(story)
    assert _reads(story) == before
    story.end(note="Klien pindah ke rumah bibi.")
    after = _reads(story)
    assert after.count(str(PublicStatus.DONE.label)) >= 1
    for told in ("bibi", "Ratna", "pulang", "Kunjungan", "Reintegrasi", "Kebutuhan"):
        assert told not in after.replace(str(PublicStatus.DONE.label), "")


def _reads(story: Story) -> str:
    """What the code shows, without what changes at every visit."""
    client = story.world.client()
    client.post("/cek/", {"code": str(story.filed.code)})
    page = client.get("/cek/").content.decode()
    return re.sub(r'(nonce|value|content)="[^"]*"', "", page)


def test_reopening_gives_the_case_back_to_its_team_and_keeps_what_was_decided(story: Story) -> None:
    ready(story)
    ending = story.end()
    story.do(actions.reopen_case, reason="new_violence", note="Ayah datang lagi.")
    with acting(story.companion):
        assert Dossier.objects.get(id=story.filed.dossier.id).stage == Stage.CASE
        kept = Ending.objects.get(id=ending.id)
        assert (kept.reason, kept.reopening) == ("needs_met", "new_violence")
    assert story.world.rows("SELECT ended_at FROM cases_case") == [(None,)]
    assert story.world.rows("SELECT status FROM intake_thread") == [("in_progress",)]
    story.end("moved", at=story.now + timedelta(hours=1))
    assert story.world.rows("SELECT count(*) FROM closure_ending") == [(2,)]


def test_a_supervisor_reopens_a_case_whose_manager_has_left_and_the_head_does_not(story: Story) -> None:
    ready(story)
    story.end()
    with pytest.raises(Refused, match="Hanya manajer kasus atau penyelia"):
        story.do(actions.reopen_case, by=story.world.person(Role.HEAD), reason="new_need")
    with pytest.raises(Refused, match="mengapa"):
        story.do(actions.reopen_case, by=story.world.person(Role.SUPERVISOR), reason="")
    story.do(actions.reopen_case, by=story.world.person(Role.SUPERVISOR), reason="new_need")
    with pytest.raises(Refused, match="belum berakhir"):
        story.do(actions.reopen_case, reason="new_need")


def test_what_was_decided_is_never_changed(story: Story) -> None:
    story.end("moved")
    story.do(actions.reopen_case, reason="new_need")
    with pytest.raises(DatabaseError, match="Cannot update"), acting(story.manager):
        Ending.objects.update(reason="other")


def test_nothing_but_a_page_ends_a_case() -> None:
    """Source: care.md 17 (closure is never automatic). The demonstration makes its cases up by the same rules."""
    asking = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "end_case(" in path.read_text() and path.relative_to(PACKAGE).parts[0] != "config"
    }
    assert asking == {"closure/actions/ending.py", "closure/views.py"}
    assert "end_case" not in "".join(path.read_text() for path in PACKAGE.rglob("jobs.py"))
