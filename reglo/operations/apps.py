from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "reglo.operations"
    label = "operations"
