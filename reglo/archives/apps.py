from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    name = "reglo.archives"
    label = "archives"
