from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ruangaman.ledger"
    label = "ledger"
