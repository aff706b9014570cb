from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "ruangaman.services"
    label = "services"
