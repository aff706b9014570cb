from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "ruangaman.papers"
    label = "papers"
