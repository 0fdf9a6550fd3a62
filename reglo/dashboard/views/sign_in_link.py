"""The one-time link that a command printed: it signs in, or lets a person choose a new password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from reglo.companies.services import open_sign_in_link, use_sign_in_link
from reglo.dashboard.access import anyone
from reglo.dashboard.accounts import sign_in
from reglo.dashboard.forms.people import NewPasswordForm
from reglo.ports import clock


@anyone("who holds the link proves who they are with it")
@never_cache
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Opening consumes nothing; the button does. Raises SignInLinkUnusable."""
    link = open_sign_in_link(token=token, now=clock.now())
    form = NewPasswordForm(request.POST or None, person=link.user) if link.resets_password else None
    if request.method == "POST" and (form is None or form.is_valid()):
        password = form.cleaned_data["password"] if form else None
        person = use_sign_in_link(token=token, new_password=password, now=clock.now())
        return sign_in(request, person, next_url=reverse("dashboard:home"))
    return render(
        request,
        "dashboard/sign_in_link.html",
        {"person": link.user, "form": form},
        status=422 if form and form.errors else 200,
    )
