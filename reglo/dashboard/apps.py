from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "reglo.dashboard"
    label = "dashboard"
