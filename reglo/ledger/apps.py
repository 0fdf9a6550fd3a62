from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "reglo.ledger"
    label = "ledger"
