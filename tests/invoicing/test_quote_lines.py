"""Titles, subtotals, comments and discounts of a quote, from what is typed to the invoices that are made of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from reglo.companies.models import Company
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice, Quote, QuoteLine, QuoteVersion
from reglo.invoicing.quote_billing import billing_of
from reglo.invoicing.quote_content import content_with_options
from reglo.invoicing.sections import with_their_titles
from reglo.invoicing.services import (
    DepositInput,
    DraftRefused,
    QuoteIncomplete,
    QuotePart,
    discard_draft,
    draft_quote_deposit,
    duplicate_quote,
    invoice_quote,
    issue_invoice,
    issue_quote,
    revise_quote,
)
from reglo.ports import clock
from tests.factories import accept, comment, line, make_credit, make_quote, make_quote_draft, option, section, subtotal

ROOMS = (
    comment("Visite du 3 novembre"),
    section("Séjour"),
    line("100", description="Pose"),
    option("50"),
    subtotal(),
    section("Variante"),
    option("30", description="Spot"),
    subtotal(),
    section("Lot 2"),
    section("Couloir"),
    line("60", description="Appliques", off=10_00, vat="10"),
    comment("Coloris à confirmer"),
    subtotal("Total du couloir"),
)
POSE, DIMMER, SPOT, SCONCE = 3, 4, 7, 11  # their ranks


def rooms(company: Company, *, options: tuple[int, ...] = (), **fields: Any) -> Quote:
    """150,00 € without its options, at two rates, accepted."""
    quote = make_quote(company, lines=ROOMS, **fields)
    accept(quote, options=options)
    return quote


def offered(quote: Quote) -> QuoteVersion:
    assert quote.offered is not None
    return quote.offered


def content_of(quote: Quote) -> DocumentContent:
    return DocumentContent.from_json(offered(quote).frozen)


def invoiced(quote: Quote, *parts: tuple[int, str]) -> Invoice:
    chosen = [QuotePart(rank, Decimal(rate)) for rank, rate in parts] if parts else None
    draft = invoice_quote(company=quote.company, quote_id=quote.pk, parts=chosen, now=clock.now())
    return issue_invoice(company_id=quote.company_id, invoice_id=draft.pk, now=clock.now())


def told(content: DocumentContent) -> list[tuple[str, str, int]]:
    return [
        (one.kind, one.description.splitlines()[0] if one.description else "", one.amount_minor)
        for one in content.lines
    ]


def printed(invoice: Invoice) -> list[tuple[str, str, int]]:
    return told(DocumentContent.from_json(invoice.frozen))


def test_a_quote_freezes_its_titles_and_discounts_and_no_subtotal_has_an_option(company: Company):
    quote = make_quote(company, lines=ROOMS, discount_rate=Decimal(10))

    content, version = content_of(quote), offered(quote)
    assert [(kind, amount) for kind, _said, amount in told(content)] == [
        ("comment", 0),
        ("section", 0),
        ("article", 100_00),
        ("article", 50_00),
        ("subtotal", 100_00),
        ("section", 0),
        ("article", 30_00),
        ("subtotal", 0),
        ("section", 0),
        ("section", 0),
        ("article", 50_00),
        ("comment", 0),
        ("subtotal", 50_00),
    ]
    assert content.discount is not None
    assert (content.discount.rate, content.discount.amount_minor) == ("10", 15_00)
    assert [(part.vat_rate, part.amount_minor) for part in content.discount.parts] == [("20", 10_00), ("10", 5_00)]
    assert (version.net_minor, version.vat_minor, version.gross_minor) == (135_00, 22_50, 157_50)
    assert (version.discount_rate, version.discount_minor, version.subject) == (Decimal(10), None, "Pose")
    rows = version.lines.order_by("rank")
    assert [row.amount_minor for row in rows if not row.is_article] == [0] * 9
    assert rows[SCONCE - 1].discount_minor == 10_00


def test_options_that_are_taken_come_into_their_subtotal_and_under_the_discount(company: Company):
    quote = make_quote(company, lines=ROOMS, discount_rate=Decimal(10))

    decision = accept(quote, options=[DIMMER])
    content = content_with_options(offered(quote), [DIMMER])

    assert (decision.net_minor, decision.vat_minor, decision.gross_minor) == (180_00, 31_50, 211_50)
    assert (content.net_minor, content.gross_minor) == (180_00, 211_50)
    assert content.discount is not None
    assert content.discount.amount_minor == 20_00
    assert [one.amount_minor for one in content.lines if one.kind == "subtotal"] == [150_00, 0, 50_00]
    assert [one.option for one in content.lines if one.option] == ["taken", "left"]


def test_an_amount_off_the_quote_stays_what_it_is_whatever_is_taken(company: Company):
    quote = make_quote(company, lines=ROOMS, discount_minor=30_00)

    decision = accept(quote, options=[DIMMER, SPOT])

    assert offered(quote).net_minor == 120_00
    assert decision.net_minor == 200_00


def test_the_invoice_of_everything_says_the_same_without_what_was_left(company: Company):
    quote = rooms(company, options=(DIMMER,), discount_rate=Decimal(10))

    invoice = invoiced(quote)

    assert printed(invoice) == [
        ("comment", "Visite du 3 novembre", 0),
        ("section", "Séjour", 0),
        ("article", "Pose", 100_00),
        ("article", "Variateur", 50_00),
        ("subtotal", "", 150_00),
        ("section", "Lot 2", 0),
        ("section", "Couloir", 0),
        ("article", "Appliques", 50_00),
        ("comment", "Coloris à confirmer", 0),
        ("subtotal", "Total du couloir", 50_00),
    ]
    assert (invoice.discount_rate, invoice.discount_minor) == (Decimal(10), None)
    assert invoice.gross_minor == quote.decisions.get().gross_minor
    assert invoice.lines.get(description="Appliques").discount_minor == 10_00
    assert invoice.subject == "Pose"


def test_the_invoice_of_a_part_has_the_titles_of_what_it_invoices_and_its_part_of_the_discount(company: Company):
    quote = rooms(company, discount_rate=Decimal(10))

    first = invoiced(quote, (SCONCE, "50"))
    rest = invoiced(quote)

    assert printed(first) == [
        ("comment", "Visite du 3 novembre", 0),
        ("section", "Lot 2", 0),
        ("section", "Couloir", 0),
        ("article", "Appliques", 25_00),
        ("comment", "Coloris à confirmer", 0),
        ("subtotal", "Total du couloir", 25_00),
    ]
    assert first.lines.get(description__startswith="Appliques").discount_minor == 0  # its price is after it
    assert (first.discount_rate, first.net_minor, first.vat_minor) == (Decimal(10), 22_50, 2_25)
    assert (rest.net_minor, first.net_minor + rest.net_minor) == (112_50, 135_00)
    assert first.gross_minor + rest.gross_minor == 157_50


def test_the_last_invoice_takes_what_is_left_of_the_discount(company: Company):
    quote = make_quote(company, lines=[line("0.05"), line("0.05"), line("0.05")], discount_rate=Decimal(10))
    accept(quote)

    made = [invoiced(quote, (rank, "100")) for rank in (1, 2, 3)]

    # 0,015 is 0,02 of the quote: the first takes 0,01, the second 0,01 − 0,01, the third what is left.
    assert [(one.discount_rate, one.discount_minor) for one in made] == [
        (Decimal(10), None),
        (None, None),
        (Decimal(10), None),
    ]
    assert sum(one.net_minor for one in made) == quote.decisions.get().net_minor == 13


def test_an_invoice_thrown_away_or_cancelled_gives_its_part_of_the_discount_back(company: Company):
    quote = rooms(company, discount_minor=10_01)
    thrown = invoice_quote(company=company, quote_id=quote.pk, parts=[QuotePart(POSE, Decimal(50))], now=clock.now())
    discard_draft(company_id=company.pk, invoice_id=thrown.pk, now=clock.now())
    cancelled = invoiced(quote, (POSE, "50"))
    make_credit(cancelled)

    invoice = invoiced(quote)

    assert (thrown.discount_minor, cancelled.discount_minor) == (3_34, 3_34)
    assert (invoice.discount_minor, invoice.net_minor) == (10_01, 139_99)


def test_a_deposit_is_a_part_of_the_discounted_total_and_has_no_discount_of_its_own(company: Company):
    quote = rooms(company, discount_rate=Decimal(10), deposit_rate=Decimal(30))

    draft = draft_quote_deposit(company=company, quote_id=quote.pk, deposit=DepositInput(), now=clock.now())

    assert (draft.gross_minor, draft.has_discount) == (47_25, False)
    # 108,00 € at 20 % and 49,50 € at 10 %.
    assert [(one.vat_rate, one.amount_minor) for one in draft.lines.order_by("rank")] == [(20, 32_40), (10, 14_85)]


def test_the_page_of_a_quote_knows_what_its_discount_takes(company: Company):
    quote = rooms(company, options=(DIMMER,), discount_rate=Decimal(10))

    invoiced(quote, (POSE, "50"))
    billing = billing_of(quote)

    assert billing is not None
    assert (billing.discount.minor, billing.discounted_minor, billing.left.minor) == (20_00, 5_00, 135_00)
    assert [one.line.rank for one in billing.lines] == [POSE, DIMMER, SCONCE]


def test_another_version_and_a_copy_say_the_same(company: Company):
    quote = make_quote(company, lines=ROOMS, discount_minor=12_34)

    copy = duplicate_quote(company_id=company.pk, quote_id=quote.pk, now=clock.now())
    revised = revise_quote(company_id=company.pk, quote_id=quote.pk, now=clock.now())

    for version in (copy.latest, revised.latest):
        assert version is not None
        assert (version.discount_minor, version.net_minor) == (12_34, 137_66)
        assert [(row.kind, row.optional, row.discount_minor) for row in version.lines.order_by("rank")] == [
            (one.kind, one.optional, one.discount_minor) for one in ROOMS
        ]


def test_a_discount_larger_than_the_lines_is_refused_even_where_options_would_cover_it(company: Company):
    with pytest.raises(DraftRefused) as refused:
        make_quote_draft(company, lines=ROOMS, discount_minor=150_01)
    with pytest.raises(DraftRefused) as of_a_line:
        make_quote_draft(company, lines=[line("10"), option("5", off=5_01)])

    assert [refusal.field for refusal in refused.value.refusals] == ["discount_minor"]
    assert [refusal.field for refusal in of_a_line.value.refusals] == ["lines-1-discount_minor"]
    assert not QuoteLine.objects.exists()


def test_titles_alone_are_no_quote(company: Company):
    draft = make_quote_draft(company, lines=[section("Séjour"), option("5"), comment("Garantie")])

    with pytest.raises(QuoteIncomplete) as refused:
        issue_quote(company_id=company.pk, quote_id=draft.pk, now=clock.now())

    assert "Toutes les lignes sont en option" in str(refused.value.problems[0].message)


def test_only_an_article_has_an_amount_or_is_optional(company: Company):
    make_quote_draft(company, lines=[section("Séjour"), line()])
    title = QuoteLine.objects.filter(kind="section")

    for spoilt in ({"amount_minor": 1}, {"discount_minor": 1}, {"optional": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            title.update(**spoilt)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuoteVersion.objects.update(discount_rate=10, discount_minor=1)


@pytest.mark.parametrize(
    ("kept", "left"),
    [
        ("", "i z"),
        ("a", "i A a s z"),
        ("b", "i B C b z"),
        ("ab", "i A a s B C b z"),
    ],
)
def test_titles_follow_what_they_are_about(kept: str, left: str):
    """i: before any title; A, B, C, D: titles, B over C alone; s, t: subtotals of a, and of nothing; z: under D."""
    kinds = dict.fromkeys("ABCD", "section") | dict.fromkeys("st", "subtotal") | dict.fromkeys("iz", "comment")
    page = [QuoteLine(description=name, kind=kinds.get(name, "article")) for name in "iAastBCbDz"]

    found = with_their_titles(page, lambda one: one.description in kept)

    assert [one.description for one in found if one.description != "D"] == left.split()
