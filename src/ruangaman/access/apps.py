from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "ruangaman.access"
    label = "access"
