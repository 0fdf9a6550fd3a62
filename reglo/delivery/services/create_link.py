"""Make a secure link to one issued document, or to a quote that was finalised."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.delivery.models import PortalLink
from reglo.delivery.states import LinkRight
from reglo.delivery.tokens import hash_token, link_address
from reglo.errors import RegloError
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice, Quote
from reglo.invoicing.quote_answers import QuoteNotSent
from reglo.ports import ids

LIFETIME = timedelta(days=90)


class InvoiceNotIssued(RegloError):
    code = "invoice_not_issued"
    status = 409
    message = _("Cette facture est encore un brouillon : finalisez-la avant de l’envoyer.")


@dataclass(frozen=True, slots=True)
class NewLink:
    """The token is known here and now only; `address` is the whole link to give to the customer."""

    link: PortalLink
    token: str

    @property
    def address(self) -> str:
        return link_address(self.token)


def create_link(
    *,
    company_id: int,
    invoice_id: int,
    now: datetime,
    email: str = "",
    right: LinkRight = LinkRight.VIEW_AND_PAY,
) -> NewLink:
    """A link for `email`, good until 90 days after the due date and for 90 days at least. Raises InvoiceNotIssued."""
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        return new_link(invoice=invoice, email=email, right=right, now=now)


def new_link(*, invoice: Invoice, email: str, right: LinkRight, now: datetime) -> NewLink:
    """The same, for a verb that already holds the invoice's lock."""
    if invoice.is_draft:
        raise InvoiceNotIssued
    token = ids.new_token()
    link = PortalLink.objects.create(
        id=ids.new_uuid(),
        company_id=invoice.company_id,
        invoice=invoice,
        email=email,
        right=right,
        token_hash=hash_token(token),
        created_at=now,
        expires_at=_expiry(invoice, now),
    )
    return NewLink(link, token)


def new_quote_link(*, quote: Quote, email: str, now: datetime) -> NewLink:
    """The same of a quote, with the right to sign it, under the quote's lock. Raises QuoteNotSent."""
    if quote.valid_until is None:
        raise QuoteNotSent
    token = ids.new_token()
    link = PortalLink.objects.create(
        id=ids.new_uuid(),
        company_id=quote.company_id,
        quote=quote,
        email=email,
        right=LinkRight.SIGN,
        token_hash=hash_token(token),
        created_at=now,
        expires_at=_after(quote.valid_until, quote.company, now),
    )
    return NewLink(link, token)


def _expiry(invoice: Invoice, now: datetime) -> datetime:
    assert invoice.due_date is not None, "an issued invoice has a due date"
    return _after(invoice.due_date, invoice.company, now)


def _after(day: date, company: Company, now: datetime) -> datetime:
    """Long after the end of `day` where the company is, and after `now`."""
    end = datetime.combine(day, time.max, tzinfo=company.zone).replace(microsecond=0)
    return max(end, now) + LIFETIME
