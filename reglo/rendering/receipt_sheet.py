"""From a receipt to the words and figures on its sheet; `templates/receipt.typ` lays them out."""

from typing import Any

from reglo.rendering import formatting
from reglo.rendering.document import Receipt
from reglo.rendering.letterhead import letterhead
from reglo.rendering.wording import WORDINGS, Wording


def receipt_sheet(receipt: Receipt) -> dict[str, Any]:
    """The sheet of a « Reçu »."""
    words, language = WORDINGS[receipt.language], receipt.language
    paid_on = formatting.format_day(receipt.paid_on, language)
    facts = [(words.paid_on, paid_on)]
    if receipt.reference:
        facts.append((words.reference, receipt.reference))
    return {
        **letterhead(
            receipt.seller,
            receipt.payer,
            kind=words.receipt,
            number="",
            watermark=receipt.watermark,
            language=language,
        ),
        "facts": facts,
        "received": {
            "label": words.received,
            "amount": formatting.format_amount(receipt.amount_minor, receipt.currency, language),
            "sentence": words.received_how
            % {"how": f"{paid_on} {receipt.means}".rstrip(), "payer": receipt.payer.name},
        },
        "labels": [words.settled_document, words.issued_on, words.settled_amount],
        "settled": _settled(receipt, words),
        "mentions": list(receipt.mentions),
    }


def _settled(receipt: Receipt, words: Wording) -> list[tuple[str, str, str]]:
    """One row per document, then what the payment brought above them."""

    def amount(minor: int) -> str:
        return formatting.format_amount(minor, receipt.currency, receipt.language)

    rows = [
        (document.number, formatting.format_day(document.issue_date, receipt.language), amount(document.amount_minor))
        for document in receipt.documents
    ]
    surplus = receipt.amount_minor - sum(document.amount_minor for document in receipt.documents)
    return [*rows, (words.surplus, "", amount(surplus))] if surplus else rows
