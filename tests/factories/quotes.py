from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.invoicing.models import Quote, QuoteDecision
from reglo.invoicing.quote_answers import Answer
from reglo.invoicing.services import LineInput, QuoteInput, accept_quote, create_quote, issue_quote, save_quote
from reglo.invoicing.states import DecisionChannel
from reglo.ports import clock
from tests.factories.customers import make_customer
from tests.factories.invoices import line

STATEMENT = "J’ai lu et j’accepte ce devis."


def option(price: str = "50", **fields: Any) -> LineInput:
    return replace(line(price, **{"description": "Variateur", **fields}), optional=True)


def make_quote_draft(
    company: Company,
    *,
    lines: Sequence[LineInput] | None = None,
    customer: Customer | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Quote:
    """A complete draft: one line of 100 € before VAT at 20 % unless told otherwise."""
    now = now or clock.now()
    customer = customer or company.customers.first() or make_customer(company)
    quote = create_quote(company=company, customer=customer, now=now)
    return type_quote(quote, lines=lines, now=now, **fields)


def type_quote(
    quote: Quote, *, lines: Sequence[LineInput] | None = None, now: datetime | None = None, **fields: Any
) -> Quote:
    """The version being written, typed anew."""
    version = quote.latest
    assert version is not None
    return save_quote(
        company=quote.company,
        quote_id=quote.pk,
        draft=QuoteInput(
            customer=quote.customer,
            lines=[line()] if lines is None else lines,
            prices_include_vat=fields.pop("prices_include_vat", version.prices_include_vat),
            due_days=fields.pop("due_days", version.due_days),
            **fields,
        ),
        now=now or clock.now(),
    )


def make_quote(company: Company, *, now: datetime | None = None, **fields: Any) -> Quote:
    """A quote before its customer, of 120,00 € unless told otherwise."""
    now = now or clock.now()
    draft = make_quote_draft(company, now=now, **fields)
    return issue_quote(company_id=company.pk, quote_id=draft.pk, now=now)


def accept(quote: Quote, *, options: Sequence[int] = (), version: int = 1, **said: Any) -> QuoteDecision:
    """Accepted on line by Claire Fontaine unless told otherwise."""
    usual: dict[str, Any] = {
        "channel": DecisionChannel.PORTAL,
        "name": "Claire Fontaine",
        "email": "claire@fontaine.test",
        "statement": STATEMENT,
        "ip_address": "192.0.2.7",
        "user_agent": "Firefox",
    }
    return accept_quote(
        company_id=quote.company_id,
        quote_id=quote.pk,
        version=version,
        options=options,
        answer=Answer(**{**usual, **said}),
        now=clock.now(),
    )
