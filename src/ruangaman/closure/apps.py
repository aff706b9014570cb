from django.apps import AppConfig


class ClosureConfig(AppConfig):
    name = "ruangaman.closure"
    label = "closure"
