"""The safe attempt to reach her."""

from django.db import models

from ruangaman.access.models import DataKey, DossierRow, User
from ruangaman.agenda.models import Booking
from ruangaman.clocks.states import Answer
from ruangaman.intake.states import OutreachPlace, OutreachResult
from ruangaman.intake.states.outreach import NeighbourGround
from ruangaman.kernel.fields import SealedField


class Outreach(DossierRow):
    """A safe attempt to reach her: where, when, under which cover, and what came of it. Section: risk.

    No attempt is planned without a safety plan and a cover reason. Source: care.md 5.
    """

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    place_kind = models.CharField(max_length=13, choices=OutreachPlace.choices)
    place_name = SealedField()
    cover_reason = SealedField()
    safety_plan = SealedField()
    companion = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    # The appointment that keeps her and the reported person apart, and sends who goes out and back. Source: ADR-0014.
    booking = models.OneToOneField(Booking, models.PROTECT, null=True, related_name="+")
    trusted_nearby = SealedField()  # who around her is known to be trusted, by her own word
    safety_note = SealedField()  # where and when the reported person is likely to be
    # Why this companion, in codes of intake.policies.assigning, for who asks later.
    proposed_why = models.CharField(max_length=120, blank=True)
    # Somebody around (RT, RW, tokoh) is to be asked: a disclosure, so her consent or a supervisor. Source: care.md 6.
    tells_neighbours = models.BooleanField(default=False)
    neighbours_ground = models.CharField(max_length=12, choices=NeighbourGround.choices, blank=True)
    neighbours_word = (
        SealedField()
    )  # whom, what they are to the reported person, and her own words or the reason
    result = models.CharField(max_length=10, choices=OutreachResult.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    note = SealedField()  # the record of the visit
    safe_now = models.CharField(max_length=7, choices=Answer.choices, blank=True)  # as she says, alone
    wants = SealedField()  # what she wants next, in her words

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "starts_at"], name="intake_outreach_dossier"),
            models.Index(
                fields=["companion", "starts_at"],
                condition=models.Q(ended_at=None),
                name="intake_outreach_due",
            ),
            models.Index(
                fields=["unit", "stage", "starts_at"],
                condition=models.Q(ended_at=None),
                name="intake_outreach_unit_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result="", ended_at=None)
                | (~models.Q(result="") & models.Q(ended_at__isnull=False)),
                name="intake_outreach_ends_with_result",
            ),
            models.CheckConstraint(
                condition=models.Q(safety_plan__isnull=False, cover_reason__isnull=False),
                name="intake_outreach_has_safety_plan",
            ),
            # Nobody around is told of her without a ground. Source: care.md 6.
            models.CheckConstraint(
                condition=models.Q(tells_neighbours=False, neighbours_ground="", neighbours_word=None)
                | (
                    models.Q(tells_neighbours=True, neighbours_word__isnull=False)
                    & ~models.Q(neighbours_ground="")
                ),
                name="intake_outreach_tells_on_a_ground",
            ),
            # What is said while others listen is not her word.
            models.CheckConstraint(
                condition=models.Q(safe_now="")
                | models.Q(result__in=[OutreachResult.REACHED, OutreachResult.DECLINED]),
                name="intake_outreach_safe_by_her_word",
            ),
        ]
