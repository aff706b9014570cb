from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "ruangaman.papers"
    label = "papers"

    def ready(self) -> None:
        from ruangaman.access import duties as waiting
        from ruangaman.papers import duties

        waiting.register(duties.openings_to_decide)
