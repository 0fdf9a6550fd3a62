"""The addresses of the dashboard, in French. Each view declares who may call it (`access.py`)."""

from django.urls import path

from reglo.dashboard.views import companies, found_company, home, second_factor
from reglo.dashboard.views.settings import index

app_name = "dashboard"

urlpatterns = [
    path("", home.home, name="home"),
    path("configuration/", index.index, name="settings"),
    path("entreprises/", companies.choose, name="companies"),
    path("entreprises/nouvelle/", found_company.found, name="found_company"),
    path("compte/double-authentification/", second_factor.set_up, name="second_factor"),
]
