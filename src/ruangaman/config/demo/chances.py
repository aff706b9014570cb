"""How often what happens in the demonstration: made up, unless a source is named."""

from ruangaman.consent.states import Service
from ruangaman.justice.states import Step
from ruangaman.services.states import Kind

# The companion of each kota. Source: seed 003 (five companions for five cities).
COMPANION_OF = {
    "31.71": "pendamping2",
    "31.72": "pendamping3",
    "31.73": "pendamping",
    "31.74": "pendamping4",
    "31.75": "pendamping5",
}
# How often a need is found: made up, the order of the services in the study.
NEEDS = {
    Service.MEDICAL: 0.55,
    Service.PSYCHOLOGICAL: 0.85,
    Service.LEGAL: 0.5,
    Service.SPIRITUAL: 0.3,
    Service.RETURN: 0.25,
    Service.REINTEGRATION: 0.3,
}
REFUSED, NEVER_GIVEN = 0.08, 0.12
STEPS = (
    Step.POLICE_REPORT,
    Step.INVESTIGATION,
    Step.P21,
    Step.STAGE_TWO,
    Step.TRIAL,
    Step.VERDICT,
)
KINDS = {
    Service.MEDICAL: Kind.EXAMINATION,
    Service.PSYCHOLOGICAL: Kind.COUNSELLING,
    Service.LEGAL: Kind.LEGAL_ADVICE,
    Service.SPIRITUAL: Kind.SPIRITUAL_GUIDANCE,
}
GIVES = {Service.PSYCHOLOGICAL: "psikolog", Service.LEGAL: "advokat", Service.SPIRITUAL: "rohani"}
