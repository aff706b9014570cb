"""The legal process, one row a step, as it happened (legal); and that somebody was pressed to settle (risk).

Both are only ever added.
"""

from django.db import models

from ruangaman.access.models import DataKey, DossierRow, Organisation, User
from ruangaman.access.states import Stage
from ruangaman.justice.states import Outcome, Pressing, Side, Statute, Step
from ruangaman.kernel.fields import SealedField
from ruangaman.people.models import Person
from ruangaman.people.states import Relation


class LegalStep(DossierRow):
    """One step: what, when, where, under which number. Section: legal.

    ``counsel``: who speaks for the client where she is the reported person; null is the unit's own lawyer. The newest
    step says who it is now. ``opposing``: the organisation that assists the other side, where it is known.
    """

    client = models.ForeignKey(Person, models.PROTECT, related_name="+")
    side = models.CharField(max_length=7, choices=Side.choices, default=Side.HERS)
    step = models.CharField(max_length=13, choices=Step.choices)
    happened_on = models.DateField()
    institution = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    counsel = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    opposing = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
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
            models.Index(
                fields=["unit", "recorded_at"],
                condition=models.Q(side=Side.AGAINST, stage=Stage.CASE),
                name="justice_against",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(step=Step.VERDICT) | (~models.Q(statute="") & ~models.Q(outcome="")),
                name="justice_verdict_is_told",
            ),
            models.CheckConstraint(
                condition=models.Q(side=Side.AGAINST) | models.Q(counsel=None, opposing=None),
                name="justice_counsel_against_her",
            ),
        ]


class Pressure(DossierRow):
    """That a client was pressed to settle: by whom, how, in sealed words. Section: risk. Source: care.md 15."""

    client = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    pressed_by = models.CharField(max_length=16, choices=Relation.choices)  # who it was to the client
    how = models.CharField(max_length=10, choices=Pressing.choices)
    happened_on = models.DateField()
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    told = SealedField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "-happened_on"], name="justice_newest_pressure")]
