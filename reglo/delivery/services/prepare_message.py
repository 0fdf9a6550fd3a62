"""The mail of an issued document, ready to be read, changed and sent, with its secure link."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction

from reglo.delivery.models import Message
from reglo.delivery.services.create_link import new_link
from reglo.delivery.states import LinkRight, MessageKind, MessageState
from reglo.delivery.tokens import link_address
from reglo.delivery.wording import document_wording
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.ports import ids


def prepare_message(*, company_id: int, invoice_id: int, now: datetime) -> Message:
    """The one mail *Préparé* of this invoice: found again with its link, its address and words brought up to date, or
    made.

    Its link works at once, to be copied or shown before anything is sent (`address_of`). Raises InvoiceNotIssued.
    """
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        message = _prepared(invoice)
        if message is None or not message.link.is_usable(now):
            message = _with_new_link(message, invoice, now)
        message.to = message.link.email = _address(invoice)  # missing or wrong, it may have been mended since
        message.link.save(update_fields=["email"])
        words = document_wording(invoice)
        message.subject, message.body, message.link_label = words.subject, words.body, words.link_label
        message.save()
    return message


def address_of(message: Message) -> str:
    """The whole secure link that this mail carries, as long as it was not sent; "" afterwards: it is known no more."""
    return link_address(message.open_token()) if message.sealed_token else ""


def message_id_of(identifier: UUID) -> str:
    """The Message-ID of a mail: fixed for ever by its identifier."""
    return f"<{identifier}@{urlsplit(settings.BASE_URL).hostname}>"


def _prepared(invoice: Invoice) -> Message | None:
    return (
        Message.objects.select_related("link")
        .filter(invoice=invoice, kind=MessageKind.INVOICE, state=MessageState.PREPARED)
        .first()
    )


def _with_new_link(message: Message | None, invoice: Invoice, now: datetime) -> Message:
    right = LinkRight.VIEW if invoice.is_credit_note else LinkRight.VIEW_AND_PAY
    made = new_link(invoice=invoice, email=_address(invoice), right=right, now=now)
    if message is None:
        identifier = ids.new_uuid()
        message = Message(
            id=identifier,
            company_id=invoice.company_id,
            invoice=invoice,
            kind=MessageKind.INVOICE,
            message_id=message_id_of(identifier),
            created_at=now,
        )
    message.link = made.link
    message.seal_token(made.token)
    return message


def _address(invoice: Invoice) -> str:
    assert invoice.is_draft or invoice.customer is not None, "nothing is issued to nobody"
    return invoice.customer.email if invoice.customer else ""
