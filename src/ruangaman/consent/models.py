"""Consents: one row an answer, about one service, for one recipient. Section: plan. Rows change only to end."""

import pgtrigger
from django.db import models

from ruangaman.access.models import DataKey, DossierRow, Organisation, User
from ruangaman.consent.states import (
    Answer,
    Assent,
    Basis,
    Ground,
    Method,
    RecallAnswer,
    Service,
    Telling,
    Understood,
)
from ruangaman.kernel.fields import SealedField
from ruangaman.people.models import Person


class Consent(DossierRow):
    """What was answered about one service, and what its recipient may see (``scope``: sections), until when.

    ``recipient`` is empty for the unit's own people. What is given to a partner is projected into grants at once, and
    a withdrawal closes them at once; nothing else is read to decide access.
    """

    client = models.ForeignKey(Person, models.PROTECT, related_name="+")
    service = models.CharField(max_length=13, choices=Service.choices)
    recipient = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    scope = models.JSONField(default=list)
    answer = models.CharField(max_length=7, choices=Answer.choices)
    basis = models.CharField(max_length=13, choices=Basis.choices)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    assent = models.CharField(max_length=9, choices=Assent.choices, blank=True)
    method = models.CharField(max_length=6, choices=Method.choices)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    understood = models.CharField(max_length=7, choices=Understood.choices, default=Understood.WELL)
    words = models.PositiveSmallIntegerField(
        default=1
    )  # which version of the words was read out (consent.policies.wording)
    witness = SealedField()  # who heard a spoken answer
    helper = SealedField()  # who interpreted, or helped to understand; who never decides
    wish = SealedField()  # her own words: what she wants, and what not
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["dossier", "service", "-answered_at"], name="consent_of_dossier")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(answer=Answer.GIVEN),
                name="consent_only_given_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer=Answer.GIVEN) | models.Q(until__isnull=False),
                name="consent_given_ends",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="consents_stay",
                fields=["client", "service", "recipient", "scope", "answer", "basis", "given_by", "assent",
                        "method", "understood", "words", "recorded_by", "answered_at", "until"],
            )
        ]  # fmt: skip


class Recall(DossierRow):
    """That somebody no longer sees something, and is asked to delete what they took of it. Section: plan.

    Written by the database itself at the moment in which access closes. ``recipient`` is a partner, ``person`` one of
    the unit's own people; they see their own rows, the number of the file and which parts it is about, and nothing of
    the file. Source: UU 27/2022 Pasal 40 (3×24 hours after a withdrawal).
    """

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="recalls")
    recipient = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=12)
    sections = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when the task told who is asked, and began the clock
    answer = models.CharField(max_length=14, choices=RecallAnswer.choices, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "-asked_at"], name="consent_recalls"),
            models.Index(
                fields=["recipient", "asked_at"],
                condition=models.Q(answered_at=None),
                name="consent_recall_org",
            ),
            models.Index(
                fields=["person", "asked_at"], condition=models.Q(answered_at=None), name="consent_recall_own"
            ),
            models.Index(fields=["asked_at"], condition=models.Q(told_at=None), name="consent_recall_untold"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recipient=None) ^ models.Q(person=None), name="consent_recall_of_one"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_by=None, answered_at=None)
                | (~models.Q(answer="") & models.Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="consent_recall_is_signed",
            ),
        ]


class Disclosure(DossierRow):
    """A supervisor's decision about telling somebody without her consent: the ground, to whom, what, why.

    It opens nothing and sends nothing. Only ever added. Source: care.md 6, 9.
    """

    client = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, choices=Ground.choices)
    decision = models.CharField(max_length=4, choices=Telling.choices)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    recipient = SealedField()
    what = SealedField()
    reason = SealedField()
    told_her = models.BooleanField(default=False)  # she was told before, or why not stands in the reason
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "-decided_at"], name="consent_disclosures")]
