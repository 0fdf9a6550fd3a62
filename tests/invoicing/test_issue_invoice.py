from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.http import Http404

from reglo.catalog import vat_rates
from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.events.models import Event
from reglo.invoicing.chaining import hash_document
from reglo.invoicing.content import DiscountContent, DocumentContent, RateDiscountContent
from reglo.invoicing.models import Invoice, NumberSequence
from reglo.invoicing.numbering import IssueDateBeforeSeries
from reglo.invoicing.services import DraftDiscarded, InvoiceIncomplete, discard_draft, issue_invoice
from reglo.ledger.models import Entry, EntryLine
from tests.factories import comment, line, make_company, make_customer, make_draft, make_issued, section, subtotal

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def issue(invoice: Invoice, now: datetime = NOW) -> Invoice:
    return issue_invoice(company_id=invoice.company_id, invoice_id=invoice.id, now=now)


def sides(invoice: Invoice) -> list[tuple[str, int, int]]:
    entry = Entry.objects.get(source=f"invoice:{invoice.id}")
    return [(item.account, item.debit_minor, item.credit_minor) for item in entry.lines.order_by("rank")]


def test_it_gets_its_number_its_dates_and_its_totals(company: Company):
    invoice = issue(make_draft(company, now=NOW))

    assert invoice.number == "ESSAI-F2026-0001"
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 11, 22), date(2026, 12, 22))
    assert (invoice.net_minor, invoice.vat_minor, invoice.gross_minor) == (10000, 2000, 12000)
    assert (invoice.settlement.gross_minor, invoice.settlement.settled_minor) == (12000, 0)


def test_a_real_company_numbers_without_the_practice_prefix(alice):
    real = make_company(owner=alice, practice=False)

    assert issue(make_draft(real, now=NOW)).number == "F2026-0001"


def test_numbers_follow_one_another_per_company_and_year(company: Company, mallory):
    other = mallory.memberships.get().company

    numbers = [issue(make_draft(company, now=NOW)).number for _ in range(3)]
    elsewhere = issue(make_draft(other, now=NOW)).number
    next_year = issue(make_draft(company, now=NOW), now=NOW + timedelta(days=60)).number

    assert numbers == ["ESSAI-F2026-0001", "ESSAI-F2026-0002", "ESSAI-F2026-0003"]
    assert elsewhere == "ESSAI-F2026-0001"
    assert next_year == "ESSAI-F2027-0001"


def test_the_date_is_the_company_s_own(alice):
    island = make_company(owner=alice, time_zone="Indian/Reunion")

    invoice = issue(make_draft(island, now=NOW), now=datetime(2026, 12, 31, 21, 0, tzinfo=UTC))

    assert invoice.issue_date == date(2027, 1, 1)
    assert invoice.number == "ESSAI-F2027-0001"


def test_a_second_click_changes_nothing(company: Company):
    draft = make_draft(company, now=NOW)
    first = issue(draft)

    second = issue(draft, now=NOW + timedelta(seconds=1))

    assert (second.number, second.hash) == (first.number, first.hash)
    assert NumberSequence.objects.get(company=company).last_number == 1
    assert Event.objects.filter(kind="invoice.issued").count() == 1


def test_vat_on_services_waits_for_the_money(company: Company):
    invoice = issue(make_draft(company, now=NOW))

    assert sides(invoice) == [("411000", 12000, 0), ("706000", 0, 10000), ("445740", 0, 2000)]


def test_vat_on_debits_is_due_at_once(alice):
    company = make_company(owner=alice, vat_on_debits=True)

    invoice = issue(make_draft(company, now=NOW))

    assert sides(invoice) == [("411000", 12000, 0), ("706000", 0, 10000), ("445710", 0, 2000)]
    assert "Option pour le paiement de la taxe d’après les débits" in invoice.frozen


def test_goods_and_services_are_told_apart(company: Company):
    lines = [line("100.00"), line("50.01", nature=Nature.GOODS), line("10", vat="10", nature=Nature.GOODS)]

    invoice = issue(make_draft(company, lines=lines, now=NOW))

    # 150.01 × 20 % = 30.00, of which 100/150.01 for the services: 20.00; goods 10.00 + 1.00
    assert sides(invoice) == [
        ("411000", 19101, 0),
        ("706000", 0, 10000),
        ("707000", 0, 6001),
        ("445710", 0, 1100),
        ("445740", 0, 2000),
    ]


def test_franchise_charges_no_vat_and_says_why(alice):
    company = make_company(owner=alice, vat_regime="franchise", vat_number="")

    invoice = issue(make_draft(company, lines=[line("100", vat="20")], now=NOW))

    assert (invoice.net_minor, invoice.vat_minor, invoice.gross_minor) == (10000, 0, 10000)
    content = DocumentContent.from_json(invoice.frozen)
    assert content.legal_mentions[0] == "TVA non applicable, art. L. 223-3 du CIBS"
    assert {item.vat_rate for item in content.lines} == {"0"}


def test_the_mention_is_the_one_in_force_on_the_day(alice):
    company = make_company(owner=alice, vat_regime="franchise", vat_number="")

    invoice = issue(make_draft(company, lines=[line(vat="0")], now=NOW), now=datetime(2026, 8, 31, 9, 0, tzinfo=UTC))

    assert DocumentContent.from_json(invoice.frozen).legal_mentions[0] == "TVA non applicable, art. 293 B du CGI"


def test_what_is_frozen_does_not_follow_the_customer(company: Company):
    customer = make_customer(company)
    invoice = issue(make_draft(company, customer=customer, now=NOW))

    customer.name = "Autre nom"
    customer.save()

    invoice.refresh_from_db()
    assert invoice.customer_name == "Menuiserie Claire Fontaine"
    assert DocumentContent.from_json(invoice.frozen).customer.name == "Menuiserie Claire Fontaine"


def test_documents_are_chained(company: Company):
    first, second = issue(make_draft(company, now=NOW)), issue(make_draft(company, now=NOW))

    assert (first.chain_position, first.previous_hash) == (1, "")
    assert (second.chain_position, second.previous_hash) == (2, first.hash)
    assert second.hash == hash_document(previous=first.hash, frozen=second.frozen)


def test_an_incomplete_invoice_is_refused_and_uses_no_number(company: Company):
    customer = make_customer(company, siren="", address="")
    draft = make_draft(company, customer=customer, lines=[line(description=" ")], now=NOW)

    with pytest.raises(InvoiceIncomplete) as refusal:
        issue(draft)

    assert [(problem.place, problem.field) for problem in refusal.value.problems] == [
        ("customer", "address"),
        ("customer", "siren"),
        ("lines", "lines-0-description"),
    ]
    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("draft", None)
    assert not NumberSequence.objects.exists()
    assert not EntryLine.objects.exists()
    assert not Event.objects.filter(kind="invoice.issued").exists()


def test_a_consumer_needs_no_siren_and_pays_no_recovery_fee(company: Company, chloe: Customer):
    invoice = issue(make_draft(company, customer=chloe, now=NOW))

    assert "40 €" not in invoice.frozen


def test_a_professional_is_told_of_penalties(company: Company):
    mentions = DocumentContent.from_json(issue(make_draft(company, now=NOW)).frozen).legal_mentions

    assert mentions == (
        "Nature de l’opération : prestation de services",
        "Pénalités de retard : taux de refinancement de la BCE majoré de 10 points",
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 €",
        "Pas d’escompte pour paiement anticipé",
    )


def test_a_line_without_vat_wants_its_reason(company: Company):
    draft = make_draft(company, lines=[line(vat="0")], now=NOW)

    with pytest.raises(InvoiceIncomplete) as refusal:
        issue(draft)

    assert [problem.field for problem in refusal.value.problems] == ["exemption_reason"]


def test_a_rate_abolished_since_the_draft_is_refused(company: Company, monkeypatch: pytest.MonkeyPatch):
    draft = make_draft(company, now=NOW)
    monkeypatch.setattr(vat_rates, "VAT_RATES", [one for one in vat_rates.VAT_RATES if one.rate != 20])

    with pytest.raises(InvoiceIncomplete) as refusal:
        issue(draft)

    assert [problem.field for problem in refusal.value.problems] == ["lines-0-vat_rate"]
    assert NumberSequence.objects.count() == 0


def test_unconfirmed_accounts_hold_the_first_issue(company: Company):
    company.account_mappings.filter(role="bank").update(confirmed_at=None)

    with pytest.raises(InvoiceIncomplete) as refusal:
        issue(make_draft(company, now=NOW))

    assert [problem.place for problem in refusal.value.problems] == ["accounts"]


def test_a_clock_gone_back_is_refused(company: Company):
    issue(make_draft(company, now=NOW))
    draft = make_draft(company, now=NOW)

    with pytest.raises(IssueDateBeforeSeries):
        issue(draft, now=NOW - timedelta(days=1))

    draft.refresh_from_db()
    assert draft.number is None
    assert NumberSequence.objects.get(company=company).last_number == 1


def test_a_discarded_draft_is_not_issued(company: Company):
    draft = make_draft(company, now=NOW)
    discard_draft(company_id=company.id, invoice_id=draft.id, now=NOW)

    with pytest.raises(DraftDiscarded):
        issue(draft)


def test_another_company_s_draft_is_not_found(company: Company, mallory):
    draft = make_draft(company, now=NOW)

    with pytest.raises(Http404):
        issue_invoice(company_id=mallory.memberships.get().company_id, invoice_id=draft.id, now=NOW)


def test_an_invoice_of_zero_is_paid_at_once(company: Company):
    invoice = issue(make_draft(company, lines=[line("100", discount="100")], now=NOW))

    assert invoice.settlement.is_settled
    assert not Entry.objects.filter(source=f"invoice:{invoice.id}").exists()


@pytest.mark.parametrize("lines", [1, 5, 60])
def test_issuing_takes_at_most_sixteen_statements(lines: int, company: Company, django_assert_max_num_queries):
    draft = make_draft(company, lines=[line()] * lines, now=NOW)

    with django_assert_max_num_queries(16 + 2):  # the savepoint around it in a test is not ours
        issue(draft)


@pytest.mark.parametrize("groups", [1, 30])
def test_titles_subtotals_and_a_discount_take_no_statement_more(
    groups: int, company: Company, django_assert_max_num_queries
):
    lines = [section("Pièce"), line(), line("50", vat="10"), comment("Au choix du client"), subtotal()] * groups
    draft = make_draft(company, lines=lines, discount_rate=Decimal(10), now=NOW)

    with django_assert_max_num_queries(16 + 2):  # the savepoint around it in a test is not ours
        invoice = issue(draft)

    assert invoice.net_minor == 135_00 * groups


def test_what_is_no_article_is_frozen_with_its_text_alone(company: Company):
    lines = [section("Séjour"), line("60"), line("40", nature=Nature.GOODS), subtotal("Pour le séjour"), comment("Bon")]

    invoice = issue(make_draft(company, lines=lines, discount_minor=10_00, now=NOW))

    content = DocumentContent.from_json(invoice.frozen)
    assert [(one.kind, one.description, one.amount_minor, one.nature, one.vat_rate) for one in content.lines] == [
        ("section", "Séjour", 0, "", ""),
        ("article", "Pose de luminaires", 60_00, "services", "20"),
        ("article", "Pose de luminaires", 40_00, "goods", "20"),
        ("subtotal", "Pour le séjour", 100_00, "", ""),
        ("comment", "Bon", 0, "", ""),
    ]
    assert (invoice.net_minor, invoice.vat_minor, invoice.vat_on_receipts_minor) == (90_00, 18_00, 10_80)
    assert content.discount == DiscountContent(
        rate="", amount_minor=10_00, net_minor=10_00, parts=(RateDiscountContent("S", "20", 100_00, 10_00, 10_00),)
    )
    assert content.natures == ("goods", "services")
    assert DocumentContent.from_json(content.to_json()) == content


def test_an_invoice_of_titles_alone_sells_nothing(company: Company):
    draft = make_draft(company, lines=[section("Séjour"), subtotal()], now=NOW)

    with pytest.raises(InvoiceIncomplete) as refusal:
        issue(draft)

    assert [(problem.place, problem.field) for problem in refusal.value.problems] == [("lines", "lines")]


def test_prices_with_vat_keep_the_gross(company: Company):
    invoice = make_issued(company, lines=[line("9.99")], prices_include_vat=True, now=NOW)

    assert (invoice.net_minor, invoice.vat_minor, invoice.gross_minor) == (832, 167, 999)
    assert invoice.lines.get().unit_price == Decimal("9.99")


def test_an_unprintable_character_anywhere_is_named_before(alice):
    company = make_company(owner=alice, website="atelier💡.example")
    customer = make_customer(company, address_more="בית")

    with pytest.raises(InvoiceIncomplete) as refusal:
        issue(make_draft(company, customer=customer, now=NOW))

    assert [(problem.place, problem.field) for problem in refusal.value.problems] == [
        ("company", "website"),
        ("customer", "address_more"),
    ]
    assert refusal.value.problems[0].message == "Retirez ce que nous ne savons pas imprimer : 💡 (U+1F4A1)."
