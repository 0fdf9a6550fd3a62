from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "reglo.customers"
    label = "customers"
