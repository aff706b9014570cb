from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "ruangaman.network"
    label = "network"
