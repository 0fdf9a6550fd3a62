from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "reglo.ui"
    label = "ui"
