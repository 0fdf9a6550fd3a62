"""Its webhook, and an address that says that the site is up."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def live(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("up")


urlpatterns = [path("health/live", live), path("stripe/", include("djstripe.urls", namespace="djstripe"))]
