from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "reglo.database"
    label = "database"
