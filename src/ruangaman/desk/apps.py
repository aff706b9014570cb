from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "ruangaman.desk"
    label = "desk"

    def ready(self) -> None:
        from ruangaman.access import context
        from ruangaman.desk.navigation import NAVIGATION

        context.NAVIGATION[:] = NAVIGATION
