"""Encaissements > Rapprochement Stripe: what Stripe's balance and the books do not say alike, each with its button."""

from collections.abc import Collection

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.errors import RegloError
from reglo.invoicing.models import Invoice
from reglo.payments.models import Difference, Silence
from reglo.payments.queries import accounts_of, connected_account, open_differences
from reglo.payments.services import retake_difference
from reglo.ports import clock
from reglo.ui.notices import notify, notify_failure

MOST = 200
SILENCES = 5


@staff(Right.READ_MONEY)
def reconciliation(request: StaffRequest) -> HttpResponse:
    company_id = request.company.pk
    account = connected_account(company_id=company_id) or accounts_of(company_id=company_id).first()
    found = list(open_differences(company_id=company_id)[: MOST + 1])
    invoices = _invoices(company_id, [difference.source_id for difference in found])
    context = {
        "account": account,
        "rows": [(difference, invoices.get(difference.source_id)) for difference in found[:MOST]],
        "more": len(found) > MOST,
        "silences": Silence.objects.filter(company_id=company_id).order_by("-until_at")[:SILENCES],
    }
    return render(request, "dashboard/payouts/reconciliation.html", context)


@staff(Right.COLLECT)
@require_POST
def retake(request: StaffRequest, difference_id: int) -> HttpResponse:
    """*Reprendre* one object."""
    try:
        difference = retake_difference(company_id=request.company.pk, difference_id=difference_id, now=clock.now())
    except RegloError as refused:
        notify_failure(request, str(refused))
    else:
        _say(request, difference)
    return HttpResponseRedirect(reverse("dashboard:reconciliation"))


def _say(request: StaffRequest, difference: Difference) -> None:
    if difference.resolved_at is not None:
        notify(request, _("Repris : Stripe et vos comptes correspondent."))
    else:
        notify_failure(
            request, _("Stripe a été relu, et la différence demeure : rien chez Stripe ne la rattache à une facture.")
        )


def _invoices(company_id: int, source_ids: Collection[str]) -> dict[str, Invoice]:
    """The document that a payment of ours settles, by the payment's name at Stripe."""
    settled = Invoice.objects.filter(company_id=company_id, allocations__payment__external_id__in=source_ids)
    pairs = dict(settled.values_list("allocations__payment__external_id", "id"))
    by_id = Invoice.objects.in_bulk(list(pairs.values()))
    return {str(source_id): by_id[invoice_id] for source_id, invoice_id in pairs.items()}
