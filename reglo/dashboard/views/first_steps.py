"""After a company is born: the pages that complete it, one after the other, each of which may wait."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.forms.accounts import AccountsForm
from reglo.dashboard.forms.company import BankForm, CompanyForm, LookForm, ReceivingForm
from reglo.dashboard.views.settings.accounts import accounts_form, save_accounts
from reglo.dashboard.views.settings.company import company_form, save_company


@dataclass(frozen=True, slots=True)
class Step:
    """`form` is None for the account map, whose form is made from the map in force."""

    slug: str
    title: Any  # a lazy translation
    lead: Any
    template: str
    form: type[CompanyForm] | None = None


STEPS = (
    Step(
        "banque",
        _("Où vos clients vous paient par virement"),
        _("Imprimé sur vos factures, avec un code à scanner."),
        "dashboard/first_steps/form.html",
        BankForm,
    ),
    Step(
        "logo",
        _("Ce que vos clients reconnaissent"),
        _("Votre logo et une couleur, sur vos documents et sur leur page de paiement."),
        "dashboard/first_steps/form.html",
        LookForm,
    ),
    Step(
        "comptes",
        _("Vos comptes comptables"),
        _("Ceux du plan comptable conviennent à presque tout le monde. Confirmez-les, ou changez-les."),
        "dashboard/first_steps/accounts.html",
    ),
    Step(
        "reception",
        _("Les factures que vous recevez"),
        _("Une dernière question, que la loi pose à toutes les entreprises."),
        "dashboard/first_steps/receiving.html",
        ReceivingForm,
    ),
)


@staff(Right.SETTINGS)
def step(request: StaffRequest, slug: str) -> HttpResponse:
    rank = next((rank for rank, step in enumerate(STEPS) if step.slug == slug), None)
    if rank is None:
        raise Http404
    current, next_url = STEPS[rank], _after(rank)
    form = company_form(request, current.form) if current.form else accounts_form(request)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        return HttpResponseRedirect(next_url)
    return render(
        request,
        current.template,
        {"form": form, "step": current, "rank": rank + 2, "steps": len(STEPS) + 1, "next_url": next_url},
        status=422 if form.errors else 200,
    )


def _save(request: StaffRequest, form: CompanyForm | AccountsForm) -> bool:
    if isinstance(form, AccountsForm):
        return save_accounts(request, form)
    save_company(request, form)
    return True


def _after(rank: int) -> str:
    if rank + 1 == len(STEPS):
        return reverse("dashboard:home")
    return reverse("dashboard:first_step", args=[STEPS[rank + 1].slug])
