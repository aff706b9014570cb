"""care.md 21: a client who is accused has a process of its own, her own counsel, an alert; and stays a client."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError

from ruangaman.access.duties import MOST, duties_for
from ruangaman.access.states import OrganisationKind, Role, Stage
from ruangaman.cases.actions import record_needs
from ruangaman.consent.states import Service
from ruangaman.justice import duties, queries
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from tests.justice.scene import Accused
from tests.worlds import World, acting


@pytest.fixture
def case(world: World) -> Accused:
    return Accused(world)


def told(case: Accused, kind: str = "law") -> set[str]:
    rows = case.world.rows(
        "SELECT u.name FROM notices_notice n JOIN access_user u ON u.id = n.person_id WHERE n.kind = %s",
        [kind],
    )
    return {name for (name,) in rows}


def asked_of(case: Accused, user: Any) -> list[str]:
    with acting(user):
        return [duty.reference for duty in duties.accused(case.world.viewer(user), case.world.now, MOST)]


# --- two processes -------------------------------------------------------------------------------------------------


def test_the_process_against_her_goes_its_own_way_beside_her_own(case: Accused) -> None:
    case.record("police_report", -30)
    case.record("investigation", -20)
    with pytest.raises(Refused, match="Penyidikan"):
        case.accuse(-10, "p21")  # hers is under investigation; that against her has not even begun
    case.accuse(-10)
    with pytest.raises(Refused, match="Tahap II"):
        case.record("stage_two", -5)
        case.accuse(-4, "trial")
    assert case.steps_seen_by(case.lawyer) == {
        ("hers", "police_report"),
        ("hers", "investigation"),
        ("against", "police_report"),
    }


def test_a_report_against_her_never_makes_her_a_reported_person_of_her_own_file(case: Accused) -> None:
    before = case.world.rows("SELECT role, status, person_id FROM people_part ORDER BY id")
    case.accuse(-2)
    case.accuse(-1, "investigation")
    assert case.world.rows("SELECT role, status, person_id FROM people_part ORDER BY id") == before


def test_a_report_against_her_starts_none_of_her_clocks(case: Accused) -> None:
    clocks = "SELECT count(*) FROM clocks_clock"
    before = case.world.rows(clocks)
    case.accuse(-1)
    assert case.world.rows(clocks) == before


def test_protection_is_asked_for_her_and_not_in_the_process_against_her(case: Accused) -> None:
    with pytest.raises(Refused, match="Perkara klien"):
        case.accuse(-1, "protect_asked")
    page = case.world.client(case.lawyer).get(case.address("balik/")).content.decode()
    assert 'value="protect_asked"' not in page and 'value="police_report"' in page


def test_each_client_has_processes_of_her_own(case: Accused) -> None:
    other = case.somebody("Dewi Lestari")
    case.accuse(-3)
    with pytest.raises(Refused, match="hanya bisa sesudah"):
        case.accuse(-2, "questioning", client=other)


# --- pages and the alert ----------------------------------------------------------------------------------------------


def test_the_page_records_it_and_the_file_warns_who_reads_the_legal_part(case: Accused) -> None:
    sent = case.world.client(case.lawyer).post(
        case.address("balik/"),
        {
            "client": str(case.client.id),
            "step_id": str(new_id()),
            "step": "police_report",
            "happened_on": case.day(-1).isoformat(),
            "statute": "ite",
            "counsel": str(case.aid.id),
            "number": "LP/B/77",
        },
    )
    assert sent.status_code == 302, sent.content.decode()
    for reader in (case.lawyer, case.manager, case.supervisor):
        page = case.page(reader)
        assert "Dilaporkan sebagai terlapor di perkara lain" in page and "LBH Uji" in page, reader
    companion = case.world.person(Role.COMPANION)
    case.join(companion, Role.COMPANION)
    page = case.page(companion)
    assert "Dilaporkan sebagai terlapor" not in page and "LP/B/77" not in page
    assert "Pasang tembok" in case.page(case.manager) and "Catat kebutuhan" in case.page(case.manager)


def test_what_is_refused_stays_typed(case: Accused) -> None:
    sent = case.world.client(case.lawyer).post(
        case.address("balik/"),
        {
            "client": str(case.client.id),
            "step": "trial",
            "happened_on": case.day(-1).isoformat(),
            "note": "Kata hakim begitu.",
        },
    )
    assert sent.status_code == 409 and "Kata hakim begitu." in sent.content.decode()


def test_the_first_step_against_her_is_told_at_once_and_only_once(case: Accused) -> None:
    colleague = case.world.person(Role.LAWYER, tag="two")
    case.join(colleague, Role.LAWYER)
    case.world.person(Role.LAWYER, tag="elsewhere")  # of the unit, but not of this case
    case.accuse(-3)
    assert told(case) == {case.manager.name, case.supervisor.name, colleague.name}
    case.world.rows("DELETE FROM notices_notice")
    case.accuse(-1, "investigation")
    assert told(case) == set()
    case.record("police_report", -1)
    assert told(case) == set()


def test_nobody_asks_whom_to_tell_of_a_file_that_is_not_theirs(case: Accused) -> None:
    for user in (
        case.advocate,
        case.world.person(Role.PSYCHOLOGIST),
        case.world.person(Role.LAWYER, tag="no"),
    ):
        with acting(user):
            viewer = case.world.viewer(user)
            assert queries.guards_of(viewer, case.filed.dossier.id, lawyers=True) == []


def test_it_waits_until_legal_help_is_recorded_as_a_need(case: Accused) -> None:
    """Protection from criminalisation is a service. Source: seed 000."""
    assert asked_of(case, case.manager) == []
    case.record("police_report", -9)
    assert asked_of(case, case.manager) == []
    case.accuse(-3)
    case.accuse(-2, "investigation")
    assert asked_of(case, case.manager) == [case.filed.reference]
    assert asked_of(case, case.supervisor) == [case.filed.reference]
    # Who can't record a need is not asked for one.
    assert asked_of(case, case.lawyer) == []
    with acting(case.manager):
        record_needs(
            viewer=case.world.viewer(case.manager),
            dossier=case.filed.dossier,
            client=case.client,
            services=[Service.LEGAL],
            at=case.world.now,
        )
    assert asked_of(case, case.manager) == []
    # One that was written down by mistake is none.
    case.world.rows("UPDATE cases_need SET state = 'unmet', unmet = 'mistaken'")
    assert asked_of(case, case.manager) == [case.filed.reference]
    case.world.move(case.filed, Stage.CLOSED)
    assert asked_of(case, case.supervisor) == []


def test_hari_ini_asks_for_it_in_one_query(case: Accused, django_assert_num_queries: Any) -> None:
    case.accuse(-3)
    with acting(case.manager):
        viewer = case.world.viewer(case.manager)
        with django_assert_num_queries(1):
            duties.accused(viewer, case.world.now, MOST)
        assert any("dilaporkan balik" in str(one.text) for one in duties_for(viewer, case.world.now))


# --- counsel ------------------------------------------------------------------------------------------------------


def test_of_partners_only_her_counsel_sees_the_process_against_her(case: Accused) -> None:
    case.agree(case.aid, case.prosecutor)
    case.record("police_report", -9, institution=case.prosecutor)
    case.accuse(-3, counsel=case.aid)
    hers, both = {("hers", "police_report")}, {("hers", "police_report"), ("against", "police_report")}
    assert case.steps_seen_by(case.advocate) == both
    assert case.steps_seen_by(case.attorney) == hers
    assert "Dilaporkan sebagai terlapor" not in case.page(case.attorney)
    assert "Dilaporkan sebagai terlapor" in case.page(case.advocate)


def test_without_a_counsel_of_hers_no_partner_sees_it(case: Accused) -> None:
    case.agree(case.aid, case.prosecutor)
    case.accuse(-3)
    assert case.steps_seen_by(case.advocate) == case.steps_seen_by(case.attorney) == set()


def test_another_counsel_takes_over_with_everything_before(case: Accused) -> None:
    second = case.world.organisation(OrganisationKind.PARTNER, "LBH Kedua", "31")
    advocate = case.world.person(Role.PARTNER_OFFICER, second)
    case.agree(case.aid, second)
    case.accuse(-3, counsel=case.aid)
    case.accuse(-2, "investigation", counsel=second, at=case.world.now + timedelta(seconds=5))
    assert case.steps_seen_by(case.advocate) == set()
    assert case.steps_seen_by(advocate) == {("against", "police_report"), ("against", "investigation")}


def test_to_be_named_counsel_opens_nothing_that_she_did_not_agree_to(case: Accused) -> None:
    case.accuse(-3, counsel=case.aid)
    assert case.steps_seen_by(case.advocate) == set()
    other = case.somebody("Dewi Lestari", born_on=date(1985, 1, 1))  # another client of the same file did
    case.agree(case.aid, client=other)
    assert case.steps_seen_by(case.advocate) == set()


def test_a_partner_sees_the_process_of_who_agreed_and_of_no_other_client(case: Accused) -> None:
    other = case.somebody("Dewi Lestari")
    case.agree(case.aid)
    case.record("police_report", -5)
    case.record("police_report", -4, client=other)
    case.record("investigation", -3, client=other)
    assert case.steps_seen_by(case.advocate) == {("hers", "police_report")}


COPY = (
    "INSERT INTO justice_legalstep SELECT (jsonb_populate_record(NULL::justice_legalstep, to_jsonb(l) || "
    "jsonb_build_object('id', gen_random_uuid(), 'side', %s::text, 'counsel_id', %s::uuid))).* "
    "FROM justice_legalstep l WHERE l.side = 'hers'"
)


def test_no_partner_makes_itself_her_counsel_by_raw_sql(case: Accused) -> None:
    case.agree(case.aid, case.prosecutor)
    case.record("police_report", -9)
    for user, agency in ((case.advocate, case.aid), (case.attorney, case.prosecutor)):
        for counsel in (agency.id, None):
            with pytest.raises(DatabaseError, match="row-level security"), acting(user):
                case.world.rows(COPY, ["against", counsel], using="default")
        with acting(user):  # the process about what was done to her it may write
            case.world.rows(COPY, ["hers", None], using="default")
        case.world.rows(
            "DELETE FROM justice_legalstep WHERE id <> (SELECT min(id::text)::uuid FROM justice_legalstep)"
        )


def test_her_counsel_records_steps_and_names_no_other(case: Accused) -> None:
    case.agree(case.aid, case.prosecutor)
    case.accuse(-9, counsel=case.aid)
    case.accuse(-8, "investigation", by=case.advocate, counsel=case.aid)
    assert case.manager.name in told(case)
    for counsel in (None, case.prosecutor):
        with pytest.raises(Refused, match="Hanya penasihat"):
            case.accuse(-7, "questioning", by=case.advocate, counsel=counsel)
    with pytest.raises(Refused, match="Hanya penasihat"):
        case.accuse(-7, by=case.attorney, counsel=case.prosecutor)
    with pytest.raises(Refused, match="Hanya penasihat"):
        case.accuse(-7, by=case.attorney)


def test_an_agency_of_the_process_is_no_counsel_of_hers(case: Accused) -> None:
    case.record("police_report", -9, institution=case.prosecutor)
    with pytest.raises(Refused, match="tempat perkara diproses"):
        case.accuse(-3, counsel=case.prosecutor)
    with pytest.raises(Refused, match="tempat perkara diproses"):
        case.accuse(-3, counsel=case.aid, institution=case.aid)
    with pytest.raises(IntegrityError, match="counsel of a client"):
        case.world.rows(
            "UPDATE justice_legalstep SET side = 'against', counsel_id = %s", [case.prosecutor.id]
        )


def test_who_assists_the_other_side_is_no_counsel_of_hers(case: Accused) -> None:
    case.accuse(-9, opposing=case.aid)
    with pytest.raises(Refused, match="pihak lawan"):
        case.accuse(-3, "investigation", counsel=case.aid)
    with pytest.raises(Refused, match="pihak lawan"):
        case.accuse(-3, "investigation", counsel=case.aid, opposing=case.aid)


def test_that_her_counsel_turns_out_to_assist_the_other_side_is_warned_of(case: Accused) -> None:
    case.agree(case.aid)
    case.accuse(-9, counsel=case.aid)
    assert "juga tercatat mendampingi pihak lawan" not in case.page(case.lawyer)
    case.accuse(-3, "investigation", opposing=case.aid, at=case.world.now + timedelta(seconds=5))
    page = case.page(case.manager)
    assert "Pihak lawan didampingi LBH Uji" in page
    assert "LBH Uji masih bisa membuka bagian berkas ini" in page
    assert case.steps_seen_by(case.advocate) == set()


def test_her_own_process_has_no_counsel_of_the_other_kind(case: Accused) -> None:
    case.record("police_report", -1)
    with pytest.raises(IntegrityError, match="justice_counsel_against_her"):
        case.world.rows("UPDATE justice_legalstep SET counsel_id = %s", [case.aid.id])
