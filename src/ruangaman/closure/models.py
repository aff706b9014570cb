"""Return, closed meetings, home visits, the end. Section: plan; what is told there is sealed under the plan's key."""

import pgtrigger
from django.db import models

from ruangaman.access.models import DataKey, DossierRow, User
from ruangaman.closure.states import Destination, Reason, Reopening, WordOf
from ruangaman.kernel.fields import SealedField
from ruangaman.people.models import Person


class Return(DossierRow):
    """That a return is prepared, where to, and when she was home. Section: plan. Source: flow.md 9."""

    client = models.ForeignKey(Person, models.PROTECT, related_name="+")
    destination = models.CharField(max_length=17, choices=Destination.choices)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    preparation = SealedField()
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    returned_on = models.DateField(null=True)
    reunited_on = models.DateField(null=True)  # with family, substitute family or community: V.8

    class Meta:
        # Whoever had to leave again may be brought home a second time; figures count clients, not rows.
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "client"],
                condition=models.Q(returned_on=None),
                name="closure_one_open_return",
            ),
            models.CheckConstraint(
                condition=models.Q(reunited_on=None)
                | models.Q(returned_on__isnull=False, reunited_on__gte=models.F("returned_on")),
                name="closure_home_before_reunited",
            ),
        ]


class Meeting(DossierRow):
    """A closed meeting with people the client approved (rembug warga). Section: plan. Source: flow.md 9; care.md 16.

    The minutes hold no case facts: what was agreed for her safety, nothing of services, diagnosis or law.
    """

    held_on = models.DateField()
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    agreed = SealedField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()


class Invitee(DossierRow):
    """Somebody who was at a closed meeting, approved by the client. Section: plan."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitees")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="closure_invited_once")]


class HomeVisit(DossierRow):
    """A visit after the return: no violence again, received without stigma, given the chance. Section: plan."""

    visited_on = models.DateField()
    no_violence = models.BooleanField()
    no_stigma = models.BooleanField()
    supported = models.BooleanField()
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    note = SealedField()
    next_on = models.DateField(null=True)
    visited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "visited_on"], name="closure_visits")]


class Ending(DossierRow):
    """The decision that ends a case: reason, on whose word, by whom. Section: plan. Never automatic (care.md 17).

    What was decided stays; a case that is taken up again says so beside it.
    """

    reason = models.CharField(max_length=14, choices=Reason.choices)
    word_of = models.CharField(max_length=11, choices=WordOf.choices)
    asked_privately = models.BooleanField(default=False)  # whether anybody asked her to stop
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    note = SealedField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    reopening = models.CharField(max_length=13, choices=Reopening.choices, blank=True)
    reopening_note = SealedField()
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["dossier", "decided_at"], name="closure_endings")]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(reopened_at=None), name="closure_one_ending"
            ),
            models.CheckConstraint(
                condition=models.Q(reopened_at=None) ^ ~models.Q(reopening=""),
                name="closure_reopening_has_reason",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="endings_stay",
                fields=["reason", "word_of", "asked_privately", "key", "decided_by", "decided_at"],
            )
        ]
