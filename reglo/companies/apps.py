from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "reglo.companies"
    label = "companies"
