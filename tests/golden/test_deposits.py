"""Deposits, final invoices and situations worked out by hand, `deposits/*.toml`: each step's document and its books."""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reglo.companies.models import Company, User
from reglo.companies.states import Nature
from reglo.invoicing.models import Invoice, Quote
from reglo.invoicing.services import (
    DepositInput,
    Progress,
    draft_quote_deposit,
    invoice_quote,
    invoice_situation,
    issue_invoice,
)
from reglo.ports import clock
from reglo.rendering.services import invoice_pdf
from tests.factories import accept, line, make_company, make_credit, make_quote
from tests.golden.written import balances, minor
from tests.invoicing.test_deposits import collect
from tests.payments.disputes import books
from tests.rendering.printed import faults_of, text_of

FOLDER = Path(__file__).parent / "deposits"
STORIES = sorted(FOLDER.glob("*.toml"))

Step = dict[str, Any]


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_each_step_is_what_the_hand_says(path: Path, alice: User):
    story = tomllib.loads(path.read_text(encoding="utf-8"))
    company = make_company(owner=alice)
    lines = [line(one["price"], vat=one["vat"], nature=Nature(one.get("nature", "services"))) for one in story["lines"]]
    quote = make_quote(company, lines=lines)
    accept(quote)
    documents: list[Invoice] = []

    for step in story["steps"]:
        made = STEPS[step["do"]](company, quote, documents, step)

        if made is not None:
            check_document(made, step)
            documents.append(made)
        assert books(company.pk) == balances(step["ledger"]), step


def check_document(made: Invoice, step: Step) -> None:
    """As the hand says; on paper too, which is valid."""
    assert [made.gross_minor, made.net_minor, made.vat_minor] == [minor(step[key]) for key in ("gross", "net", "vat")]
    if "to_pay" in step:
        assert made.settlement.remaining_minor == minor(step["to_pay"])
    pdf = invoice_pdf(invoice=made, now=clock.now())
    assert faults_of(pdf) == []
    text = " ".join(text_of(pdf).split())
    for words in step.get("printed", []):
        assert words in text, (words, text)


def issued(draft: Invoice) -> Invoice:
    return issue_invoice(company_id=draft.company_id, invoice_id=draft.pk, now=clock.now())


def deposit(company: Company, quote: Quote, _documents: list[Invoice], step: Step) -> Invoice:
    asked = (
        DepositInput(rate=Decimal(step["rate"])) if "rate" in step else DepositInput(amount_minor=minor(step["amount"]))
    )
    return issued(draft_quote_deposit(company=company, quote_id=quote.pk, deposit=asked, now=clock.now()))


def final(company: Company, quote: Quote, _documents: list[Invoice], _step: Step) -> Invoice:
    return issued(invoice_quote(company=company, quote_id=quote.pk, now=clock.now()))


def situation(company: Company, quote: Quote, _documents: list[Invoice], step: Step) -> Invoice:
    progress = [Progress(rank, Decimal(rate)) for rank, rate in enumerate(step["rates"], start=1)]
    return issued(invoice_situation(company=company, quote_id=quote.pk, progress=progress, now=clock.now()))


def pay(_company: Company, _quote: Quote, documents: list[Invoice], step: Step) -> None:
    collect(documents[step["document"] - 1], minor(step["amount"]))


def credit(_company: Company, _quote: Quote, documents: list[Invoice], step: Step) -> Invoice:
    chosen = {"amount_minor": minor(step["amount"])} if "amount" in step else {}
    return make_credit(Invoice.objects.get(pk=documents[step["document"] - 1].pk), **chosen)


STEPS: dict[str, Callable[[Company, Quote, list[Invoice], Step], Invoice | None]] = {
    "deposit": deposit,
    "final": final,
    "situation": situation,
    "pay": pay,
    "credit": credit,
}
