"""Carrying out an erasure: keys destroyed, traces deleted, what may stay made coarser.

What happens to each field stands in policy/data.yaml (``on_erasure``), and is done here for every room's tables alike,
so that a room can't forget it:

destroy     sealed text dies with its key; any other value becomes empty
delete      the row goes (said of the row's id)
generalise  a place becomes its kabupaten or kota
keep        stays

Source: security.md 10; ADR-0006.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Left

from ruangaman.access.models import DataKey, Destruction, Dossier, ErasureRequest
from ruangaman.access.states import Decision
from ruangaman.kernel import destructions, keyring
from ruangaman.kernel.dictionary import Line, lines
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import SealedField
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.places.models import Place

REGENCY_CODE = 5  # characters: 31.71


def erase(*, dossier_id: UUID, at: datetime, using: str = "default") -> bool:
    """This will erase a dossier that two persons wanted erased; False where that was done before.

    It runs in a task, under a ticket that reaches this dossier and nothing else.

    :raises Refused: where the ticket does not reach the dossier, or no second person has approved.
    """
    with transaction.atomic(using=using):
        # Whoever adds to the dossier now waits here, and is refused by the database when this is done.
        dossier = Dossier.objects.using(using).select_for_update().filter(id=dossier_id).first()
        if dossier is None:
            raise Refused("The ticket of this task does not reach the dossier.")
        if dossier.erased_at is not None:
            return False
        wanted = ErasureRequest.objects.using(using).filter(dossier=dossier_id, decision=Decision.APPROVED)
        request = wanted.order_by("-decided_at").first()
        if request is None:
            raise Refused("No second person has approved the erasure of this dossier.")
        destroyed = destroy(dossier=dossier, basis=request.basis, at=at, using=using)
        record(
            Verb.ERASED,
            at=at,
            kind=ActorKind.SYSTEM,
            unit=dossier.unit_id,
            dossier=dossier.id,
            objects=destroyed.keys,
            using=using,
        )
        # Last, and before the commit: what a crash leaves in the record alone is carried out at the next start; the
        # other way round, a restore would bring an erased dossier back.
        destructions.append(Path(settings.RUANGAMAN_KEYS), keyring.current(), destroyed)
    return True


def destroy(*, dossier: Dossier, basis: str, at: datetime, using: str) -> destructions.Destroyed:
    """This will destroy a dossier's keys and all that policy/data.yaml says, in the caller's transaction."""
    keys = DataKey.objects.using(using).filter(dossier_id=dossier.id)
    key_ids = tuple(keys.order_by("id").values_list("id", flat=True))
    keys.filter(wrapped__isnull=False).update(wrapped=None, destroyed_at=at)
    for model, name in tables():
        rows = model._default_manager.using(using).filter(**{name: dossier.id})
        if fate(model, model._meta.pk) == "delete":
            rows.delete()
        elif changed := changes(model):
            rows.update(**changed)
    dossier.erased_at = at
    dossier.save(update_fields=["erased_at"], using=using)
    known = Destruction.objects.using(using)
    known.create(
        dossier_id=dossier.id,
        unit_id=dossier.unit_id,
        key_ids=[str(key) for key in key_ids],
        destroyed_at=at,
        basis=basis,
    )
    return destructions.Destroyed(dossier.id, dossier.unit_id, key_ids, at, basis)


def tables() -> Iterator[tuple[type[models.Model], str]]:
    """This will give every table with rows of a dossier and the column that names it; what refers to others first."""
    for model in reversed(apps.get_models()):
        names = {field.attname for field in model._meta.concrete_fields}
        if "dossier_id" in names and model is not DataKey:  # keys are what erasure destroys: see above
            yield model, "dossier_id"
    yield Dossier, "id"


def fate(model: type[models.Model], field: Any) -> str:
    """This will give what policy/data.yaml says of a field at an erasure.

    :raises KeyError: where it says nothing.
    """
    return _lines()[f"{model._meta.label_lower}.{field.name}"].on_erasure


@lru_cache(maxsize=1)
def _lines() -> dict[str, Line]:
    return lines()


def changes(model: type[models.Model]) -> dict[str, Any]:
    """This will give what becomes of the fields of a row that stays.

    :raises ValueError: where policy/data.yaml asks for what can't be done to a field of that kind.
    """
    changed: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        wanted = fate(model, field)
        if wanted == "keep" or (wanted == "destroy" and isinstance(field, SealedField)):
            continue
        if wanted == "destroy" and field.null:
            changed[field.attname] = None
        elif wanted == "destroy" and isinstance(field, models.CharField | models.TextField):
            changed[field.attname] = ""
        elif wanted == "generalise" and isinstance(field, models.ForeignKey) and field.related_model is Place:
            changed[field.attname] = Left(field.attname, REGENCY_CODE)
        else:
            raise ValueError(
                f"policy/data.yaml: {model._meta.label}.{field.name} can't {wanted} at an erasure."
            )
    return changed


def unapplied(recorded: Sequence[destructions.Destroyed], *, using: str) -> list[destructions.Destroyed]:
    """This will give those recorded destructions whose dossier is here and lives: after a restore, or a crash."""
    ids = [line.dossier for line in recorded]
    present = Dossier.objects.using(using).filter(id__in=ids)
    alive = set(present.filter(erased_at=None).values_list("id", flat=True))
    open_keys = DataKey.objects.using(using).filter(dossier_id__in=ids, wrapped__isnull=False)
    alive |= set(open_keys.values_list("dossier_id", flat=True))
    return [line for line in recorded if line.dossier in alive]


def replay(*, recorded: Sequence[destructions.Destroyed], at: datetime, using: str) -> int:
    """This will carry out again the recorded destructions that are not applied, and give how many: the owner's part."""
    waiting = unapplied(recorded, using=using)
    for line in waiting:
        with transaction.atomic(using=using):
            dossier = Dossier.objects.using(using).select_for_update().get(id=line.dossier)
            destroy(dossier=dossier, basis=line.basis, at=line.at, using=using)
            record(
                Verb.ERASED,
                at=at,
                kind=ActorKind.OWNER,
                unit=line.unit,
                dossier=line.dossier,
                objects=line.keys,
                using=using,
            )
    return len(waiting)


def recorded_in_database(*, using: str) -> list[destructions.Destroyed]:
    """This will give the destructions that the database itself remembers, oldest first."""
    return [
        destructions.Destroyed(
            row.dossier_id, row.unit_id, tuple(UUID(key) for key in row.key_ids), row.destroyed_at, row.basis
        )
        for row in Destruction.objects.using(using).order_by("destroyed_at", "id")
    ]
