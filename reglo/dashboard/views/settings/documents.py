"""*Devis & Factures*: the switch of the card, its limit, and how the connection to Stripe stands."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.forms.documents import DocumentsForm, MethodsForm
from reglo.dashboard.views.settings.company import company_form, save_company
from reglo.dashboard.views.settings.subjects import DOCUMENTS, SUBJECTS
from reglo.money import Money
from reglo.payments.fee_estimates import expected_fee
from reglo.payments.models import ProviderAccount
from reglo.payments.queries import accounts_of, connected_account
from reglo.payments.services import PaymentsUnderWay, choose_methods, disconnect_account
from reglo.payments.states import AccountState, OfferedMethods
from reglo.ports import clock
from reglo.ui.notices import notify, notify_failure

EXAMPLE = Money(100_000, "EUR")


@staff(Right.SETTINGS)
def documents(request: StaffRequest) -> HttpResponse:
    form = company_form(request, DocumentsForm)
    if request.method == "POST" and form.is_valid():
        saved = save_company(request, form)
        page = reverse(DOCUMENTS.route)
        if saved:
            undo_url = f"{reverse('dashboard:undo_change', args=[saved.pk])}?next={page}"
            notify(request, _("Modifications enregistrées."), undo_url=undo_url)
        return HttpResponseRedirect(page)
    account = _account(request.company.pk)
    today = clock.now().astimezone(request.company.zone).date()
    return render(
        request,
        "dashboard/settings/documents.html",
        {
            "form": form,
            "subject": DOCUMENTS,
            "subjects": SUBJECTS,
            "account": account,
            "methods": MethodsForm(initial={"offers": account.offers}) if account else None,
            "example": EXAMPLE,
            "fee": expected_fee(amount=EXAMPLE, country=account.country, day=today) if account else None,
        },
        status=422 if form.errors else 200,
    )


@staff(Right.SETTINGS)
@require_POST
def methods(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """*Carte seule*, or the SEPA debit too."""
    account = get_object_or_404(accounts_of(company_id=request.company.pk), pk=account_id)
    form = MethodsForm(request.POST)
    if form.is_valid():
        choose_methods(
            company_id=account.company_id,
            account_id=account.id,
            offers=OfferedMethods(form.cleaned_data["offers"]),
            now=clock.now(),
            actor_id=request.user.pk,
        )
        notify(request, _("Modifications enregistrées."))
    else:
        notify_failure(request, _("Choisissez la carte seule, ou la carte et le prélèvement."))
    return HttpResponseRedirect(reverse(DOCUMENTS.route))


@staff(Right.SETTINGS)
@require_POST
def disconnect(request: StaffRequest, account_id: UUID) -> HttpResponse:
    try:
        disconnect_account(
            company_id=request.company.pk, account_id=account_id, now=clock.now(), actor_id=request.user.pk
        )
    except PaymentsUnderWay as error:
        notify_failure(request, str(error))
    else:
        notify(request, _("Stripe est déconnecté. Les paiements déjà reçus restent dans vos comptes."))
    return HttpResponseRedirect(reverse(DOCUMENTS.route))


def _account(company_id: int) -> ProviderAccount | None:
    """The one that collects; else the one whose connection was begun."""
    begun = accounts_of(company_id=company_id).filter(state=AccountState.PENDING)
    return connected_account(company_id=company_id) or begun.first()
