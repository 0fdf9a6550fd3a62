from django.apps import AppConfig


class RenderingConfig(AppConfig):
    name = "reglo.rendering"
    label = "rendering"
