from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "ruangaman.clocks"
    label = "clocks"
