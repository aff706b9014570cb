"""First steps in danger, files that belong together, and what another region's unit takes."""

from django.db import models

from ruangaman.access.models import DataKey, Dossier, DossierRow, Organisation, User
from ruangaman.intake.states import Triage
from ruangaman.intake.states.handling import (
    FirstStep,
    JoinKind,
    JoinReason,
    PassBasis,
    TransferState,
)
from ruangaman.kernel.fields import SealedField


class FirstAct(DossierRow):
    """What was done at once where danger was told: what, by whom, when. Section: administration. Only ever added.

    Nothing else is decided about such a report before. Source: flow.md 2.
    """

    step = models.CharField(max_length=10, choices=FirstStep.choices)
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "done_at"], name="intake_first_act_order")]


class Joining(DossierRow):
    """That this report goes with another file, or came out of one. Section: administration.

    Nothing moves: each report keeps its reporter, its thread and its words; undoing ends the row.
    """

    other = models.ForeignKey(Dossier, models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=6, choices=JoinKind.choices)
    reason = models.CharField(max_length=15, choices=JoinReason.choices)
    before = models.CharField(max_length=12, choices=Triage.choices)  # where triage stood, for who undoes it
    joined_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=models.Q(kind=JoinKind.MERGED, undone_at=None),
                name="intake_merged_into_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(dossier=models.F("other")), name="intake_not_joined_to_itself"
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at=None, undone_by=None)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="intake_undone_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["other"], name="intake_joining_other")]


class Transfer(DossierRow):
    """A report handed to another region's unit, with what may be passed on, and the answer that came back.

    Section: administration. ``parcel`` is sealed for the unit that gets it (JSON: what of `Passed` is passed), and is
    gone once it was answered. A unit that does not use this system has ``outside`` in place of ``to_unit``. No person
    sends what nobody of its unit may read: the system does (intake.firing). Source: issue 6, "a member of staff".
    """

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    outside = models.CharField(max_length=160, blank=True)
    basis = models.CharField(max_length=6, choices=PassBasis.choices)
    passes = models.CharField(max_length=40, blank=True)  # codes of Passed, with commas between
    about_staff = models.BooleanField(default=False)  # taken by who is of rank, and not meant
    danger_now = models.BooleanField(default=False)
    place_code = models.CharField(max_length=13, blank=True)
    parcel = SealedField()
    why = SealedField()  # under the sender's own key: why it is theirs
    state = models.CharField(max_length=10, choices=TransferState.choices, default=TransferState.SENT)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = SealedField()  # of who took or refused it, under the parcel's key
    became = models.UUIDField(null=True)  # the file it became there: an id alone, which opens nothing here

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=models.Q(state=TransferState.SENT),
                name="intake_one_transfer_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(to_unit__isnull=False, outside="")
                | models.Q(to_unit=None) & ~models.Q(outside=""),
                name="intake_transfer_to_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state=TransferState.SENT) ^ models.Q(answered_at__isnull=False),
                name="intake_transfer_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(basis=PassBasis.UNREAD, sent_by=None, about_staff=True)
                | ~models.Q(basis=PassBasis.UNREAD) & models.Q(sent_by__isnull=False),
                name="intake_transfer_sent_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_unit", "sent_at"],
                condition=models.Q(state=TransferState.SENT),
                name="intake_transfer_waiting",
            )
        ]
