"""Ways in, as data; the keys of partner applications; what they handed over; and what was said outside the thread."""

from django.db import models

from ruangaman.access.models import DataKey, DossierRow, Organisation, User
from ruangaman.intake.states import Channel, ReporterKind
from ruangaman.intake.states.ways import CallResult, Direction, Medium
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id
from ruangaman.network.models import Facility


class Way(models.Model):
    """One way in: its channel, who runs it, which unit takes what comes, when it is open, and its rules."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # takes the reports
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # runs it
    channel = models.CharField(max_length=12, choices=Channel.choices)
    name = models.CharField(max_length=160)
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="+")
    usual_reporter = models.CharField(max_length=12, choices=ReporterKind.choices, blank=True)
    needs_ticket = models.BooleanField(default=False)  # hands over under a number of its own (112)
    takes_anonymous = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="intake_one_way")]

    def __str__(self) -> str:
        return self.name


class AppKey(models.Model):
    """The key of a partner application, as a keyed hash. Its secret is shown once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    way = models.ForeignKey(Way, models.PROTECT, related_name="keys")
    name = models.CharField(max_length=120)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)


class Delivery(DossierRow):
    """Under which number of its own another system handed a report over. Section: administration.

    ``number_hash`` is keyed: the same number of the same way is the same report, however often it is sent.
    """

    way = models.ForeignKey(Way, models.PROTECT, related_name="+")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    number = SealedField()
    number_hash = models.BinaryField(max_length=32, null=True)  # empty once it is erased
    content_hash = models.BinaryField(max_length=32, null=True)  # keyed; tells a retry from another report
    # The code, for who sent it and asks again within a day: wrapped under a key from their secret.
    receipt = models.BinaryField(null=True)
    receipt_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["way", "number_hash"], name="intake_delivered_once")]
        indexes = [models.Index(fields=["dossier"], name="intake_delivery_dossier")]


class Talk(DossierRow):
    """What was said or written outside the thread: by messenger, telephone, letter. Section: narrative. Only added.

    Nothing of it stays on a telephone: ``wiped_at`` says when it was deleted there.
    """

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    medium = models.CharField(max_length=9, choices=Medium.choices)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    text = SealedField()
    said_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    wiped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "said_at"], name="intake_talk_order"),
            models.Index(
                fields=["written_by", "written_at"],
                condition=models.Q(medium=Medium.MESSENGER, wiped_at=None),
                name="intake_talk_unwiped",
            ),
        ]


class CallBack(DossierRow):
    """That the reporter is to be called back, in her safe hours. Section: reporter."""

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    why = SealedField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    not_before = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["unit", "stage", "not_before"],
                condition=models.Q(ended_at=None),
                name="intake_callback_waiting",
            ),
            models.Index(fields=["dossier"], name="intake_callback_dossier"),
        ]


class CallTry(DossierRow):
    """One attempt to call back, and what came of it. Section: reporter. Only ever added."""

    call = models.ForeignKey(CallBack, models.PROTECT, related_name="tries")
    result = models.CharField(max_length=13, choices=CallResult.choices)
    tried_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    tried_at = models.DateTimeField()
