"""Begin a quote."""

from datetime import datetime

from django.db import transaction

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.habits import habits_of
from reglo.invoicing.models import Quote, QuoteVersion


def create_quote(*, company: Company, customer: Customer | None = None, now: datetime) -> Quote:
    """An empty draft with the company's habits."""
    quote = blank_quote(company=company, customer=customer, now=now)
    version = quote.latest
    assert version is not None, "a quote begins with its first version"
    with transaction.atomic():
        quote.latest = None
        quote.save(force_insert=True)
        version.quote = quote
        version.save(force_insert=True)
        quote.latest = version
        quote.save(update_fields=["latest"])
    return quote


def blank_quote(*, company: Company, customer: Customer | None = None, now: datetime) -> Quote:
    """The quote that `create_quote` would write, unsaved, its `latest` version too."""
    assert customer is None or customer.company_id == company.id, "a customer of another company"
    charges_vat = company.vat_on(now.astimezone(company.zone).date()).charges_vat
    habits = habits_of(company, customer)
    quote = Quote(company=company, customer=customer, created_at=now, edited_at=now)
    quote.latest = QuoteVersion(
        company=company,
        number=1,
        created_at=now,
        currency=company.currency,
        prices_include_vat=company.prices_include_vat and charges_vat,
        terms_kind=habits.terms_kind,
        due_days=habits.due_days,
        language=habits.language,
        order_reference=habits.order_reference,
        attention=habits.attention,
    )
    return quote
