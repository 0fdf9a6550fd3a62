from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "reglo.config"
    label = "config"

    def ready(self) -> None:
        from reglo.config import checks  # noqa: F401 (registers them)
