"""Every door, mounted. `/health/` speaks to machines; the rest speaks French."""

from django.urls import include, path

from reglo.config import health

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("hooks/", include("reglo.hooks.urls")),
    path("p/", include("reglo.portal.urls")),
    path("", include("reglo.portal.public_urls")),
    path("compte/", include("reglo.dashboard.account_urls")),
    path("", include("reglo.dashboard.urls")),
]

handler400 = "reglo.config.errors.bad_request"
handler403 = "reglo.config.errors.forbidden"
handler404 = "reglo.config.errors.not_found"
handler500 = "reglo.config.errors.server_error"
handler429 = "reglo.config.errors.too_many_requests"  # asked for by allauth's rate limits
