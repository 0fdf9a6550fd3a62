"""Deposits, final invoices and situations worked out by hand, `deposits/*.toml`: each step's document and its books."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reglo.companies.models import Company, User
from reglo.companies.states import Nature
from reglo.invoicing.models import Invoice, Quote
from reglo.invoicing.quote_billing import billing_of
from reglo.invoicing.services import (
    DepositInput,
    LineInput,
    Progress,
    QuotePart,
    draft_quote_deposit,
    invoice_quote,
    invoice_situation,
    issue_invoice,
)
from reglo.invoicing.states import LineKind
from reglo.ports import clock
from reglo.rendering.services import invoice_pdf, quote_pdf
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
    quote = accepted_quote(company, story)
    documents: list[Invoice] = []

    for step in story["steps"]:
        made = STEPS[step["do"]](company, quote, documents, step)

        if made is not None:
            check_document(made, step)
            documents.append(made)
        assert books(company.pk) == balances(step["ledger"]), step


def accepted_quote(company: Company, story: Step) -> Quote:
    """Accepted with the options of the story; adding up to what the hand says, on paper too, where it says so."""
    told = story.get("quote", {})
    quote = make_quote(
        company,
        lines=[typed(one) for one in story["lines"]],
        prices_include_vat=told.get("with_vat", False),
        discount_rate=Decimal(told["discount"]) if "discount" in told else None,
        discount_minor=minor(told["discount_amount"]) if "discount_amount" in told else None,
    )
    decision = accept(quote, options=told.get("options", ()))
    if told:
        amounts = [decision.gross_minor, decision.net_minor, decision.vat_minor]
        assert amounts == [minor(told[key]) for key in ("gross", "net", "vat")]
        check_paper(quote_pdf(quote=Quote.objects.get(pk=quote.pk)), told)
    return quote


def typed(one: Step) -> LineInput:
    kind = LineKind(one.get("kind", "article"))
    if kind != LineKind.ARTICLE:
        return LineInput(one.get("description", ""), kind=kind)
    sold = line(
        one["price"],
        quantity=one.get("quantity", "1"),
        unit=one.get("unit", ""),
        vat=one["vat"],
        nature=Nature(one.get("nature", "services")),
        discount=one.get("discount", "0"),
        off=minor(one.get("off", "0")),
        description=one.get("description", "Pose de luminaires"),
    )
    return replace(sold, optional=one.get("optional", False))


def check_document(made: Invoice, step: Step) -> None:
    """As the hand says; on paper too, which is valid."""
    assert [made.gross_minor, made.net_minor, made.vat_minor] == [minor(step[key]) for key in ("gross", "net", "vat")]
    if "to_pay" in step:
        assert made.settlement.remaining_minor == minor(step["to_pay"])
    check_paper(invoice_pdf(invoice=made, now=clock.now()), step)


def check_paper(pdf: bytes, told: Step) -> None:
    assert faults_of(pdf) == []
    text = " ".join(text_of(pdf).split())
    for words in told.get("printed", []):
        assert words in text, (words, text)
    for words in told.get("absent", []):
        assert words not in text, (words, text)


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
    progress = [Progress(rank, Decimal(rate)) for rank, rate in zip(ranks_of(quote), step["rates"], strict=False)]
    return issued(invoice_situation(company=company, quote_id=quote.pk, progress=progress, now=clock.now()))


def part(company: Company, quote: Quote, _documents: list[Invoice], step: Step) -> Invoice:
    parts = [QuotePart(rank, Decimal(rate)) for rank, rate in zip(ranks_of(quote), step["rates"], strict=False)]
    return issued(invoice_quote(company=company, quote_id=quote.pk, parts=parts, now=clock.now()))


def ranks_of(quote: Quote) -> list[int]:
    """Of the lines that are sold, which are those that a story gives rates to."""
    billing = billing_of(quote)
    assert billing is not None, "the quote of a story is accepted"
    return [billed.line.rank for billed in billing.lines]


def pay(_company: Company, _quote: Quote, documents: list[Invoice], step: Step) -> None:
    collect(documents[step["document"] - 1], minor(step["amount"]))


def credit(_company: Company, _quote: Quote, documents: list[Invoice], step: Step) -> Invoice:
    chosen = {"amount_minor": minor(step["amount"])} if "amount" in step else {}
    return make_credit(Invoice.objects.get(pk=documents[step["document"] - 1].pk), **chosen)


STEPS: dict[str, Callable[[Company, Quote, list[Invoice], Step], Invoice | None]] = {
    "deposit": deposit,
    "final": final,
    "situation": situation,
    "part": part,
    "pay": pay,
    "credit": credit,
}
