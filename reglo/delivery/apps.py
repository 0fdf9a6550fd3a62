from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "reglo.delivery"
    label = "delivery"
