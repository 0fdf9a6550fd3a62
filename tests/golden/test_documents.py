"""Every document worked out by hand: screen, paper, payment request and ledger say the same, to the cent."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.dashboard.drafting import sums_shown, totals_of_draft
from reglo.delivery.services import create_link
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice, Settlement
from reglo.invoicing.services import CreditedLine, issue_invoice
from reglo.money import Money
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.ports import clock as clock_port
from reglo.rendering.services import invoice_pdf
from reglo.ui import formats
from sandbox.stripe import seed
from tests.factories import make_company, make_credit, make_customer, make_draft
from tests.golden.written import Written, balances, every_document, minor
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import account, running, start, stripe, world  # noqa: F401 (fixtures)
from tests.payments.disputes import books
from tests.portal.conftest import words_of
from tests.rendering.printed import faults_of, pages_of, text_of

CARD = range(50, 1_000_000_00)  # what Stripe takes by card, in cents
DOCUMENTS = every_document()
CREDITED = [written for written in DOCUMENTS if written.credits]


@pytest.fixture
def company(alice: User, written: Written, stripe: StripeWorld, clock: FrozenClock) -> Company:  # noqa: F811 (the fixture)
    """The seller as written, on the day that is written."""
    clock.advance(seconds=(written.at - clock.now()).total_seconds())
    stripe.tell_time()
    company = make_company(owner=alice, **written.seller)
    company.refresh_from_db()
    return company


@pytest.fixture
def draft(company: Company, account: ProviderAccount, written: Written) -> Invoice:  # noqa: F811 (the fixture)
    customer = make_customer(company, **written.customer)
    return make_draft(company, customer=customer, lines=written.lines, **{"card_allowed": True, **written.document})


@pytest.mark.parametrize("written", DOCUMENTS, ids=lambda written: written.name)
def test_screen_paper_payment_and_ledger_agree_with_the_hand(
    company: Company,
    written: Written,
    draft: Invoice,
    alice: User,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Callable[[Invoice], PaymentAttempt],  # noqa: F811 (the fixture)
) -> None:
    expected = written.expected
    gross = minor(expected["gross"])
    assert sums_of_editor(draft, company) == expected_sums(written, company)

    invoice = issue_invoice(company_id=company.id, invoice_id=draft.id, now=clock_port.now())

    assert totals_of(invoice) == totals_by_hand(expected)
    assert books(company.id) == balances(expected["ledger"])
    assert Settlement.objects.get(invoice=invoice).remaining_minor == gross
    check_paper(invoice, expected)
    check_screens(invoice, alice, gross)
    if gross in CARD:
        attempt = start(invoice)
        session = (
            stripe.provider()
            .clients.of({"api_key": seed.SELLER_SECRET_KEY})
            .v1.checkout.sessions.retrieve(attempt.external_id)
        )
        assert (attempt.amount_minor, session.amount_total, session.currency) == (gross, gross, "eur")


@pytest.mark.parametrize("written", CREDITED, ids=lambda written: written.name)
def test_its_credit_notes_take_back_what_the_hand_says(company: Company, written: Written, draft: Invoice) -> None:
    invoice = issue_invoice(company_id=company.id, invoice_id=draft.id, now=clock_port.now())

    for expected in written.credits:
        note = make_credit(invoice, **credit_of(expected))

        content = DocumentContent.from_json(note.frozen)
        assert (content.net_minor, content.vat_minor, content.gross_minor) == tuple(
            minor(expected[name]) for name in ("net", "vat", "gross")
        )
        assert books(company.id) == balances(expected["ledger"])
        check_paper(note, expected)


def sums_of_editor(draft: Invoice, company: Company) -> list[int]:
    return [row.amount.minor for row in sums_shown(draft, totals_of_draft(draft), company=company)]


def expected_sums(written: Written, company: Company) -> list[int]:
    expected = written.expected
    if not company.charges_vat:
        return [minor(expected["gross"])]
    vats = [minor(vat) for rate, _net, vat in expected["rates"] if rate != "0"]
    return [minor(expected["net"]), *vats, minor(expected["gross"])]


Totals = tuple[list[tuple[str, int, int]], int, int, int]


def totals_of(invoice: Invoice) -> Totals:
    """As frozen, and as the columns of the row say."""
    content = DocumentContent.from_json(invoice.frozen)
    told = (content.net_minor, content.vat_minor, content.gross_minor)
    assert told == (invoice.net_minor, invoice.vat_minor, invoice.gross_minor)
    return [(rate.vat_rate, rate.net_minor, rate.vat_minor) for rate in content.rates], *told


def totals_by_hand(expected: dict[str, Any]) -> Totals:
    rates = [(rate, minor(net), minor(vat)) for rate, net, vat in expected["rates"]]
    return rates, minor(expected["net"]), minor(expected["vat"]), minor(expected["gross"])


def check_paper(document: Invoice, expected: dict[str, Any]) -> None:
    """A valid PDF/A-3b and PDF/UA-1, with every amount of the hand, its lines in order, and its mentions."""
    pdf = invoice_pdf(invoice=document, now=clock_port.now())
    assert faults_of(pdf) == []
    text = text_of(pdf)
    language = document.language
    assert shown(minor(expected["gross"]), language) in text
    for _rate, net, vat in expected.get("rates", []):
        assert shown(minor(net), language) in text
        assert shown(minor(vat), language) in text or minor(vat) == 0
    printed = [minor(amount) for amount in expected.get("lines", [])]
    found = re.findall(_AMOUNTS[language], text)
    wanted = [shown(amount, language).strip("€ ") for amount in printed]
    assert is_within(wanted, found), (printed, found)
    for words in expected.get("printed", []):
        assert words in text, (words, text)
    for words in expected.get("never", []):
        assert words not in text, (words, text)
    pages = pages_of(pdf)
    assert all(
        page.endswith(f"{rank}/{len(pages)}") or f"{rank}/{len(pages)}" in page for rank, page in enumerate(pages, 1)
    )


def check_screens(invoice: Invoice, alice: User, gross: int) -> None:
    """The page of the seller, and the one that the customer opens with his link."""
    staff, customer = Client(), Client()
    staff.force_login(alice)
    assert shown(gross) in words_of(staff.get(f"/factures/{invoice.pk}/"))
    link = create_link(
        company_id=invoice.company_id, invoice_id=invoice.id, email="claire@fontaine.test", now=clock_port.now()
    )
    page = words_of(customer.get(f"/p/l/{link.token}", follow=True))
    assert shown(gross, invoice.language) in page


def credit_of(expected: dict[str, Any]) -> dict[str, Any]:
    if "of_lines" in expected:
        return {"lines": {rank: CreditedLine() for rank in expected["of_lines"]}}
    return {"amount_minor": minor(expected["amount"])} if "amount" in expected else {}


def shown(cents: int, language: str = "fr") -> str:
    """As printed, with ordinary spaces."""
    return " ".join(formats.amount(Money(cents, "EUR"), language=language).split())


_AMOUNTS = {"fr": r"(?:^| )(-?\d[\d ]*,\d\d) €", "en": r"€(\d[\d,]*\.\d\d)"}


def is_within(wanted: list[str], found: list[str]) -> bool:
    """Whether `wanted` stand in `found` in their order, others between them."""
    rest = iter(found)
    return all(amount in rest for amount in wanted)
