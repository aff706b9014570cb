from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "ruangaman.agenda"
    label = "agenda"

    def ready(self) -> None:
        """This will register what the agenda shows on the page of a dossier and asks of people."""
