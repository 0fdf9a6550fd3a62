"""The person's own account: the name they sign with, and what protects their sign-in."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from reglo.dashboard.access import PersonRequest, person
from reglo.dashboard.forms.people import AccountForm


@person
def account(request: PersonRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("C’est enregistré."))
        return HttpResponseRedirect(reverse("dashboard:account"))
    return render(request, "dashboard/account.html", {"form": form}, status=422 if form.errors else 200)
