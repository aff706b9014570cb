from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "ruangaman.notices"
    label = "notices"
