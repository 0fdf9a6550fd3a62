"""Locks return rows, in the order of DESIGN §7: company, document, number counter, document chain, entry chain."""

from django.http import Http404

from reglo.invoicing.models import DocumentChain, Invoice


def lock_invoice(*, company_id: int, invoice_id: int) -> Invoice:
    """The invoice, locked, with its company, customer and settlement. Raises Http404 outside the company."""
    invoice = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("company", "customer", "settlement")
        .filter(company_id=company_id, id=invoice_id)
        .first()
    )
    if invoice is None:
        raise Http404
    return invoice


def lock_invoices(*, company_id: int, invoice_ids: list[int]) -> list[Invoice]:
    """Several invoices, locked by ascending id."""
    return list(
        Invoice.objects.select_for_update(of=("self",))
        .select_related("company", "customer", "settlement")
        .filter(company_id=company_id, id__in=invoice_ids)
        .order_by("id")
    )


def lock_document_chain(company_id: int) -> DocumentChain:
    return DocumentChain.objects.select_for_update().get(company_id=company_id)
