from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "ruangaman.agenda"
    label = "agenda"
