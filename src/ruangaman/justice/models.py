"""The legal process: one row a step, as it happened. Section: legal. Only ever added."""

from django.db import models

from ruangaman.access.models import DataKey, DossierRow, Organisation, User
from ruangaman.justice.states import Outcome, Statute, Step
from ruangaman.kernel.fields import SealedField
from ruangaman.people.models import Person


class LegalStep(DossierRow):
    """One step: what, when, where, under which number. Section: legal."""

    client = models.ForeignKey(Person, models.PROTECT, related_name="+")
    step = models.CharField(max_length=13, choices=Step.choices)
    happened_on = models.DateField()
    institution = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    statute = models.CharField(max_length=16, choices=Statute.choices, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    number = SealedField()
    note = SealedField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "happened_on"], name="justice_steps"),
            models.Index(fields=["unit", "step", "happened_on"], name="justice_counted"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(step=Step.VERDICT) | (~models.Q(statute="") & ~models.Q(outcome="")),
                name="justice_verdict_is_told",
            )
        ]
