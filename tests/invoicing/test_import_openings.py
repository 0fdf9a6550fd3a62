from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.events.models import Event
from reglo.invoicing.crediting import CreditedElsewhere, credit_room
from reglo.invoicing.models import Invoice, NumberSequence, OpeningImport
from reglo.invoicing.queries import Filter, invoice_list
from reglo.invoicing.services import (
    BadSeriesFormat,
    OpeningsRefused,
    change_series_format,
    import_openings,
    start_series,
)
from reglo.invoicing.states import SeriesKind
from reglo.ledger.models import Entry
from reglo.money import Money
from tests.factories import make_customer, make_issued, make_opening, opening_row
from tests.harness.rows import nothing_written

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def take_over(company: Company, *rows: Any, key: Any = None) -> OpeningImport:
    return import_openings(
        company_id=company.id, rows=rows, key=key or uuid4(), name="reprise.csv", now=NOW, actor_id=None
    )


def posted(invoice: Invoice) -> list[tuple[str, int]]:
    entry = Entry.objects.get(source=f"invoice:{invoice.id}")
    assert entry.journal == "AN"
    return [(line.account, line.debit_minor - line.credit_minor) for line in entry.lines.order_by("rank")]


def test_what_remains_of_it_is_owed_here(company: Company):
    opening = make_opening(company)

    assert (opening.number, opening.series, opening.chain_position) == ("2026-117", "", None)
    assert (opening.issue_date, opening.due_date) == (date(2026, 10, 3), date(2026, 11, 2))
    assert opening.remaining == Money(700_00, "EUR")
    assert posted(opening) == [("411000", 700_00), ("890000", -700_00)]
    assert not NumberSequence.objects.exists()


def test_it_stands_among_what_is_owed_and_late(company: Company):
    opening = make_opening(company)

    for shown in (Filter.ALL, Filter.DUE, Filter.OVERDUE):
        assert invoice_list(company, shown=shown, search="", today=TODAY, limit=5) == [opening]
    for search in ("2026-117", "117", "halles"):
        assert invoice_list(company, shown=Filter.ALL, search=search, today=TODAY, limit=5) == [opening]


def test_vat_that_waits_for_the_money_waits_here(company: Company):
    opening = make_opening(company, vat_minor=116_67, vat_rate=Decimal(20))

    assert opening.vat_on_receipts_minor == 116_67
    assert posted(opening) == [("411000", 700_00), ("445740", -116_67), ("890000", -583_33)]


def test_a_customer_is_recognised_or_made(company: Company):
    claire = make_customer(company)
    rows = [
        opening_row("1", line=2, siren=claire.siren, customer_name="Fontaine", email=""),
        opening_row("2", line=3, customer_name="Autre", email="CLAIRE@fontaine.test"),
        opening_row("3", line=4, customer_name=claire.name.upper(), email=""),
        opening_row("4", line=5, customer_name="Café des Halles", siren="732829320", email=""),
        opening_row("5", line=6, customer_name="Café des Halles (siège)", siren="732829320", email=""),
        opening_row("6", line=7, customer_name="Jean Petit", email=""),
    ]

    take_over(company, *rows)

    owners = dict(Invoice.objects.values_list("number", "customer__name"))
    assert owners == {**dict.fromkeys("123", claire.name), **dict.fromkeys("45", "Café des Halles"), "6": "Jean Petit"}
    assert set(Customer.objects.exclude(id=claire.id).values_list("name", "kind")) == {
        ("Café des Halles", "professional"),
        ("Jean Petit", "consumer"),
    }


def test_the_same_form_twice_is_one_import(company: Company):
    key = uuid4()
    first = take_over(company, opening_row(), key=key)

    with nothing_written():
        assert take_over(company, opening_row(), key=key) == first


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"remaining_minor": 0}, "Il ne reste rien à payer"),
        ({"remaining_minor": 1200_01}, "Il reste plus à payer que le total."),
        ({"issue_date": date(2026, 11, 23), "due_date": date(2026, 12, 1)}, "Vérifiez la date"),
        ({"due_date": date(2026, 10, 2)}, "L’échéance est avant la date"),
        ({"siren": "123456789"}, "Ce SIREN n’existe pas"),
        ({"email": "halles"}, "Cette adresse e-mail n’est pas valable."),
        ({"customer_name": "Café 💡"}, "Retirez ce que nous ne savons pas imprimer"),
        ({"vat_minor": 200_00, "vat_rate": Decimal(20)}, "La TVA à l’encaissement est plus grande"),
    ],
)
def test_one_bad_line_refuses_the_whole_file(company: Company, fields: dict[str, Any], said: str):
    with nothing_written(), pytest.raises(OpeningsRefused) as refusal:
        take_over(company, opening_row("1"), opening_row("2", line=3, **fields))

    [problem] = refusal.value.problems
    assert problem.line == 3
    assert problem.message.startswith(said)


def test_a_number_is_borne_once(company: Company):
    issued = make_issued(company, now=NOW)
    make_opening(company, "1")

    with nothing_written(), pytest.raises(OpeningsRefused) as refusal:
        take_over(
            company,
            opening_row("1", line=2),
            opening_row(issued.number or "", line=3),
            opening_row("2", line=4),
            opening_row("2", line=5),
        )

    assert [problem.line for problem in refusal.value.problems] == [2, 3, 4, 5]


def test_a_number_that_we_may_come_to_give_waits_until_the_series_is_beyond(company: Company):
    with nothing_written(), pytest.raises(OpeningsRefused) as refusal:
        take_over(company, opening_row("ESSAI-F2026-0142"))
    assert "faites d’abord commencer la série après lui" in refusal.value.problems[0].message

    start_series(company_id=company.id, kind=SeriesKind.INVOICE, first_number=143, reason="suite d’Axonaut", now=NOW)
    with pytest.raises(OpeningsRefused):
        take_over(company, opening_row("ESSAI-F2026-0143"))
    with pytest.raises(OpeningsRefused):
        take_over(company, opening_row("ESSAI-F2027-0001"))
    take_over(company, opening_row("ESSAI-F2026-0142"), opening_row("ESSAI-F2025-0900", line=3))

    assert make_issued(company, customer=make_customer(company), now=NOW).number == "ESSAI-F2026-0143"


def test_no_later_format_may_give_its_number(company: Company):
    make_opening(company, "ESSAI-FACT-0009")

    with nothing_written(), pytest.raises(BadSeriesFormat, match="FACT-0009"):
        change_series_format(
            company_id=company.id,
            kind=SeriesKind.INVOICE,
            pattern="FACT-",
            digits=4,
            effective_date=TODAY,
            now=NOW,
        )


def test_unconfirmed_accounts_are_confirmed_before(company: Company):
    company.account_mappings.filter(role="opening").update(confirmed_at=None)

    with nothing_written(), pytest.raises(OpeningsRefused) as refusal:
        take_over(company, opening_row())

    assert refusal.value.problems[0].line == 0


def test_it_is_credited_in_the_tool_that_issued_it(company: Company):
    with pytest.raises(CreditedElsewhere):
        credit_room(make_opening(company))


def test_its_story_begins_with_the_takeover(company: Company):
    opening = make_opening(company)

    event = Event.objects.get(kind="opening.imported", subject_id=str(opening.pk))
    assert f'"hash":"{opening.hash}"' in event.content.content


def test_the_database_keeps_it_as_it_came(company: Company):
    opening = make_opening(company)

    for change in ({"number": "2026-118"}, {"gross_minor": 1}, {"status": "credited"}, {"frozen": "{}"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invoice.objects.filter(pk=opening.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=opening.pk)._raw_delete(using="default")
