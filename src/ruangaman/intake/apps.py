from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "ruangaman.intake"
    label = "intake"

    def ready(self) -> None:
        from ruangaman.access.panels import register
        from ruangaman.intake import panels

        register(30, panels.narrative)
        register(40, panels.contact)
        register(50, panels.thread)
