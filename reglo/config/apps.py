from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "reglo.config"
    label = "config"
