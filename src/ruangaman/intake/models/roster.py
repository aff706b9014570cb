"""The duty roster: shifts, who is called when a report comes, and what one shift tells the next."""

from django.db import models

from ruangaman.access.models import DossierRow, Organisation, User
from ruangaman.intake.states.roster import Ringing, ShiftKind
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id


class DutyRule(models.Model):
    """In how many minutes somebody on duty says that they take a report, else the next person is called."""

    unit = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    danger_minutes = models.PositiveSmallIntegerField(default=5)
    minutes = models.PositiveSmallIntegerField(default=30)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()


class Shift(models.Model):
    """When somebody is on duty, and whether at the desk or on call. ``rank``: who is called first, from 1."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=ShiftKind.choices)
    rank = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="intake_shift_has_length"
            ),
            models.CheckConstraint(condition=models.Q(rank__gte=1, rank__lte=9), name="intake_shift_rank"),
        ]
        indexes = [
            models.Index(
                fields=["unit", "starts_at"], condition=models.Q(cancelled_at=None), name="intake_shift_order"
            ),
            models.Index(
                fields=["person", "starts_at"],
                condition=models.Q(cancelled_at=None),
                name="intake_shift_person",
            ),
        ]


class Ring(DossierRow):
    """That somebody on duty was called about a report, until when they have to say so, and whether they took it.

    Section: administration.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="+")
    turn = models.PositiveSmallIntegerField()  # the first one called is 1
    rung_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    state = models.CharField(max_length=9, choices=Ringing.choices, default=Ringing.WAITS)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "turn"], name="intake_ring_in_turn"),
            models.CheckConstraint(
                condition=models.Q(state=Ringing.WAITS) ^ models.Q(ended_at__isnull=False),
                name="intake_ring_ends",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"], condition=models.Q(state=Ringing.WAITS), name="intake_ring_waiting"
            ),
            models.Index(
                fields=["person"], condition=models.Q(state=Ringing.WAITS), name="intake_ring_person"
            ),
        ]


class HandOver(models.Model):
    """What one shift tells the next, sealed under the unit's own key. It names files by their reference alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    to = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = SealedField()
    given_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "-given_at"], name="intake_handover_order")]
