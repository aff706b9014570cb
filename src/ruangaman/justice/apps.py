from django.apps import AppConfig


class JusticeConfig(AppConfig):
    name = "ruangaman.justice"
    label = "justice"
