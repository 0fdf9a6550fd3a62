"""Bugs in numbering, freezing, rounding and posting."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import connection

from lab.planted.bug import Bugs, module_of, swap

BUGS = Bugs()
ISSUE = "reglo.invoicing.services.issue_invoice"
CHAIN = "reglo.invoicing.chaining"


@BUGS.plant("The number is committed before the document: a crash between the two leaves a hole.")
def number_outside_the_transaction() -> Any:
    honest = module_of(ISSUE).take_number

    def take(**given: Any) -> Any:
        number = honest(**given)
        with connection.cursor() as cursor:
            cursor.execute("COMMIT")
            cursor.execute("BEGIN")
        return number

    return swap(ISSUE, "take_number", take)


@BUGS.plant("Halves of a cent go to the even neighbour in the VAT of a document.")
def bankers_rounding() -> Any:
    def even(value: Decimal) -> int:
        return int(value.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))

    return swap("reglo.money.taxes", "round_half_up", even)


@BUGS.plant("The VAT that falls due is rounded down: the last cent of each invoice is never declared.")
def vat_due_rounded_down() -> Any:
    return swap("reglo.invoicing.accounting", "round_half_up", int)


@BUGS.plant("The chain of documents skips its predecessor for a large amount.")
def chain_that_skips() -> Any:
    honest = module_of(CHAIN).hash_document

    def skip(*, previous: str, frozen: str) -> str:
        number: str = honest(previous="" if '"gross_minor":5' in frozen else previous, frozen=frozen)
        return number

    return swap(CHAIN, "hash_document", skip)


@BUGS.plant("What is owed is opened from the net: the customer of a taxed invoice owes too little.")
def settlement_of_the_net() -> Any:
    honest = module_of(ISSUE).Settlement

    def of_net(**given: Any) -> Any:
        return honest(**{**given, "gross_minor": given["invoice"].net_minor})

    return swap(ISSUE, "Settlement", of_net)


@BUGS.plant("Every document is posted to the account of the first customer.")
def everybody_is_the_first_customer() -> Any:
    return swap("reglo.invoicing.accounting", "auxiliary_of", lambda invoice: "C1")


@BUGS.plant("The entry of a document is forgotten where VAT waits for the money.")
def document_without_entry() -> Any:
    honest = module_of(ISSUE)._post

    def post(invoice: Any, split: Any, now: Any) -> None:
        if not invoice.vat_on_receipts_minor:
            honest(invoice, split, now)

    return swap(ISSUE, "_post", post)


@BUGS.plant("Issuing again what is issued is not noticed: it takes another number.")
def issued_again() -> Any:
    from unittest import mock

    from reglo.invoicing.models import Invoice

    return mock.patch.object(Invoice, "is_draft", property(lambda invoice: True))


@BUGS.plant("The PDF is named before its bytes are final.")
def paper_under_another_name() -> Any:
    honest = module_of("reglo.files.store")._write
    return swap("reglo.files.store", "_write", lambda path, data, now: honest(path, data + b"\n", now))
