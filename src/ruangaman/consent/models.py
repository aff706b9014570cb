"""Consents: one row an answer, about one service, for one recipient. Section: plan. Rows change only to end."""

import pgtrigger
from django.db import models

from ruangaman.access.models import DataKey, DossierRow, Organisation, User
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service
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
    witness = SealedField()  # who heard a spoken answer
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
                        "method", "recorded_by", "answered_at", "until"],
            )
        ]  # fmt: skip
