from django.apps import AppConfig


class ClosureConfig(AppConfig):
    name = "ruangaman.closure"
    label = "closure"

    def ready(self) -> None:
        from ruangaman.access.panels import register
        from ruangaman.closure import panels

        register(80, panels.way_home)
