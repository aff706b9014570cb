"""Sealed identities and the blind tokens that find them."""

from django.db import models

from ruangaman.access.models import DataKey, DossierRow
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id
from ruangaman.people.states import PersonRole


class Person(DossierRow):
    """Somebody in a dossier. Name and initials are sealed under the dossier's identity key."""

    role = models.CharField(max_length=8, choices=PersonRole.choices)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    name = SealedField()
    initials = SealedField()


class NameToken(models.Model):
    """One blind form of one name: a keyed hash that can be looked up and not be read.

    Unit and stage come first in the index, so that a search touches no row of a unit or stage it may not see, and how
    long it takes tells nothing. Source: security.md 11.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier_id = models.UUIDField()
    unit_id = models.UUIDField()
    stage = models.CharField(max_length=8)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    token = models.BinaryField(max_length=16)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["unit_id", "stage", "token", "-opened_at"],
                include=["person", "dossier_id"],
                name="people_token_lookup",
            ),
            models.Index(fields=["dossier_id"], name="people_token_dossier"),
        ]
