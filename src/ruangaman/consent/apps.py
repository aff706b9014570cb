from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "ruangaman.consent"
    label = "consent"
