from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "ruangaman.cases"
    label = "cases"
