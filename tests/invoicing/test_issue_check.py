"""*Contrôle avant émission* reads every text that will be printed: after the issue it is too late."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import CharField, Model, TextField

from reglo.companies.models import Company
from reglo.companies.states import LegalForm
from reglo.customers.models import Customer, CustomerKind
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.issue_check import problems_of
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.queries import content_shown, lines_of
from tests.factories import line, make_draft

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
UNKNOWN = "🧸"


@pytest.fixture
def draft(company: Company) -> Invoice:
    """Everything that may be printed is: a professional abroad, a company with a capital, a line without VAT."""
    draft = make_draft(company, lines=[line("100", vat="0")], exemption_reason="Art. 261", now=NOW)
    Company.objects.update(legal_form=LegalForm.SARL, insurance="Assurance", mediator="Médiateur")
    return draft


# Chosen from a list, or given by us.
OURS = {"country", "currency", "number", "accent_colour", "vat_category", "exemption", "trades", "delivery_country"}


def texts_of(model: type[Model]) -> list[str]:
    """The columns that hold a text that somebody typed."""
    fields = (field for field in model._meta.get_fields() if isinstance(field, CharField | TextField))
    return [field.name for field in fields if not field.choices and field.name not in OURS]


def printed(content: DocumentContent) -> str:
    return str(content.to_json())


TYPED = [(model, name) for model in (Company, Customer, Invoice, InvoiceLine) for name in texts_of(model)]


@pytest.mark.parametrize("kind", CustomerKind)
@pytest.mark.parametrize(("model", "name"), TYPED, ids=[f"{model.__name__}.{name}" for model, name in TYPED])
def test_no_text_is_printed_that_was_not_read(draft: Invoice, model: Any, name: str, kind: CustomerKind):
    Customer.objects.update(kind=kind)
    model.objects.update(**{name: UNKNOWN[: model._meta.get_field(name).max_length]})
    found = Invoice.objects.select_related("company", "customer").get(id=draft.id)

    content = content_shown(found, company=found.company, today=date(2026, 11, 22))
    problems = problems_of(
        found, company=found.company, customer=found.customer, lines=lines_of(found), day=date(2026, 11, 22)
    )

    named = [problem for problem in problems if UNKNOWN in problem.message]
    if UNKNOWN in printed(content):
        assert [problem.field.rpartition("-")[2] for problem in named] == [name]
