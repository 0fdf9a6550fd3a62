from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "reglo.files"
    label = "files"
