"""Whose name and sex a letter holds: those of her papers only where a national form asks for them (care.md 22)."""

import pytest

from ruangaman.access.matrix import allows
from ruangaman.access.models import User
from ruangaman.access.queries import dossier_by_reference
from ruangaman.access.states import Role, Section, Stage
from ruangaman.kernel import clock
from ruangaman.papers.models import Template
from ruangaman.papers.policies.letters import FIELDS_OF, NATIONAL_FORMS, Wanted, section_of
from ruangaman.papers.queries.letters import content_of, head_from, letterhead_of
from ruangaman.papers.states import LetterKind
from ruangaman.people.models import Person
from ruangaman.people.policies.profiles import Background, Courtesy
from ruangaman.people.states import PersonRole, Sex
from tests.papers.lettering import issued, pdf_of, text_of, with_letterhead
from tests.people.people import added, case
from tests.people.profiles import tell
from tests.worlds import Filed, World, acting

CALLED, PAPERS = "Rere Rekaan", "Nama Surat Rekaan"
NIK = "3173011407960001"  # a man's, of 14 July 1996
EVERY_FIELD = "| Nama | {nama_klien} |\n| Jenis kelamin | {jenis_kelamin} |\n| NIK | {nik} |"
ASKED = {"extra": frozenset({"identity"}), "reason": "Mitra memerlukan namanya."}


def trans_woman(world: World) -> tuple[Filed, User, Person]:
    """A case of a trans woman whose papers say another name and sex."""
    with_letterhead(world)
    filed, manager = case(world)
    her = added(filed, manager, PersonRole.CLIENT, CALLED, age=30, nik=NIK).person
    tell(world, filed, manager, her, Courtesy(called="Rere", address="Kak"))
    tell(world, filed, manager, her, Background(registered_name=PAPERS, registered_sex=Sex.MALE.value))
    return filed, manager, her


def values(world: World, filed: Filed, user: User, kind: str) -> dict[str, str]:
    """What a letter would hold whose text asks for all there is, whether or not its kind has it."""
    viewer = world.viewer(user)
    with acting(user):
        dossier = dossier_by_reference(viewer, filed.reference)
        look = letterhead_of(viewer, world.unit.id)
        assert dossier is not None
        assert look is not None
        text = Template(kind=kind, version=1, title="Uji", code="U", body=EVERY_FIELD)
        wanted = Wanted(kind=kind, recipient=("RS",), **ASKED)  # type: ignore[arg-type]
        return content_of(viewer, dossier, text, wanted, head_from(look), clock.now()).values


def test_care_22_a_trans_clients_psychological_referral_has_no_registered_name_or_sex(world: World) -> None:
    filed, manager, _her = trans_woman(world)
    more = {**ASKED, "extra": frozenset({"identity", "referral"})}
    letter = issued(world, filed, manager, kind="referral", service="psychological", **more)
    said = text_of(pdf_of(world, letter, manager))
    assert CALLED in said
    assert "Psikologis" in said
    for never in (PAPERS, "Laki-laki", "Perempuan", "Jenis kelamin", NIK):
        assert never not in said


@pytest.mark.parametrize("kind", [kind.value for kind in LetterKind if kind not in NATIONAL_FORMS])
def test_care_22_no_other_letter_holds_what_her_papers_say(world: World, kind: str) -> None:
    if kind == LetterKind.ASSIGNMENT:
        assert not {"nama_klien", "jenis_kelamin", "nik"} & set(FIELDS_OF[kind])
        return
    filed, manager, _her = trans_woman(world)
    assert "jenis_kelamin" not in FIELDS_OF[kind]
    told = values(world, filed, manager, kind)
    assert told["nama_klien"] == CALLED
    assert not told.get("nik")  # the number holds the registered sex
    assert "jenis_kelamin" not in told


def test_care_22_the_letter_for_the_examination_holds_what_the_national_form_asks(world: World) -> None:
    filed, manager, _her = trans_woman(world)
    letter = issued(world, filed, manager, kind="examination", **ASKED)
    said = text_of(pdf_of(world, letter, manager))
    assert PAPERS in said
    assert "Laki-laki" in said
    assert CALLED not in said


def test_whose_papers_say_nothing_else_is_named_as_she_is_recorded(world: World) -> None:
    with_letterhead(world)
    filed, manager = case(world)
    added(filed, manager, PersonRole.CLIENT, "Ayu Rekaan", age=30, sex=Sex.FEMALE, nik="3173015407960001")
    told = values(world, filed, manager, "examination")
    assert (told["nama_klien"], told["jenis_kelamin"]) == ("Ayu Rekaan", "Perempuan")
    assert values(world, filed, manager, "referral")["nik"] == "3173015407960001"


def test_the_background_of_another_client_of_the_file_stays_out(world: World) -> None:
    filed, manager, _her = trans_woman(world)
    other = added(filed, manager, PersonRole.CLIENT, "Ayu Rekaan", age=30).person
    letter = issued(world, filed, manager, kind="examination", client=other.id, **ASKED)
    said = text_of(pdf_of(world, letter, manager))
    assert "Ayu Rekaan" in said
    assert PAPERS not in said


def test_whoever_issues_or_reads_a_letter_that_names_her_may_read_her_background() -> None:
    """Who can't would name her by her papers unawares, or read them in the letter. Walked over the matrix."""
    letters = {section_of(kind, to_partner=to) for kind in NATIONAL_FORMS for to in (False, True)}
    for role in set(Role) - {Role.PARTNER_OFFICER}:  # who finds only what was written to it, and issues none
        for stage in (Stage.INTAKE, Stage.CASE, Stage.CLOSED):
            for reach in ("unit", "grant"):
                if any(allows(role, reach, stage, section, "r") for section in letters):
                    assert allows(role, reach, stage, Section.BACKGROUND, "r"), (role, stage)
