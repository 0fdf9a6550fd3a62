"""*Déduire un acompte*: chosen on the draft of an invoice, fixed when it is issued, given back when it is cancelled."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.accounting import vat_due
from reglo.invoicing.deducting import Planned
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Deduction, Invoice
from reglo.invoicing.services.apply_settlement import apply_settlement
from reglo.invoicing.services.save_draft import NotADraft
from reglo.invoicing.states import DocumentKind, InvoiceStatus


class DepositNotDeductible(RegloError):
    code = "deposit_not_deductible"
    status = 409
    message = _("Seul un acompte finalisé du même client peut être déduit d’une facture.")


def choose_deductions(
    *, company_id: int, invoice_id: int, chosen: Mapping[int, int | None], now: datetime
) -> list[Deduction]:
    """Replace what the draft deducts: deposit → how much, VAT included, in minor units (None: all that is possible).

    Raises NotADraft, DepositNotDeductible: nothing is then written.
    """
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        if not invoice.is_draft:
            raise NotADraft
        if chosen and invoice.kind != DocumentKind.INVOICE:
            raise DepositNotDeductible
        deposits = Invoice.objects.filter(
            company_id=company_id,
            customer=invoice.customer,
            kind=DocumentKind.DEPOSIT,
            status=InvoiceStatus.ISSUED,
        ).in_bulk(list(chosen))
        if set(deposits) != set(chosen):
            raise DepositNotDeductible
        invoice.deductions.all().delete()
        invoice.edited_at, invoice.has_deductions = now, bool(chosen)
        invoice.save(update_fields=["edited_at", "has_deductions"])
        return Deduction.objects.bulk_create(
            Deduction(company_id=company_id, invoice=invoice, deposit=deposits[deposit_id], asked_minor=asked)
            for deposit_id, asked in sorted(chosen.items())
        )


def deductions_of(invoice: Invoice) -> list[Deduction]:
    """With their deposits, in the order of their ids."""
    return list(invoice.deductions.select_related("deposit__settlement").order_by("deposit_id"))


def write_deductions(planned: Sequence[Planned]) -> None:
    """Give each its amounts, before the invoice that is being issued freezes them."""
    for one in planned:
        row, split = one.deduction, one.split
        row.net_minor, row.vat_minor, row.gross_minor = split.net, split.vat, split.gross
        row.goods_vat_minor = split.goods_vat
        row.save(update_fields=["net_minor", "vat_minor", "gross_minor", "goods_vat_minor"])


def deliver_deposits(planned: Sequence[Planned], *, invoice: Invoice, now: datetime) -> int:
    """The VAT of the goods of unpaid deposits that waits no longer, minor units: they are delivered."""
    return sum(_deliver(one.deduction, invoice, sign=1, now=now) for one in planned)


def release_deposits(deductions: Sequence[Deduction], *, invoice: Invoice, now: datetime) -> int:
    """The deposits of an invoice that is cancelled can be deducted again; the VAT due less by it, minor units."""
    return -sum(_deliver(deduction, invoice, sign=-1, now=now) for deduction in deductions)


def _deliver(deduction: Deduction, invoice: Invoice, *, sign: int, now: datetime) -> int:
    assert connection.in_atomic_block, "a deposit is deducted by the transaction that issues"
    deposit = deduction.deposit
    settlement = deposit.settlement
    before = vat_due(deposit, settlement.settled_minor) + settlement.delivered_vat_minor
    apply_settlement(
        invoice=deposit,
        settled_minor=settlement.settled_minor,
        pending_minor=settlement.pending_minor,
        disputed_minor=settlement.disputed_minor,
        delivered_vat_minor=settlement.delivered_vat_minor + sign * deduction.goods_vat_minor,
        now=now,
    )
    record(
        kind=Kind.DEPOSIT_DEDUCTED if sign > 0 else Kind.DEPOSIT_RELEASED,
        company_id=deposit.company_id,
        subject=deposit,
        now=now,
        content={
            "number": deposit.number,
            "invoice": invoice.number,
            "gross_minor": deduction.gross_minor,
            "currency": deposit.currency,
        },
    )
    return vat_due(deposit, settlement.settled_minor) + settlement.delivered_vat_minor - before
