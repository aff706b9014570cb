"""Facilities and their hours, and what staff are good at. A shelter is a facility, and no public query reaches one."""

from django.db import models

from ruangaman.access.models import Organisation, User
from ruangaman.kernel.ids import new_id
from ruangaman.network.states import Duty, FacilityKind, HealthServiceKind, Skill
from ruangaman.places.models import Place


class Facility(models.Model):
    """A place or a line where a report can be made, or a shelter."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="facilities")
    kind = models.CharField(max_length=8, choices=FacilityKind.choices)
    name = models.CharField(max_length=160)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(max_length=240, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=160, blank=True)
    always_open = models.BooleanField(default=False)
    rank = models.SmallIntegerField(default=100)

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """When a facility is open on one day of the week, in the local time of its place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="hours")
    weekday = models.SmallIntegerField(choices=[(day, str(day)) for day in range(7)])  # Monday is 0
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes")), name="network_opens_first"
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__gte=0, weekday__lte=6), name="network_weekday"
            ),
        ]


class HealthService(models.Model):
    """That an organisation is a Puskesmas or a hospital, and how many of its health staff were trained, as counted on a
    day. A new count is a new row, so that the figures of a period that is over stay. Source: Lampiran D.II.2.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=9, choices=HealthServiceKind.choices)
    trained_staff = models.PositiveSmallIntegerField()
    counted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "counted_on"], name="network_one_count_a_day")
        ]


class StaffCount(models.Model):
    """How many officers an organisation has for a duty, and how many of them were trained, as counted on a day. A new
    count is a new row. About no person. Source: Lampiran D, indicators I.1.s1, III.3.s1, III.4.s1, V.8.s1.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    duty = models.CharField(max_length=13, choices=Duty.choices)
    staff = models.PositiveSmallIntegerField()
    trained = models.PositiveSmallIntegerField()
    counted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "duty", "counted_on"], name="network_one_staff_count_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(trained__lte=models.F("staff")), name="network_trained_are_staff"
            ),
        ]


class Aptitude(models.Model):
    """What somebody of staff is good at, and where they know their way. For the proposal of who goes out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    skill = models.CharField(max_length=15, choices=Skill.choices, blank=True)
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "skill", "area"],
                nulls_distinct=False,
                name="network_one_aptitude",
            ),
            models.CheckConstraint(
                condition=~models.Q(skill="") ^ models.Q(area__isnull=False), name="network_skill_or_area"
            ),
        ]
