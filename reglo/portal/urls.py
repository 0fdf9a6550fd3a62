"""The addresses of the customer portal."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
