from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "reglo.catalog"
    label = "catalog"
