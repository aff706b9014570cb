"""System checks that keep the house: each stored field has its line in the data dictionary."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import Field

from ruangaman.kernel import dictionary
from ruangaman.kernel.fields import SealedField

# Not a SealedField, and sealed all the same: allauth keeps a JSON text, whose secrets its adapter's hooks seal.
SEALED_BY_HOOK = frozenset({"mfa.authenticator.data"})


def stored_fields() -> "dict[str, Field[Any, Any]]":
    """This will give each field that has a column, of every installed model, by ``app.model.field``."""
    return {
        f"{model._meta.label_lower}.{field.name}": field
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
        for field in model._meta.local_concrete_fields
    }


@register
def check_dictionary(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """This will compare policy/data.yaml with the models, field by field."""
    try:
        lines = dictionary.lines()
        dictionary.columns()
    except ValueError as fault:
        return [Error(str(fault), id="kernel.E001")]
    return list(compare(stored_fields(), lines))


def compare(
    fields: "dict[str, Field[Any, Any]]", lines: dict[str, dictionary.Line]
) -> Iterator[CheckMessage]:
    """This will give one error for each field that the dictionary leaves out, invents, or tells wrongly."""
    for name in sorted(fields.keys() - lines.keys()):
        hint = "Say how sensitive it is, for how long it is kept, why it may be, and what erasure does to it."
        yield Error(f"{name} has no line in policy/data.yaml.", hint=hint, id="kernel.E002")
    for name in sorted(lines.keys() - fields.keys()):
        yield Error(f"policy/data.yaml has a line for {name}, which is no field.", id="kernel.E003")
    for name in sorted(fields.keys() & lines.keys()):
        sealed = isinstance(fields[name], SealedField) or name in SEALED_BY_HOOK
        if sealed != (lines[name].sealing == "sealed"):
            yield Error(
                f"{name} is {'a' if sealed else 'no'} sealed field, and policy/data.yaml says "
                f"{lines[name].sealing!r}.",
                id="kernel.E004",
            )
