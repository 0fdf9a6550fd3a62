"""*Payer*: from our button to the provider's own page, which alone sees the card."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from reglo.delivery.models import PortalGrant
from reglo.delivery.services import record_seen
from reglo.errors import RegloError
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models import AttemptLine, PaymentAttempt
from reglo.payments.providers.contract import Urls
from reglo.payments.services import start_payment
from reglo.payments.states import AttemptState, OfferedMethods
from reglo.portal.doors import customer
from reglo.portal.rate_limits import Limit
from reglo.portal.return_tokens import return_token
from reglo.portal.seller import seller_of
from reglo.portal.typed_amounts import typed_amount
from reglo.portal.views.invoice import INSTALMENT, PART, page
from reglo.ports import clock

_STARTS = Limit("pay", most=30, seconds=3600)


class PaymentPageElsewhere(RegloError):
    """The provider sent an address that is not one of its own: nobody is sent there."""

    code = "payment_page_elsewhere"
    status = 502
    message = _("La page de paiement ne s’est pas ouverte comme prévu. Réessayez plus tard ou payez autrement.")


class RightMissing(RegloError):
    code = "link_cannot_pay"
    status = 403
    message = _("Ce lien permet de voir cette facture, non de la payer.")


class PartNotRead(RegloError):
    code = "part_not_read"
    status = 422
    message = _("Tapez le montant que vous payez, par exemple 150,00.")


@require_POST
@customer
def pay(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    """Start, or find again, the one open payment of the document; then our page that forwards. A double click is
    harmless. What is refused is said on the document's page, with its status."""
    try:
        if not grant.may_pay:
            raise RightMissing
        _STARTS.count(str(grant.bill.pk))
        if grant.link is not None:
            record_seen(link=grant.link, now=clock.now())
        start_payment(
            company_id=grant.company_id,
            invoice_id=grant.bill.pk,
            urls=return_urls,
            now=clock.now(),
            part=_part(request, grant.bill),
        )
    except RegloError as refusal:
        grant.bill.refresh_from_db()  # paid, or credited, meanwhile
        return page(request, grant, refusal=refusal)
    return HttpResponseRedirect(reverse("portal:forward", args=[grant.public_id]), status=303)


@require_safe
@customer
def forward(request: HttpRequest, grant: PortalGrant) -> HttpResponse:
    """« Vous allez vers la page de paiement sécurisée »: by itself, or by its link."""
    line = (
        AttemptLine.objects.filter(invoice_id=grant.bill.pk, open=True, attempt__state=AttemptState.OPEN)
        .select_related("attempt")
        .first()
    )
    if line is None or not grant.may_pay:
        return HttpResponseRedirect(reverse("portal:invoice", args=[grant.public_id]))
    address = line.attempt.redirect_url
    if not is_payment_page(address):
        return page(request, grant, refusal=PaymentPageElsewhere())
    return render(
        request,
        "portal/forward.html",
        {
            "address": address,
            "amount": line.attempt.amount,
            "takes_debits": line.attempt.offers == OfferedMethods.CARD_AND_DEBIT,
            "seller": seller_of(grant.company),
            "public_id": grant.public_id,
        },
    )


def _part(request: HttpRequest, invoice: Invoice) -> Money | None:
    """The part that the payer chose to pay, or the instalment that the page offered; None for all of it.

    Only a proposal: the verb computes what may be paid. Raises PartNotRead.
    """
    if INSTALMENT in request.POST:
        minor = request.POST[INSTALMENT]
        if not (minor.isdecimal() and minor.isascii() and len(minor) < 14):
            raise PartNotRead
        return Money(int(minor), invoice.currency)
    if PART not in request.POST:
        return None
    typed = typed_amount(request.POST[PART], currency=invoice.currency)
    if typed is None:
        raise PartNotRead
    return typed


def return_urls(attempt: PaymentAttempt) -> Urls:
    """Where the payer comes back; always the same for the same attempt."""
    token = return_token(attempt.id)
    return Urls(
        success=settings.BASE_URL + reverse("portal:come_back", args=[token]),
        cancel=settings.BASE_URL + reverse("portal:gave_up", args=[token]),
    )


def is_payment_page(address: str) -> bool:
    """True for an address of a provider's own hosted page."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" in settings.PAYMENT_PAGE_ORIGINS
