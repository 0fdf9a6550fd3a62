"""*Ajouter un encaissement*: money that came outside any provider, entered by hand."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceStatus
from reglo.money import Money
from reglo.payments.cash_limits import cash_limit_on
from reglo.payments.models import Allocation, Payment
from reglo.payments.services.booking import allocate, announce, post_movement, settle
from reglo.payments.states import BY_HAND, Method
from reglo.ports import ids
from reglo.ui.formats import amount as format_amount


class NothingToCollect(RegloError):
    code = "nothing_to_collect"
    status = 409
    message = _("Cette facture n’attend aucun encaissement.")


class CollectionOutOfBounds(RegloError):
    code = "collection_out_of_bounds"
    message = _("Le montant doit être compris entre 0,01 € et ce qui reste dû : %(remaining)s.")


class CollectionInFuture(RegloError):
    code = "collection_in_future"
    message = _("La date d’un encaissement ne peut pas être dans le futur.")


class CashAboveLimit(RegloError):
    code = "cash_above_limit"
    message = _(
        "La loi limite à %(limit)s les espèces reçues pour une même dette (%(source)s). "
        "Déjà reçu en espèces pour cette facture : %(received)s."
    )


@retry_on_conflict
def record_collection(
    *,
    company_id: int,
    invoice_id: int,
    amount_minor: int,
    method: Method,
    collected_on: date,
    now: datetime,
    note: str = "",
    actor_id: int | None = None,
    payment_id: UUID | None = None,
) -> Payment:
    """The payment, allocated to the invoice. `payment_id`, drawn by the form, makes a double click one payment.

    Raises NothingToCollect, CollectionOutOfBounds, CollectionInFuture, DateBeforeBooks, CashAboveLimit: nothing is then
    written.
    """
    assert method in BY_HAND, f"{method} comes from a provider"
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        if already := Payment.objects.filter(id=payment_id).first() if payment_id else None:
            if already.company_id != company_id:
                raise Http404
            return already
        _refuse(invoice, amount_minor, method, collected_on, now)
        payment = Payment.objects.create(
            id=payment_id or ids.new_uuid(),
            company_id=company_id,
            method=method,
            amount_minor=amount_minor,
            currency=invoice.currency,
            paid_at=datetime.combine(collected_on, time(12), tzinfo=invoice.company.zone),
            paid_on=collected_on,
            recorded_at=now,
            recorded_by_id=actor_id,
            note=note[:200],
        )
        parts = allocate(payment, [invoice], amount_minor=amount_minor, now=now)
        post_movement(
            payment,
            parts,
            payer=invoice,
            amount_minor=amount_minor,
            entry_date=collected_on,
            label=f"Encaissement {invoice.number} {invoice.customer_name}",
            source=f"payment:{payment.id}",
            now=now,
        )
        announce(payment, parts, payer=invoice, now=now, actor_id=actor_id)
        settle(invoice, now=now)
    return payment


def _refuse(invoice: Invoice, amount_minor: int, method: Method, collected_on: date, now: datetime) -> None:
    if invoice.status != InvoiceStatus.ISSUED or not invoice.remaining:
        raise NothingToCollect
    if not 0 < amount_minor <= invoice.settlement.remaining_minor:
        raise CollectionOutOfBounds(field="amount", remaining=_shown(invoice.settlement.remaining_minor, invoice))
    if collected_on > now.astimezone(invoice.company.zone).date():
        raise CollectionInFuture(field="collected_on")
    if method == Method.CASH:
        _refuse_cash(invoice, amount_minor, collected_on)


def _refuse_cash(invoice: Invoice, amount_minor: int, collected_on: date) -> None:
    """The limit is on what is received in cash for one debt, however it is cut."""
    customer = DocumentContent.from_json(invoice.frozen).customer
    limit = cash_limit_on(collected_on, country=customer.country, professional=customer.professional)
    received = Allocation.objects.filter(invoice=invoice, payment__method=Method.CASH).aggregate(
        total=Sum("amount_minor", default=0)
    )["total"]
    if limit is not None and invoice.currency == "EUR" and received + amount_minor > limit.minor:
        raise CashAboveLimit(
            field="method", limit=_shown(limit.minor, invoice), received=_shown(received, invoice), source=limit.source
        )


def _shown(minor: int, invoice: Invoice) -> str:
    return format_amount(Money(minor, invoice.currency), language=get_language() or "fr")
