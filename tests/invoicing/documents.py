"""Drafts between a seller and a buyer who are each a little different, what is found of them, and what is issued."""

from datetime import UTC, date, datetime
from typing import Any

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.issue_check import Problem, problems_of
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import lines_of
from reglo.invoicing.services import LineInput, issue_invoice
from tests.factories import line, make_customer, make_draft

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
GERMAN = {"name": "Berg GmbH", "country": "DE", "siren": "", "vat_number": "DE136695976", "postal_code": "10115"}
BELGIAN = {"name": "Jan Peeters", "kind": "consumer", "country": "BE", "siren": "", "postal_code": "1000"}
SWISS = {"name": "Alpes SA", "country": "CH", "siren": "", "postal_code": "1200"}


def goods(price: str = "100", **fields: Any) -> LineInput:
    return line(price, nature=Nature.GOODS, **fields)


def untaxed(key: str, **fields: Any) -> LineInput:
    return line("100", vat="0", exemption=key, **fields)


def found(draft: Invoice) -> list[Problem]:
    fresh = Invoice.objects.select_related("company", "customer").get(id=draft.id)
    return problems_of(fresh, company=fresh.company, customer=fresh.customer, lines=lines_of(fresh), day=TODAY)


def issued(draft: Invoice) -> DocumentContent:
    invoice = issue_invoice(company_id=draft.company_id, invoice_id=draft.id, now=NOW)
    return DocumentContent.from_json(invoice.frozen)


def drafted(company: Company, *lines: LineInput, seller: dict[str, Any], buyer: dict[str, Any], **head: Any) -> Invoice:
    customer = make_customer(company, **buyer)
    draft = make_draft(company, customer=customer, lines=list(lines) or [line()], now=NOW, **head)
    Company.objects.filter(id=company.id).update(**seller)
    return draft
