from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "ruangaman.config"
    label = "config"
