from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "reglo.invoicing"
    label = "invoicing"
