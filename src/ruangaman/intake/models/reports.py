"""A report and what belongs to it. Each table is one section, because a row can't be half visible."""

import pgtrigger
from django.db import models

from ruangaman.access.models import DataKey, DossierRow, OnlyRow, User
from ruangaman.intake.models.ways import Way
from ruangaman.intake.states import (
    UNDECIDED,
    AgeBand,
    Channel,
    ForWhom,
    Means,
    Proof,
    PublicStatus,
    ReporterKind,
    Triage,
    TriageReason,
)
from ruangaman.kernel.fields import SealedField
from ruangaman.places.models import Place


class Report(OnlyRow):
    """The bare facts of a report, for lists and counts. Section: administration."""

    channel = models.CharField(max_length=12, choices=Channel.choices)
    way = models.ForeignKey(Way, models.PROTECT, null=True, related_name="+")
    reporter_kind = models.CharField(max_length=12, choices=ReporterKind.choices, blank=True)
    for_whom = models.CharField(max_length=7, choices=ForWhom.choices, blank=True)
    # Of who writes, where that is the victim: a child has a path of its own. Source: care.md 12.
    age_band = models.CharField(max_length=8, choices=AgeBand.choices, blank=True)
    # It is about somebody who works for the service: nobody decides on it whose rank is not above. Source: issue 6.
    about_staff = models.BooleanField(default=False)
    danger_now = models.BooleanField(default=False)
    proof = models.CharField(max_length=6, choices=Proof.choices, default=Proof.STAFF)
    # One of a great many that came within the hour from one place: kept like any other, looked at after the others.
    in_flood = models.BooleanField(default=False)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()
    first_answered_at = models.DateTimeField(null=True, blank=True)
    triage = models.CharField(max_length=12, choices=Triage.choices, default=Triage.RECEIVED)
    triaged_at = models.DateTimeField(null=True, blank=True)
    # Triaged for outreach, and no attempt stands planned or has reached her: nobody may be forgotten between two
    # attempts. The database keeps it, because who ends an attempt may not write the administration of the file.
    awaits_outreach = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-received_at", "-id"], name="intake_report_list"),
            # The count of what waits reads what waits, not the unit's years (benchmarks/lists.py).
            models.Index(
                fields=["unit", "stage"],
                condition=models.Q(first_answered_at=None),
                name="intake_report_waiting",
            ),
            models.Index(
                fields=["unit", "stage", "received_at"],
                condition=models.Q(triage__in=UNDECIDED),
                name="intake_report_untriaged",
            ),
            models.Index(
                models.F("unit"),
                models.F("stage"),
                models.F("danger_now").desc(),
                models.F("received_at"),
                models.F("id"),
                condition=models.Q(in_flood=True, triage__in=UNDECIDED),
                name="intake_report_flood",
            ),
            models.Index(
                fields=["unit", "stage", "triaged_at"],
                condition=models.Q(awaits_outreach=True),
                name="intake_report_awaits",
            ),
            models.Index(
                fields=["received_at"], condition=models.Q(about_staff=True), name="intake_report_of_staff"
            ),
        ]


class Story(DossierRow):
    """What happened, in the reporter's words. Section: narrative."""

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    text = SealedField()
    accused = SealedField()  # who works for the service, as the reporter names them


class SafeContact(DossierRow):
    """How the reporter can be reached without danger. Section: reporter."""

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    means = models.CharField(max_length=4, choices=Means.choices)
    never_call = models.BooleanField(default=False)
    phone = SealedField()
    hours = SealedField()  # in words, where days and hours don't say it
    weekdays = models.PositiveSmallIntegerField(default=127)  # bit 0 is Monday
    from_time = models.TimeField(null=True)  # of the place's own time; both or neither
    until_time = models.TimeField(null=True)
    code_word = SealedField()  # said first by who calls, so that she knows who it is
    doubted_at = models.DateTimeField(null=True)  # they told by the thread that it is not safe any more
    trusted = (
        SealedField()
    )  # whom a child trusts, and who must not know: nobody named is contacted. Source: care.md 12
    must_not_know = SealedField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekdays__gte=1, weekdays__lte=127), name="intake_contact_has_days"
            ),
            models.CheckConstraint(
                condition=models.Q(from_time=None, until_time=None)
                | models.Q(from_time__lt=models.F("until_time")),
                name="intake_contact_hours",
            ),
        ]


class Thread(DossierRow):
    """The reporter's way back: found by a keyed hash of the code, opened by the code. Section: thread.

    ``code_wrap`` is the thread's data key, wrapped a second time under a key that comes from the code and a pepper
    outside the database. Source: security.md 13.
    """

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    locator = models.BinaryField(max_length=32, unique=True, null=True)
    code_wrap = models.BinaryField(null=True)
    # Read out or written down by an officer: the first visit with it gives a new one that nobody else has seen.
    known_to_staff = models.BooleanField(default=False)
    status = models.CharField(max_length=11, choices=PublicStatus.choices, default=PublicStatus.RECEIVED)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier"], name="intake_one_thread")]


class Message(DossierRow):
    """One message between the reporter and the unit. Section: thread. Only ever added."""

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    author_id = models.UUIDField(null=True)  # of staff; the reporter has no id
    body = SealedField()
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "sent_at"], name="intake_message_order")]
        triggers = [pgtrigger.ReadOnly(name="messages_stay", fields=["key", "author_id", "sent_at"])]


class TriageMove(DossierRow):
    """One decision of triage: where to, why, who, when. Section: administration. Only ever added."""

    before = models.CharField(max_length=12, choices=Triage.choices)
    after = models.CharField(max_length=12, choices=Triage.choices)
    reason = models.CharField(max_length=15, choices=TriageReason.choices)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.ForeignKey(DataKey, models.PROTECT, null=True, related_name="+")
    note = SealedField()  # in words, where the reason alone does not say it
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "decided_at"], name="intake_triage_order")]
