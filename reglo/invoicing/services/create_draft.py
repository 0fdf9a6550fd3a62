"""Begin an invoice."""

from datetime import datetime

from django.db import transaction

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.models import Invoice

PAY_ONLINE_MENTION = "Facture payable en ligne par carte bancaire, via le lien sécurisé reçu par e-mail."


def create_draft(*, company: Company, customer: Customer | None = None, now: datetime) -> Invoice:
    """An empty draft with the company's habits."""
    invoice = blank_draft(company=company, customer=customer, now=now)
    with transaction.atomic():
        invoice.save(force_insert=True)
    return invoice


def blank_draft(*, company: Company, customer: Customer | None = None, now: datetime) -> Invoice:
    """The draft that `create_draft` would write, unsaved: prices, delay, card, and the mention that goes with it."""
    assert customer is None or customer.company_id == company.id, "a customer of another company"
    return Invoice(
        company=company,
        customer=customer,
        created_at=now,
        edited_at=now,
        currency=company.currency,
        prices_include_vat=company.prices_include_vat
        and company.vat_on(now.astimezone(company.zone).date()).charges_vat,
        due_days=company.due_days,
        card_allowed=company.card_payments,
        card_limit_minor=company.card_limit_minor,
        partial_allowed=company.partial_payments,
        mention=mention_with_card(company.mention, card_allowed=company.card_payments),
    )


def mention_with_card(mention: str, *, card_allowed: bool) -> str:
    """`mention` with the pay-online sentence when the card is allowed, without it otherwise; the rest untouched."""
    kept = "\n".join(line for line in mention.splitlines() if line.strip() != PAY_ONLINE_MENTION).strip()
    return f"{PAY_ONLINE_MENTION}\n{kept}".strip() if card_allowed else kept
