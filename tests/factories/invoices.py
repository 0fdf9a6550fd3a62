from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from reglo.companies.models import Company
from reglo.companies.states import Nature, TermsKind
from reglo.customers.models import Customer, Language
from reglo.invoicing.line_vat import treated_as
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import DraftInput, LineInput, create_draft, issue_invoice, save_draft
from reglo.invoicing.states import LineKind
from reglo.ports import clock
from tests.factories.customers import make_customer


def line(
    price: str = "100",
    *,
    quantity: str = "1",
    vat: str = "20",
    discount: str = "0",
    description: str = "Pose de luminaires",
    nature: Nature = Nature.SERVICES,
    unit: str = "",
    off: int = 0,
    exemption: str = "",
) -> LineInput:
    """`discount` in percent, `off` in cents."""
    """Plainly taxed unless `exemption` names a treatment."""
    treated = treated_as(exemption) if exemption else None
    return LineInput(
        description=description,
        quantity=Decimal(quantity),
        unit=unit,
        unit_price=Decimal(price),
        discount_rate=Decimal(discount),
        discount_minor=off,
        vat_rate=Decimal(vat),
        nature=nature,
        vat_category=treated.category if treated else "",
        exemption=exemption,
    )


def section(title: str) -> LineInput:
    return LineInput(title, kind=LineKind.SECTION)


def subtotal(label: str = "") -> LineInput:
    return LineInput(label, kind=LineKind.SUBTOTAL)


def comment(text: str) -> LineInput:
    return LineInput(text, kind=LineKind.COMMENT)


def make_draft(
    company: Company,
    *,
    lines: Sequence[LineInput] | None = None,
    customer: Customer | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Invoice:
    """A complete draft: one line of 100 € before VAT at 20 % unless told otherwise."""
    now = now or clock.now()
    customer = customer or company.customers.first() or make_customer(company)
    draft = create_draft(company=company, customer=customer, now=now)
    return save_draft(
        company=company,
        invoice_id=draft.id,
        draft=DraftInput(
            customer=customer,
            lines=[line()] if lines is None else lines,
            prices_include_vat=fields.pop("prices_include_vat", draft.prices_include_vat),
            due_days=fields.pop("due_days", draft.due_days),
            terms_kind=TermsKind(fields.pop("terms_kind", draft.terms_kind)),
            language=Language(fields.pop("language", draft.language)),
            attention=fields.pop("attention", draft.attention),
            order_reference=fields.pop("order_reference", draft.order_reference),
            card_allowed=fields.pop("card_allowed", draft.card_allowed),
            card_limit_minor=fields.pop("card_limit_minor", draft.card_limit_minor),
            partial_allowed=fields.pop("partial_allowed", draft.partial_allowed),
            mention=fields.pop("mention", draft.mention),
            **fields,
        ),
        now=now,
    )


def make_issued(company: Company, *, now: datetime | None = None, **fields: Any) -> Invoice:
    """An issued invoice of 120,00 € unless told otherwise."""
    now = now or clock.now()
    draft = make_draft(company, now=now, **fields)
    return issue_invoice(company_id=company.id, invoice_id=draft.id, now=now)
