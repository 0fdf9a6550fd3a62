"""Configuration > E-mail: the server that sends, and a test to oneself."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.forms.mail import MailForm
from reglo.dashboard.views.settings.subjects import MAIL, SUBJECTS
from reglo.delivery.models import MailSettings
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services import (
    MailNotConfigured,
    MailNotSent,
    MailSettingsRefused,
    save_mail_settings,
    try_mail_settings,
)
from reglo.delivery.states import Security
from reglo.ports import clock
from reglo.ui.notices import notify

FIELDS = ("host", "port", "security", "username", "from_address", "from_name")


@staff(Right.SETTINGS)
def mail(request: StaffRequest) -> HttpResponse:
    known = mail_settings_of(request.company.pk)
    form = MailForm(request.POST or None, initial=_initial(request, known))
    if not form.is_valid():
        return _page(request, form, known, status=422 if form.is_bound else 200)
    try:
        save_mail_settings(company_id=request.company.pk, typed=form.typed(), actor_id=request.user.pk, now=clock.now())
    except MailSettingsRefused as refused:
        form.add_error(refused.field, str(refused))
        return _page(request, form, known, status=refused.status)
    notify(request, _("Réglages enregistrés. Envoyez-vous un essai."))
    return HttpResponseRedirect(reverse("dashboard:settings_mail"))


@staff(Right.SETTINGS)
@require_POST
def try_mail(request: StaffRequest) -> HttpResponse:
    """*Envoyer un essai* to the person's own address, with the saved settings."""
    try:
        try_mail_settings(company_id=request.company.pk, to=request.user.email, now=clock.now())
    except (MailNotSent, MailNotConfigured) as refused:
        known = mail_settings_of(request.company.pk)
        form = MailForm(initial=_initial(request, known))
        return _page(request, form, known, failure=str(refused), status=refused.status)
    notify(request, _("Essai envoyé à %s.") % request.user.email)
    return HttpResponseRedirect(reverse("dashboard:settings_mail"))


def _page(
    request: StaffRequest, form: MailForm, known: MailSettings | None, *, failure: str = "", status: int = 200
) -> HttpResponse:
    context = {"subject": MAIL, "subjects": SUBJECTS, "form": form, "known": known, "failure": failure}
    return render(request, "dashboard/settings/mail.html", context, status=status)


def _initial(request: StaffRequest, known: MailSettings | None) -> dict[str, object]:
    if known:
        return {name: getattr(known, name) for name in FIELDS}
    return {
        "port": 587,
        "security": Security.STARTTLS.value,
        "from_address": request.company.email,
        "from_name": request.company.name,
    }
