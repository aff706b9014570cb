"""Places, bookings and who sits in them, when a reported person is where, and ways out.

Two people who must not meet are kept apart by the database: a seat that would bring them together is refused unless a
supervisor has overridden it with a reason.
"""

from django.db import models

from ruangaman.access.models import DataKey, DossierRow, Organisation, User
from ruangaman.access.states import Section
from ruangaman.agenda.states import BookingKind, BookingState, OutingEnd, ResourceKind, Whose, Why
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id
from ruangaman.people.models import Person
from ruangaman.places.models import Place


class Venue(models.Model):
    """A building that is no secret: an office, a court, a hospital. Never a shelter, never somebody's home."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    area = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="agenda_one_venue")]


class Resource(models.Model):
    """A room, a vehicle or an interpreter that can be in one place at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=ResourceKind.choices)
    name = models.CharField(max_length=120)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "name"], name="agenda_one_resource")]


class Somewhere(models.Model):
    """Where something is: a building we know, or words that are sealed; and the kelurahan, as far as it is told.

    ``spot`` is a keyed hash of the sealed words, so that two equal places can be told without reading either.
    """

    venue = models.ForeignKey(Venue, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    where = SealedField()
    spot = models.BinaryField(max_length=16, null=True)

    class Meta:
        abstract = True


class Booking(DossierRow, Somewhere):
    """An appointment of a file, in the section of what it is for."""

    section = models.CharField(max_length=14, choices=Section.choices)
    kind = models.CharField(max_length=11, choices=BookingKind.choices)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = SealedField()
    # What to do when it goes wrong, and what to say when somebody asks. No visit without. Source: care.md 5.
    safety_plan = SealedField()
    cover_reason = SealedField()
    state = models.CharField(max_length=9, choices=BookingState.choices, default=BookingState.PLANNED)
    moved_from = models.OneToOneField("self", models.PROTECT, null=True, related_name="moved_to")
    changed_side = models.CharField(max_length=7, choices=Whose.choices, blank=True)
    changed_why = models.CharField(max_length=12, choices=Why.choices, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    overridden_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    override_reason = SealedField()
    reminded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True)  # when the client was reminded, or could not be, safely

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="agenda_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[BookingState.PLANNED, BookingState.DONE])
                | ~models.Q(changed_side="") & ~models.Q(changed_why="") & models.Q(changed_at__isnull=False),
                name="agenda_change_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(overridden_by=None, override_reason=None)
                | models.Q(overridden_by__isnull=False, override_reason__isnull=False),
                name="agenda_override_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=[BookingKind.OUTREACH, BookingKind.HOME_VISIT])
                | models.Q(safety_plan__isnull=False, cover_reason__isnull=False),
                name="agenda_visit_has_a_plan",
            ),
            # Words alone can't be compared with what is known of where somebody is; the area can.
            models.CheckConstraint(
                condition=models.Q(spot=None) | models.Q(area__isnull=False), name="agenda_words_have_an_area"
            ),
        ]
        indexes = [
            models.Index(fields=["dossier", "starts_at"], name="agenda_of_dossier"),
            models.Index(fields=["made_by", "starts_at"], name="agenda_of_maker"),
        ]


class Seat(DossierRow):
    """Somebody or something that an appointment needs: one of staff, a person of the file, or a resource.

    Times are copies of the booking's, so that the database can refuse what would be in two places at once.
    """

    section = models.CharField(max_length=14, choices=Section.choices)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_constraint=False)
    resource = models.ForeignKey(Resource, models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, person=None, resource=None)
                | models.Q(user=None, person__isnull=False, resource=None)
                | models.Q(user=None, person=None, resource__isnull=False),
                name="agenda_seat_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["user", "starts_at"], name="agenda_of_staff"),
            models.Index(fields=["dossier", "starts_at"], name="agenda_seats_of_dossier"),
        ]


class Presence(DossierRow, Somewhere):
    """When and where a person of the file, mostly the reported one, is likely to be. Section: parties."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    weekdays = models.PositiveSmallIntegerField(default=127)  # bit 0 is Monday
    from_time = models.TimeField()
    until_time = models.TimeField()
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    told_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_time__gt=models.F("from_time")), name="agenda_presence_has_length"
            ),
            models.CheckConstraint(
                condition=models.Q(weekdays__gte=1, weekdays__lte=127), name="agenda_presence_has_days"
            ),
        ]
        indexes = [models.Index(fields=["dossier"], name="agenda_presence_dossier")]


class Outing(DossierRow):
    """That somebody of staff went out, whereabouts, and when they are expected back. Section: risk."""

    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="outings")
    area = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    out_at = models.DateTimeField()
    expected_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=6, choices=OutingEnd.choices, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reference: str | None  # of its dossier, where a query gives it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(back_at=None), name="agenda_out_once"
            ),
            models.CheckConstraint(
                condition=models.Q(expected_at__gt=models.F("out_at")), name="agenda_back_after_out"
            ),
            models.CheckConstraint(
                condition=models.Q(back_at=None, ending="", ended_by=None)
                | models.Q(back_at__isnull=False, ended_by__isnull=False) & ~models.Q(ending=""),
                name="agenda_back_has_an_ending",
            ),
        ]


class Feed(models.Model):
    """Somebody's private calendar feed: the keyed hash of its secret address."""

    person = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    secret_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
