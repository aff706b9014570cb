"""Entries and the seals over them. Both are only ever added to: by grants, by triggers, and by the chain."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from ruangaman.kernel.ids import new_id
from ruangaman.ledger.states import ActorKind

APPEND_ONLY = [
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'the ledger is only ever added to';",
    ),
]


class Entry(models.Model):
    """Who did what to what, when. Ids and names of fields; never a value.

    The table has two more columns that only the database writes: ``epoch`` and ``xid``, the transaction that wrote
    the entry. They order entries, so Django does not know them (see ``ledger.sealing``).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=8, choices=ActorKind.choices)
    verb = models.CharField(
        max_length=20
    )  # a code of states.Verb; no choices, so that a new verb is no migration
    unit_id = models.UUIDField(null=True)
    dossier_id = models.UUIDField(null=True)
    objects_named = ArrayField(models.UUIDField(), default=list)
    fields_named = ArrayField(models.CharField(max_length=40), default=list)
    mac = models.BinaryField()

    class Meta:
        triggers = APPEND_ONLY
        indexes = [
            models.Index(fields=["unit_id", "-id"], name="ledger_entry_unit"),
            models.Index(fields=["dossier_id", "-id"], name="ledger_entry_dossier"),
            models.Index(fields=["actor_id", "-id"], name="ledger_entry_actor"),
        ]


class Seal(models.Model):
    """One link of the chain: all entries of the transactions from one number up to another, and their digests."""

    number = models.BigIntegerField(primary_key=True)
    epoch = models.IntegerField()
    from_xid = models.BigIntegerField()
    upto_xid = models.BigIntegerField()
    count = models.IntegerField()
    leaves = models.BinaryField()
    previous = models.BinaryField()
    digest = models.BinaryField()
    signature = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        triggers = APPEND_ONLY


class Check(models.Model):
    """One reading of the whole ledger and what it found. The sealer makes one at its start and each hour."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    seals = models.BigIntegerField()
    entries = models.BigIntegerField()
    unsealed = models.BigIntegerField()
    findings = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="ledger_check_newest")]
