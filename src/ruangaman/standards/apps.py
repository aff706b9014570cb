from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register


class StandardsConfig(AppConfig):
    name = "ruangaman.standards"
    label = "standards"

    def ready(self) -> None:
        register(check_definitions)


def check_definitions(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """This will read every set of indicators: one that leaves a part out, or can't be counted, stops the start."""
    from ruangaman.standards.matrix import names, standard

    faults: list[CheckMessage] = []
    for name in names():
        try:
            standard(name)
        except (ValueError, KeyError, TypeError) as fault:
            faults.append(Error(f"policy/standards/{name}.yaml: {fault!r}", id="standards.E001"))
    return faults
