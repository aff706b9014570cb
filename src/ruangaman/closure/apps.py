from django.apps import AppConfig


class ClosureConfig(AppConfig):
    name = "ruangaman.closure"
    label = "closure"

    def ready(self) -> None:
        from ruangaman.access import duties as access_duties
        from ruangaman.access.panels import register
        from ruangaman.closure import duties, panels

        register(80, panels.way_home)
        access_duties.register(duties.next_visits)
        access_duties.register(duties.first_visits)
