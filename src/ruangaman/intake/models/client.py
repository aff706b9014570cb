"""The client's own way in: her code with a second secret, what she writes and is told, and what she asks.

Section client_thread: apart from the reporter's thread, because who reports may not be who it happened to. A row of one
client's is out of reach of another's code, in one dossier too.
"""

import pgtrigger
from django.db import models

from ruangaman.access.models import DataKey, DossierRow, User
from ruangaman.intake.states.client import IdentityCheck, SafetyCheck, WishAnswer, WishKind
from ruangaman.kernel.fields import SealedField
from ruangaman.people.models import Person


class ClientThread(DossierRow):
    """One client's code: found by a keyed hash, opened by the code and her second secret. Source: care.md 2."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    locator = models.BinaryField(max_length=32, unique=True, null=True)
    code_wrap = models.BinaryField(null=True)
    opens_messages = models.BooleanField(default=True)
    opens_rights = models.BooleanField(default=False)
    opens_appointments = models.BooleanField(default=False)
    opens_legal = models.BooleanField(default=False)
    identity_check = models.CharField(max_length=11, choices=IdentityCheck.choices)
    safety_check = models.CharField(max_length=12, choices=SafetyCheck.choices)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    hidden_before = models.DateTimeField(null=True)  # what is older she does not want to see here
    wrong_secrets = models.PositiveSmallIntegerField(default=0)  # one after the other
    locked_at = models.DateTimeField(null=True)  # after too many; staff opens it again
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "person"],
                condition=models.Q(revoked_at=None),
                name="intake_one_live_client_code",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None) | models.Q(locator=None, code_wrap=None),
                name="intake_revoked_opens_nothing",
            ),
        ]


class ClientMessage(DossierRow):
    """One message between a client and the unit. Section: client_thread. Only ever added."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    author_id = models.UUIDField(null=True)  # of staff; the client has no account
    body = SealedField()
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "sent_at"], name="intake_client_message_order")]
        triggers = [pgtrigger.ReadOnly(name="client_messages_stay", fields=["key", "author_id", "sent_at"])]


class Wish(DossierRow):
    """What a client asks through her code: a request, about which somebody speaks with her alone first.

    Section: client_thread. Source: care.md 2, 17.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=13, choices=WishKind.choices)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=WishAnswer.choices, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at=None)
                | ~models.Q(answer="") & models.Q(answered_at__isnull=False),
                name="intake_wish_is_answered",
            )
        ]
        indexes = [
            models.Index(
                fields=["unit", "stage", "asked_at"],
                condition=models.Q(answered_at=None),
                name="intake_wish_waiting",
            ),
            models.Index(fields=["dossier"], name="intake_wish_dossier"),
        ]
