from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "reglo.portal"
    label = "portal"
