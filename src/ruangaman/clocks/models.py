"""Definitions of clocks with their versions, days off, running clocks, pauses and decisions."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language, ngettext

from ruangaman.access.duties import Kind
from ruangaman.access.models import DataKey, DossierRow, Organisation, User
from ruangaman.access.states import Section
from ruangaman.clocks.states import Answer, DayOff, End, Event, Measure, Moment, PauseReason, Ruling
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id


class Definition(models.Model):
    """One version of one deadline, as law or a region sets it, in force from a day on. Rows are only ever added.

    Without an owner it is the nation's. The version in force for a unit is the newest one of the nearest owner: the
    unit itself, what stands above it, the nation. A running clock keeps the version it began with.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=40)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    from_on = models.DateField()
    is_on = models.BooleanField(default=True)  # a region may say that a deadline does not apply there
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    duty = models.CharField(max_length=240)  # the duty, in one sentence
    duty_en = models.CharField(max_length=240, blank=True)
    article = models.CharField(max_length=160)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    section = models.CharField(max_length=14, choices=Section.choices, blank=True)  # empty: of a unit
    starts_on = models.CharField(max_length=20, choices=Event.choices)
    ends_on = ArrayField(models.CharField(max_length=20, choices=Event.choices))
    measure = models.CharField(max_length=13, choices=Measure.choices)
    amount = models.PositiveSmallIntegerField(default=0)
    told_roles = ArrayField(models.CharField(max_length=20))  # beside who holds the file
    before_hours = models.PositiveSmallIntegerField(null=True)
    after_hours = models.PositiveSmallIntegerField(null=True)
    escalate_hours = models.PositiveSmallIntegerField(
        null=True
    )  # after the deadline, once, to the supervisors
    may_pause = models.BooleanField(default=False)
    needs_decision = models.BooleanField(default=False)
    lapses = models.BooleanField(default=False)  # once its time is over there is nothing left to do
    urgent = models.BooleanField(default=False)  # told in quiet hours too, and red
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["starts_on", "code"], name="clocks_by_event")]
        triggers = [pgtrigger.Protect(name="versions_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def said(self, what: str) -> str:
        """The ``name`` or the ``duty`` in the language of the page; in Indonesian where it was not translated."""
        english = getattr(self, f"{what}_en") if (get_language() or "").startswith("en") else ""
        return str(english or getattr(self, what))

    @property
    def length(self) -> str:
        """How long it runs, in words: ``3 hari kerja``, ``sampai akhir Juni atau Desember``."""
        amount = self.amount
        counted = {
            Measure.HOURS: ngettext("%d jam", "%d jam", amount),
            Measure.DAYS: ngettext("%d hari kalender", "%d hari kalender", amount),
            Measure.WORKING_DAYS: ngettext("%d hari kerja", "%d hari kerja", amount),
        }
        measure = Measure(self.measure)
        return counted[measure] % amount if measure in counted else str(measure.label)


class Holiday(models.Model):
    """A day on which nobody has to work, or must after all. Without an owner it is the nation's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    kind = models.CharField(max_length=11, choices=DayOff.choices)
    name = models.CharField(max_length=120)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=160)
    is_estimate = models.BooleanField(default=False)  # the moon has not been seen yet
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "owner"], nulls_distinct=False, name="clocks_one_a_day")
        ]


class Running(models.Model):
    """What every clock carries: its version, from when to when, and what has been told."""

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    started_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)  # the deadline itself, where its measure says that it is given
    due_at = models.DateTimeField()
    fires_at = models.DateTimeField(null=True)  # when somebody is to be told next
    fired = ArrayField(models.CharField(max_length=9, choices=Moment.choices), default=list)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=End.choices, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class Clock(DossierRow, Running):
    """A deadline that runs for one dossier, in the section that its definition names.

    ``about`` is the row it is about (a referral, somebody's way out), so that two of a kind end apart.
    """

    section = models.CharField(max_length=14, choices=Section.choices)
    about = models.UUIDField(null=True)
    holder = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # who has to do it
    paused_at = models.DateTimeField(null=True)
    key = models.ForeignKey(DataKey, models.PROTECT, null=True, related_name="+")
    end_note = SealedField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "code", "about"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="clocks_one_running",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) ^ ~models.Q(ending=""), name="clocks_end_has_a_cause"
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "section", "stage", "due_at"],
                condition=models.Q(ended_at=None, paused_at=None),
                name="clocks_of_unit",
            ),
            models.Index(
                fields=["holder", "due_at"],
                condition=models.Q(ended_at=None, paused_at=None),
                name="clocks_of_holder",
            ),
            models.Index(
                fields=["fires_at"], condition=models.Q(fires_at__isnull=False), name="clocks_to_fire"
            ),
            models.Index(fields=["dossier", "started_at"], name="clocks_of_dossier"),
        ]


class Pause(DossierRow):
    """A stretch in which a clock stood still, and why. In the clock's section."""

    section = models.CharField(max_length=14, choices=Section.choices)
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=12, choices=PauseReason.choices)
    key = models.ForeignKey(DataKey, models.PROTECT, null=True, related_name="+")
    note = SealedField()
    paused_at = models.DateTimeField()
    paused_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    resumed_at = models.DateTimeField(null=True)
    resumed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(resumed_at=None), name="clocks_one_open_pause"
            )
        ]


class Ruled(DossierRow):
    """The recorded decision about a duty that may go against her consent: facts, ruling, reason. Source: care.md 9."""

    section = models.CharField(max_length=14, choices=Section.choices)
    clock = models.OneToOneField(Clock, models.PROTECT, related_name="ruled")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    on_complaint = models.CharField(max_length=7, choices=Answer.choices)  # delik aduan
    child = models.CharField(max_length=7, choices=Answer.choices)
    disability = models.CharField(max_length=7, choices=Answer.choices)
    she_agrees = models.CharField(max_length=7, choices=Answer.choices)
    danger = models.CharField(max_length=7, choices=Answer.choices)
    ruling = models.CharField(max_length=14, choices=Ruling.choices)
    reason = SealedField()
    ruled_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()

    class Meta:
        constraints = [
            # For an offence on complaint her no is the outcome. Source: care.md 9.
            models.CheckConstraint(
                condition=~models.Q(on_complaint=Answer.YES, she_agrees=Answer.NO)
                | models.Q(ruling=Ruling.RESPECT),
                name="clocks_her_no_is_the_outcome",
            )
        ]


class UnitClock(Running):
    """A deadline that runs for a unit and no file: its semester report, the notice of a breach."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    period = models.CharField(max_length=20)  # 2026-1, or the day a breach was found
    end_note = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "code", "period"], name="clocks_one_a_period")]
        indexes = [
            models.Index(
                fields=["fires_at"], condition=models.Q(fires_at__isnull=False), name="clocks_unit_to_fire"
            )
        ]
