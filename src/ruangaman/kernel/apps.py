from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "ruangaman.kernel"
    label = "kernel"

    def ready(self) -> None:
        from ruangaman.kernel import checks  # noqa: F401  registers the system checks
