"""The copy of a paid invoice that says so: « Duplicata – Acquittée le … par carte »."""

from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.payments.models import Allocation, Payment
from reglo.payments.queries import is_acquitted
from reglo.payments.states import Method
from reglo.rendering.document import Acquittal
from reglo.rendering.invoice_document import invoice_document
from reglo.rendering.render import render_pdf
from reglo.rendering.services.render_invoice import PaperElsewhere
from reglo.rendering.wording import WORDINGS


class InvoiceNotPaid(RegloError):
    code = "invoice_not_paid"
    status = 409
    message = _("Cette facture n’est pas entièrement payée : son duplicata acquitté n’existe pas encore.")


def duplicate_pdf(*, invoice: Invoice) -> bytes:
    """The unchanged invoice, stamped with the payment that completed it, and asking for nothing more.

    Not kept: the same bytes every time. Raises InvoiceNotPaid, PaperElsewhere, FileMissing, FileAltered.
    """
    if invoice.is_opening:
        raise PaperElsewhere
    last = _last_payment(invoice)
    if last is None or not is_acquitted(invoice):
        raise InvoiceNotPaid
    content = DocumentContent.from_json(invoice.frozen)
    means = WORDINGS[content.language].paid_by[Method(last.method)]
    return render_pdf(
        invoice_document(
            content,
            made_at=last.recorded_at,
            payable_online=False,
            acquittal=Acquittal(on=last.paid_on, means=means),
        )
    )


def _last_payment(invoice: Invoice) -> Payment | None:
    """The latest payment of this invoice that was not undone."""
    allocation = (
        Allocation.objects.filter(invoice=invoice, amount_minor__gt=0, payment__reversed_by=None)
        .select_related("payment")
        .order_by("-payment__paid_on", "-id")
        .first()
    )
    return allocation.payment if allocation else None
