"""The mail of a finalised quote, ready to be read, changed and sent, with the link to read and sign it."""

from datetime import datetime

from django.db import transaction

from reglo.delivery.models import Message
from reglo.delivery.services.create_link import new_quote_link
from reglo.delivery.services.prepare_message import message_id_of
from reglo.delivery.states import MessageKind, MessageState
from reglo.delivery.wording import quote_wording
from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Quote
from reglo.invoicing.quote_answers import QuoteNotSent
from reglo.ports import ids


def prepare_quote_message(*, company_id: int, quote_id: int, now: datetime) -> Message:
    """The one mail *Préparé* of this quote: found again with its link, address and words brought up to date, or made.

    Its link works at once, to be copied before anything is sent (`address_of`). Raises QuoteNotSent.
    """
    with transaction.atomic():
        quote = lock_quote(company_id=company_id, quote_id=quote_id)
        if quote.offered is None:
            raise QuoteNotSent
        message = _prepared(quote)
        if message is None or not message.link.is_usable(now):
            message = _with_new_link(message, quote, now)
        message.quote = quote
        message.to = message.link.email = quote.customer.email if quote.customer else ""
        message.link.save(update_fields=["email"])
        words = quote_wording(quote)
        message.subject, message.body, message.link_label = words.subject, words.body, words.link_label
        message.save()
    return message


def _prepared(quote: Quote) -> Message | None:
    return (
        Message.objects.select_related("link")
        .filter(quote=quote, kind=MessageKind.QUOTE, state=MessageState.PREPARED)
        .first()
    )


def _with_new_link(message: Message | None, quote: Quote, now: datetime) -> Message:
    made = new_quote_link(quote=quote, email=quote.customer.email if quote.customer else "", now=now)
    if message is None:
        identifier = ids.new_uuid()
        message = Message(
            id=identifier,
            company_id=quote.company_id,
            quote=quote,
            kind=MessageKind.QUOTE,
            message_id=message_id_of(identifier),
            created_at=now,
        )
    message.link = made.link
    message.seal_token(made.token)
    return message
