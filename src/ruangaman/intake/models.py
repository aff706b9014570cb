"""A report and what belongs to it. Each table is one section, because a row can't be half visible."""

import pgtrigger
from django.db import models

from ruangaman.access.models import DataKey, DossierRow, OnlyRow, User
from ruangaman.intake.states import (
    Channel,
    Means,
    OutreachPlace,
    OutreachResult,
    PublicStatus,
    ReporterKind,
    Triage,
    TriageReason,
)
from ruangaman.kernel.fields import SealedField
from ruangaman.places.models import Place


class Report(OnlyRow):
    """The bare facts of a report, for lists and counts. Section: administration."""

    channel = models.CharField(max_length=8, choices=Channel.choices)
    reporter_kind = models.CharField(max_length=12, choices=ReporterKind.choices, blank=True)
    danger_now = models.BooleanField(default=False)
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
                condition=models.Q(triage=Triage.RECEIVED),
                name="intake_report_untriaged",
            ),
            models.Index(
                fields=["unit", "stage", "triaged_at"],
                condition=models.Q(awaits_outreach=True),
                name="intake_report_awaits",
            ),
        ]


class Story(DossierRow):
    """What happened, in the reporter's words. Section: narrative."""

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    text = SealedField()


class SafeContact(DossierRow):
    """How the reporter can be reached without danger. Section: reporter."""

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    means = models.CharField(max_length=4, choices=Means.choices)
    never_call = models.BooleanField(default=False)
    phone = SealedField()
    hours = SealedField()


class Thread(DossierRow):
    """The reporter's way back: found by a keyed hash of the code, opened by the code. Section: thread.

    ``code_wrap`` is the thread's data key, wrapped a second time under a key that comes from the code and a pepper
    outside the database. Source: security.md 13.
    """

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    locator = models.BinaryField(max_length=32, unique=True, null=True)
    code_wrap = models.BinaryField(null=True)
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
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "decided_at"], name="intake_triage_order")]


class Outreach(DossierRow):
    """A safe attempt to reach her: where, when, under which cover, and what came of it. Section: risk.

    No attempt is planned without a safety plan and a cover reason. Source: care.md 5.
    """

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    place_kind = models.CharField(max_length=13, choices=OutreachPlace.choices)
    place_name = SealedField()
    cover_reason = SealedField()
    safety_plan = SealedField()
    companion = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=OutreachResult.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    note = SealedField()

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "starts_at"], name="intake_outreach_dossier"),
            models.Index(
                fields=["companion", "starts_at"],
                condition=models.Q(ended_at=None),
                name="intake_outreach_due",
            ),
            models.Index(
                fields=["unit", "stage", "starts_at"],
                condition=models.Q(ended_at=None),
                name="intake_outreach_unit_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result="", ended_at=None)
                | (~models.Q(result="") & models.Q(ended_at__isnull=False)),
                name="intake_outreach_ends_with_result",
            ),
            models.CheckConstraint(
                condition=models.Q(safety_plan__isnull=False, cover_reason__isnull=False),
                name="intake_outreach_has_safety_plan",
            ),
        ]


class Draft(models.Model):
    """A report being written: sealed under a key that only the reporter's browser holds, gone after 30 minutes.

    Its id becomes the dossier's, so sending it twice can't make two reports.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    answers = SealedField()
    receipt = SealedField()
    expires_at = models.DateTimeField(db_index=True)
