from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "ruangaman.papers"
    label = "papers"

    def ready(self) -> None:
        from ruangaman.access import duties as waiting
        from ruangaman.access import panels as shown
        from ruangaman.papers import duties, panels

        waiting.register(duties.openings_to_decide)
        shown.register(60, panels.papers)
        shown.register(65, panels.letters)
