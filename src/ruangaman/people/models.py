"""Sealed identities, the parts people have in a dossier, and the blind tokens that find them again."""

from django.db import models

from ruangaman.access.models import DataKey, DossierRow, User
from ruangaman.access.states import Section
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id
from ruangaman.people.states import AgeBand, ContactMeans, PartStatus, PersonRole, Refusal, Relation, Sex


class Person(DossierRow):
    """Somebody in a dossier. What identifies is sealed under the key of the person's section of that dossier.

    ``section`` is identity, reporter or parties: the one in which the person was first known. Who turns out to be the
    client is moved to identity and sealed anew. Sex and age band are unsealed: they are what is counted.
    """

    section = models.CharField(max_length=14, choices=Section.choices)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    name = SealedField()
    initials = SealedField()
    born_on = SealedField()  # ISO date
    born_estimated = models.BooleanField(default=False)
    nik = SealedField()
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    age_band = models.CharField(max_length=5, choices=AgeBand.choices, blank=True, default=AgeBand.UNKNOWN)


class Part(DossierRow):
    """What a person is in the dossier: client, guardian, reported person … In the section of that role.

    A refused guardian is told in the section parties, so that who is shown the client's identity does not learn it.
    """

    section = models.CharField(max_length=14, choices=Section.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="parts")
    role = models.CharField(max_length=9, choices=PersonRole.choices)
    relation = models.CharField(
        max_length=16, choices=Relation.choices, default=Relation.UNKNOWN
    )  # to the client
    status = models.CharField(max_length=7, choices=PartStatus.choices, default=PartStatus.ACTIVE)
    refusal = models.CharField(max_length=8, choices=Refusal.choices, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "person", "role"],
                condition=models.Q(status=PartStatus.ACTIVE),
                name="people_one_live_part",
            ),
            models.CheckConstraint(
                condition=models.Q(status=PartStatus.REFUSED) ^ models.Q(refusal=""),
                name="people_refusal_has_reason",
            ),
        ]


class NameToken(models.Model):
    """One blind form of one name: a keyed hash that can be looked up and not be read.

    Unit and stage come first in the index, so that a search touches no row of a unit or stage it may not see, and how
    long it takes tells nothing. Source: security.md 11.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier_id = models.UUIDField()
    unit_id = models.UUIDField()
    stage = models.CharField(max_length=8)
    section = models.CharField(max_length=14, choices=Section.choices)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    token = models.BinaryField(max_length=16)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["unit_id", "section", "stage", "token", "-opened_at"],
                include=["person", "dossier_id"],
                name="people_token_lookup",
            ),
            models.Index(fields=["dossier_id"], name="people_token_dossier"),
        ]


class Contact(DossierRow):
    """How a client can be reached without danger, when, and which word proves who calls. Section: contact.

    The newest row counts. It goes stale: it is confirmed again every 30 days and after any move. No reminder and no
    paper unless she said that it is safe. Source: care.md 7.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    means = models.CharField(max_length=8, choices=ContactMeans.choices)
    never_call = models.BooleanField(default=False)
    address = SealedField()  # the number or account, or through whom
    code_word = SealedField()
    weekdays = models.PositiveSmallIntegerField(default=127)  # bit 0 is Monday
    from_time = models.TimeField(null=True)
    until_time = models.TimeField(null=True)
    reminders_safe = models.BooleanField(default=False)
    paper_safe = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "-confirmed_at"], name="people_newest_contact")]
