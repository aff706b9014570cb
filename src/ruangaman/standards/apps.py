from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "ruangaman.standards"
    label = "standards"
