from django.apps import AppConfig


class JusticeConfig(AppConfig):
    name = "ruangaman.justice"
    label = "justice"

    def ready(self) -> None:
        from ruangaman.access.panels import register
        from ruangaman.justice import panels

        register(70, panels.process)
