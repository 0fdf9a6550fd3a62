from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "reglo.hooks"
    label = "hooks"
