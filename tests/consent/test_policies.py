"""Who answers for whom, and who may take it back. Source: care.md 10, 11; seed 004, Lampiran I.2."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from ruangaman.access.states import Role, Section
from ruangaman.consent import policies
from ruangaman.consent.policies import Answered
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.people.states import AgeBand

NOW = clock.now()
# What is told about the answer; the rest is about the client.
TOLD = {f.name for f in fields(Answered)}
ADULT: dict[str, Any] = {
    "service": Service.LEGAL,
    "answer": Answer.GIVEN,
    "basis": Basis.CLIENT,
    "band": AgeBand.UNDER_60,
    "alone": True,
    "has_guardian": False,
    "assent": Assent.NOT_NEEDED,
    "method": Method.SIGNED,
    "roles": {Role.CASE_MANAGER},
    "until": NOW + timedelta(days=180),
    "at": NOW,
}
CHILD = ADULT | {
    "basis": Basis.GUARDIAN,
    "band": AgeBand.UNDER_18,
    "alone": False,
    "has_guardian": True,
    "assent": Assent.GIVEN,
}
BEST = {"basis": Basis.BEST_INTEREST, "roles": {Role.SUPERVISOR}, "service": Service.MEDICAL}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (ADULT, None),
        (ADULT | {"answer": Answer.REFUSED, "until": None}, None),
        (ADULT | {"answer": Answer.LATER, "until": None}, None),
        (ADULT | {"band": AgeBand.UNKNOWN}, "umur klien"),
        (ADULT | {"basis": Basis.GUARDIAN, "has_guardian": True}, "memutuskan sendiri"),
        (ADULT | {"basis": Basis.BEST_INTEREST, "roles": {Role.SUPERVISOR}}, "memutuskan sendiri"),
        (ADULT | {"assent": Assent.GIVEN}, "memutuskan sendiri"),
        (ADULT | {"method": Method.SPOKEN}, "saksi"),
        (ADULT | {"method": Method.SPOKEN, "witness": "   "}, "saksi"),
        (ADULT | {"method": Method.SPOKEN, "witness": "Saksi Rekaan"}, None),
        (ADULT | {"method": Method.THUMB}, None),
        (ADULT | {"until": None}, "satu tanggal"),
        (ADULT | {"until": NOW}, "satu tanggal"),
        (ADULT | {"until": NOW + timedelta(days=367)}, "satu tanggal"),
        (ADULT | {"until": NOW + timedelta(days=366)}, None),
        (CHILD, None),
        (CHILD | {"basis": Basis.CLIENT}, "keduanya diperlukan"),
        (CHILD | {"basis": Basis.CLIENT, "answer": Answer.REFUSED}, None),
        (CHILD | {"has_guardian": False}, "Belum ada wali"),
        (CHILD | {"assent": Assent.NOT_NEEDED}, "Anak belum setuju"),
        (CHILD | {"assent": Assent.REFUSED}, "Anak belum setuju"),
        (CHILD | {"assent": Assent.TOO_YOUNG}, "ditanya sendiri"),
        (CHILD | {"assent": Assent.TOO_YOUNG, "band": AgeBand.UNDER_13}, "ditanya sendiri"),
        (CHILD | {"assent": Assent.TOO_YOUNG, "band": AgeBand.UNDER_6}, None),
        (CHILD | {"answer": Answer.REFUSED, "until": None}, None),
        (CHILD | BEST, None),
        (CHILD | BEST | {"has_guardian": False, "assent": Assent.NOT_NEEDED}, None),
        (CHILD | BEST | {"service": Service.SHELTER}, None),
        (CHILD | BEST | {"service": Service.PSYCHOLOGICAL}, "hanya untuk layanan"),
        (CHILD | BEST | {"service": Service.RETURN}, "hanya untuk layanan"),
        (CHILD | BEST | {"roles": {Role.CASE_MANAGER, Role.HEAD}}, "Hanya penyelia"),
    ],
)
def test_who_may_answer_what(given: dict[str, Any], says: str | None) -> None:
    about = {name: value for name, value in given.items() if name not in TOLD}
    answered = Answered(**{name: value for name, value in given.items() if name in TOLD})
    if says is None:
        policies.check_can_record(answered=answered, **about)
        return
    with pytest.raises(Refused, match=says):
        policies.check_can_record(answered=answered, **about)


GIVEN: dict[str, Any] = {
    "answer": Answer.GIVEN,
    "withdrawn": False,
    "service": Service.LEGAL,
    "basis": Basis.GUARDIAN,
    "alone": False,
    "has_guardian": True,
    "word_of": Basis.CLIENT,
    "roles": {Role.CASE_MANAGER},
}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (GIVEN, None),
        (GIVEN | {"word_of": Basis.GUARDIAN}, None),
        (GIVEN | {"word_of": Basis.GUARDIAN, "service": Service.MEDICAL}, "Wali tidak bisa menarik"),
        (GIVEN | {"word_of": Basis.GUARDIAN, "service": Service.SHELTER}, "Wali tidak bisa menarik"),
        (GIVEN | {"word_of": Basis.CLIENT, "service": Service.MEDICAL}, None),
        (GIVEN | {"answer": Answer.REFUSED}, "sudah diberikan"),
        (GIVEN | {"withdrawn": True}, "sudah ditarik"),
        (GIVEN | {"word_of": Basis.GUARDIAN, "has_guardian": False}, "Belum ada wali"),
        (GIVEN | {"alone": True, "word_of": Basis.GUARDIAN}, "memutuskan sendiri"),
        (GIVEN | {"alone": True}, None),
        # What the supervisor decided for a child ends with her own word once she is of age.
        (GIVEN | {"alone": True, "basis": Basis.BEST_INTEREST}, None),
        (GIVEN | {"basis": Basis.BEST_INTEREST}, "penyelia yang mengakhirinya"),
        (GIVEN | {"word_of": Basis.BEST_INTEREST}, "Hanya penyelia"),
        (
            GIVEN
            | {"basis": Basis.BEST_INTEREST, "word_of": Basis.BEST_INTEREST, "roles": {Role.SUPERVISOR}},
            None,
        ),
    ],
)
def test_on_whose_word_a_consent_is_withdrawn(given: dict[str, Any], says: str | None) -> None:
    if says is None:
        policies.check_can_withdraw(**given)
        return
    with pytest.raises(Refused, match=says):
        policies.check_can_withdraw(**given)


@pytest.mark.parametrize(
    "section",
    [s for s in Section if s not in (Section.CONTACT, Section.NARRATIVE, Section.RISK, Section.SUPPORT)],
)
def test_no_other_section_is_ever_shared(section: str) -> None:
    with pytest.raises(Refused, match="tidak pernah dibagikan"):
        policies.scope_of(Service.MEDICAL, [section])


def test_a_recipient_is_shown_number_identity_and_the_services_own_and_what_she_agreed_to() -> None:
    always = {"file", "identity", "referral"}
    assert set(policies.scope_of(Service.MEDICAL)) == {*always, "medical"}
    assert set(policies.scope_of(Service.LEGAL, [Section.NARRATIVE])) == {*always, "legal", "narrative"}
