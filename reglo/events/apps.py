from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "reglo.events"
    label = "events"
