"""An invitation's link: what it offers, then the account, then the company."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from reglo.companies.models import Invitation, User
from reglo.companies.queries import open_invitation, person_with
from reglo.companies.services import (
    InvitationForAnother,
    InvitationUnusable,
    PersonAlreadyKnown,
    accept_invitation,
    join_by_invitation,
)
from reglo.dashboard.access import COMPANY_IN_SESSION, anyone
from reglo.dashboard.accounts import sign_in
from reglo.dashboard.forms.people import JoinForm
from reglo.ports import clock


@anyone("the bearer of an invitation is not known yet")
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Opening consumes nothing: mail scanners open links. Accepting is a POST."""
    found = open_invitation(token=token, now=clock.now())
    if found is None:
        raise InvitationUnusable
    if request.user.is_authenticated:
        return _known_person(request, found, token, request.user)
    if found.email and person_with(found.email):
        return render(request, "dashboard/joining_known.html", {"invitation": found, "sign_in_url": _sign_in(request)})
    return _new_person(request, found, token)


def _known_person(request: HttpRequest, found: Invitation, token: str, person: User) -> HttpResponse:
    if not found.is_for(person):
        context = {"invitation": found, "person": person, "address": request.path}
        return render(request, "dashboard/joining_other.html", context, status=InvitationForAnother.status)
    if request.method != "POST":
        return render(request, "dashboard/joining_known.html", {"invitation": found, "person": person})
    accepted = accept_invitation(token=token, person=person, now=clock.now())
    request.session[COMPANY_IN_SESSION] = accepted.company_id
    return HttpResponseRedirect(_next_page(accepted))


def _new_person(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    form = JoinForm(request.POST or None, invited_address=found.email)
    if request.method == "POST" and form.is_valid():
        try:
            person = join_by_invitation(
                token=token,
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                password=None if form.by_passkey else form.cleaned_data["password"],
                now=clock.now(),
            )
        except PersonAlreadyKnown as error:
            form.add_error("email", str(error))
        else:
            if form.by_passkey:
                messages.info(request, _("Votre compte existe. Ajoutez maintenant la clé d’accès qui l’ouvrira."))
                return sign_in(request, person, next_url=reverse("mfa_add_webauthn"))
            return sign_in(request, person, next_url=_next_page(found))
    return render(
        request,
        "dashboard/joining.html",
        {"invitation": found, "form": form, "sign_in_url": _sign_in(request)},
        status=422 if form.errors else 200,
    )


def _next_page(invitation: Invitation) -> str:
    return reverse("dashboard:home" if invitation.company_id else "dashboard:found_company")


def _sign_in(request: HttpRequest) -> str:
    return f"{reverse('account_login')}?next={request.path}"
