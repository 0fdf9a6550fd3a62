"""The « Reçu » of a payment."""

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment
from reglo.payments.states import Method
from reglo.rendering.document import PaidDocument, Receipt
from reglo.rendering.invoice_document import customer_of, seller_of, watermark_of
from reglo.rendering.render import render_receipt
from reglo.rendering.wording import WORDINGS


class PaymentSettlesNothing(RegloError):
    code = "payment_settles_nothing"
    status = 409
    message = _("Cet encaissement ne règle aucune facture : il n’a pas de reçu.")


def receipt_pdf(*, payment: Payment) -> bytes:
    """The receipt of a payment as it came, with the identities that its first invoice froze.

    Not kept: the same bytes every time. A refund or an undoing is a later fact with papers of its own.
    Raises PaymentSettlesNothing, FileMissing, FileAltered.
    """
    settled = _settled(payment)
    if not settled:
        raise PaymentSettlesNothing
    content = DocumentContent.from_json(settled[0][0].frozen)
    return render_receipt(
        Receipt(
            seller=seller_of(content),
            payer=customer_of(content),
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            paid_on=payment.paid_on,
            means=WORDINGS[content.language].paid_by[Method(payment.method)],
            documents=tuple(_paid(invoice, amount) for invoice, amount in settled),
            reference=payment.external_id or "",
            watermark=watermark_of(content),
            language=content.language,
            made_at=payment.recorded_at,
        )
    )


def _settled(payment: Payment) -> list[tuple[Invoice, int]]:
    """What the payment settled of each invoice, in minor units; the negative rows came later."""
    rows = (
        payment.allocations.filter(amount_minor__gt=0, refund=None, dispute=None)
        .values("invoice_id")
        .annotate(total=Sum("amount_minor"))
    )
    amounts = {row["invoice_id"]: row["total"] for row in rows}
    invoices = Invoice.objects.filter(company_id=payment.company_id, id__in=amounts).order_by("id")
    return [(invoice, amounts[invoice.id]) for invoice in invoices]


def _paid(invoice: Invoice, amount_minor: int) -> PaidDocument:
    assert invoice.number is not None, "only what is issued is paid"
    assert invoice.issue_date is not None, "its date comes with its number"
    return PaidDocument(number=invoice.number, issue_date=invoice.issue_date, amount_minor=amount_minor)
