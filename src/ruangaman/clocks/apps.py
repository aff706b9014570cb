from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "ruangaman.clocks"
    label = "clocks"

    def ready(self) -> None:
        from ruangaman.access import duties as access
        from ruangaman.access.panels import register
        from ruangaman.clocks import duties, panels

        register(15, panels.deadlines)
        for maker in (duties.held, duties.unheld, duties.of_own_files, duties.of_the_unit):
            access.register(maker)
