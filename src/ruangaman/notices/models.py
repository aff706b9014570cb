"""Notices, the ways they go out, and what each person chose. Rows tell that something waits, never what."""

from django.db import models

from ruangaman.access.models import Dossier, Organisation, User
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id
from ruangaman.notices.states import Channel, Kind


class Notice(models.Model):
    """That something waits for one person. ``cause`` names what made it, so that nobody is told the same thing twice.

    ``planned_at`` is when the worker decided by which ways it leaves the application.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    cause = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "cause"], name="notices_told_once")]
        indexes = [
            models.Index(fields=["person", "-made_at", "-id"], name="notices_of_person"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notices_unread"),
            models.Index(fields=["made_at"], condition=models.Q(planned_at=None), name="notices_unplanned"),
        ]


class Delivery(models.Model):
    """One way by which one notice leaves the application: due when the person's quiet hours allow.

    ``envelope`` names the one mail or message that tells of it. It is given before the first attempt and stays, so
    that a copy sent again after a crash carries the same name and tells of the same notices.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")  # the notice's
    channel = models.CharField(max_length=9, choices=Channel.choices)
    envelope = models.UUIDField(null=True, db_index=True)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="notices_one_a_way")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="notices_to_send",
            )
        ]


class Preference(models.Model):
    """What one person chose: which ways, and between which hours of the night nothing but danger is sent."""

    person = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    by_mail = models.BooleanField(default=True)
    by_messenger = models.BooleanField(default=False)
    messenger_name = models.CharField(max_length=120, blank=True)  # who they are in the unit's messenger
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notices_quiet_from_until",
            )
        ]


class Messenger(models.Model):
    """Where an organisation's own messenger takes notices (a webhook), and the secret that signs them."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="+")
    url = models.URLField(max_length=300)
    secret = SealedField()
    is_on = models.BooleanField(default=True)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    worked_at = models.DateTimeField(null=True)  # when it last took a message
    failed_at = models.DateTimeField(null=True)  # when it last did not
