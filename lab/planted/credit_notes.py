"""Bugs in what a credit note takes back, and in what it leaves to be paid."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

from lab.planted.bug import Bugs, module_of, swap

BUGS = Bugs()
CREDITING = "reglo.invoicing.crediting"
ISSUE = "reglo.invoicing.services.issue_credit_note"
FINALISE = "reglo.payments.services.finalise_credit_note"


@BUGS.plant("What an invoice leaves to be credited is counted a cent too large.")
def credited_a_cent_beyond() -> Any:
    honest = module_of(CREDITING).shares_of_invoice

    def shares(content: Any) -> Any:
        first, *others = honest(content)
        return [replace(first, net_minor=first.net_minor + 1), *others]

    return swap(CREDITING, "shares_of_invoice", shares)


@BUGS.plant("What credit notes took is still asked for on line, of a cancelled invoice too.")
@contextmanager
def credited_still_payable() -> Iterator[None]:
    from reglo.invoicing.models import Settlement
    from reglo.payments import card_offers

    kept = {state: refusal for state, refusal in card_offers._BY_STATE.items() if state != "credited"}
    asked = property(lambda settlement: settlement.gross_minor - settlement.settled_minor)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(Settlement, "remaining_minor", asked))
        stack.enter_context(mock.patch.object(card_offers, "_BY_STATE", kept))
        yield


@BUGS.plant("Credit notes are numbered in the series of the invoices.")
def one_counter_for_both() -> Any:
    from reglo.invoicing.states import SeriesKind

    honest = module_of(ISSUE).take_number
    return swap(ISSUE, "take_number", lambda **given: honest(**{**given, "kind": SeriesKind.INVOICE}))


@BUGS.plant("What was paid beyond what is left owed stays where it was.")
def surplus_of_a_credit_forgotten() -> Any:
    return swap(FINALISE, "free_excess", lambda credit_note, settling, amount_minor, now: None)


@BUGS.plant("All the VAT of a credit note is taken from what waits for the money, due or not.")
def due_vat_not_given_back() -> Any:
    honest = module_of(ISSUE)._post

    def post(credit_note: Any, credit: Any, *, vat_given_back: int, now: Any) -> None:
        honest(credit_note, credit, vat_given_back=0, now=now)

    return swap(ISSUE, "_post", post)
