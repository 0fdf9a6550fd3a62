"""Locks return rows, in the order of DESIGN §7: company, quote, document, number counter, document and entry chains."""

from django.http import Http404

from reglo.database.prepared import Parameter, PreparedRead
from reglo.invoicing.models import Deduction, DocumentChain, Invoice, Quote, QuoteVersion, Settlement
from reglo.invoicing.states import InvoiceStatus

_INVOICE = PreparedRead(
    lambda: (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("company", "customer")
        .filter(company_id=Parameter("company_id"), id=Parameter("invoice_id"))
    )
)
# Never joined to the lock: PostgreSQL would give the settlement as it was before the statement waited for the lock.
_SETTLEMENT = PreparedRead(lambda: Settlement.objects.filter(invoice_id=Parameter("invoice_id")))
_DEDUCTIONS = PreparedRead(lambda: Deduction.objects.filter(invoice_id=Parameter("invoice_id")).order_by("deposit_id"))
_CHAIN = PreparedRead(lambda: DocumentChain.objects.select_for_update().filter(company_id=Parameter("company_id")))


def lock_quote(*, company_id: int, quote_id: int) -> Quote:
    """The quote, locked before any invoice of it, with its company, customer, `latest` and `offered` versions.

    Raises Http404 outside the company.
    """
    found = Quote.objects.select_for_update(of=("self",)).select_related("company", "customer")
    quote = found.filter(company_id=company_id, id=quote_id).first()
    if quote is None:
        raise Http404
    # After the lock, or PostgreSQL would give the versions as they were before the statement waited for it.
    versions = QuoteVersion.objects.in_bulk([quote.latest_id, quote.offered_id])
    quote.latest = versions.get(quote.latest_id)
    quote.offered = versions.get(quote.offered_id)
    return quote


def lock_invoice(*, company_id: int, invoice_id: int) -> Invoice:
    """The document, locked, with its company, customer and settlement. Raises Http404 outside the company."""
    found = _INVOICE(company_id=company_id, invoice_id=invoice_id)
    if not found:
        raise Http404
    [invoice] = found
    if invoice.has_settlement:
        [invoice.settlement] = _SETTLEMENT(invoice_id=invoice.id)
    return invoice


def lock_credit_note(*, company_id: int, credit_note_id: int) -> Invoice:
    """The credit note, locked after the invoice that it `corrects`, which has the smaller id, and the deposits of it.

    Raises Http404 outside the company, and of an invoice.
    """
    known = Invoice.objects.filter(company_id=company_id, id=credit_note_id, corrects__isnull=False)
    found = list(known.values_list("corrects_id", "corrects__deductions__deposit_id"))
    if found:
        locked = lock_invoices(company_id=company_id, invoice_ids=sorted({key for row in found for key in row if key}))
        [invoice] = [one for one in locked if one.pk == found[0][0]]
        credit_note = lock_invoice(company_id=company_id, invoice_id=credit_note_id)
        credit_note.corrects = invoice
        return credit_note
    raise Http404


def lock_deductions(invoice: Invoice) -> list[Deduction]:
    """What the locked draft deducts, each with its deposit, locked by ascending id. A draft is held by nobody who moves
    money, so that it may come before its deposits whatever their ids."""
    deductions = list(_DEDUCTIONS(invoice_id=invoice.pk)) if invoice.has_deductions else []
    if deductions:
        locked = lock_invoices(
            company_id=invoice.company_id, invoice_ids=sorted(deduction.deposit_id for deduction in deductions)
        )
        deposits = {deposit.pk: deposit for deposit in locked}
        for deduction in deductions:
            deduction.deposit = deposits[deduction.deposit_id]
    return deductions


def lock_invoices(*, company_id: int, invoice_ids: list[int]) -> list[Invoice]:
    """Several invoices, locked by ascending id, each with its company, customer and settlement."""
    if len(invoice_ids) == 1:
        return [lock_invoice(company_id=company_id, invoice_id=invoice_ids[0])]
    invoices = list(
        Invoice.objects.select_for_update(of=("self",))
        .select_related("company", "customer")
        .filter(company_id=company_id, id__in=invoice_ids)
        .order_by("id")
    )
    settlements = Settlement.objects.in_bulk([invoice.id for invoice in invoices if invoice.has_settlement])
    for invoice in invoices:
        if invoice.has_settlement:
            invoice.settlement = settlements[invoice.id]
    return invoices


def lock_drafts(*, company_id: int) -> list[Invoice]:
    """Every draft of the company, by ascending id: none of them is being issued meanwhile."""
    drafts = Invoice.objects.select_for_update().filter(company_id=company_id, status=InvoiceStatus.DRAFT)
    return list(drafts.only("id").order_by("id"))


def lock_document_chain(company_id: int) -> DocumentChain:
    [chain] = _CHAIN(company_id=company_id)
    return chain
