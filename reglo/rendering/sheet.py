"""From a document to the words and figures on its sheet: everything formatted, nothing left for the template to decide.

The result is plain JSON data; `templates/document.typ` says how each part is laid out.
"""

from collections.abc import Sequence
from itertools import pairwise
from itertools import accumulate
from typing import Any

from reglo.money import Money
from reglo.rendering import formatting, payment_codes
from reglo.rendering.document import Document, Kind, Line, LineKind, Option, PriceMode, QuoteTerms
from reglo.rendering.letterhead import letterhead
from reglo.rendering.wording import WORDINGS, Wording

Pairs = list[tuple[str, str]]
SHORT = 600  # characters of a text that may be kept on one page with another
LONGEST_RUN = 6


def document_sheet(document: Document) -> dict[str, Any]:
    """The sheet of an invoice, deposit invoice, credit note or quote."""
    words = WORDINGS[document.language]
    kind = words.kinds[document.kind]
    return {
        **letterhead(
            document.seller,
            document.customer,
            kind=kind,
            number=document.number or "",
            watermark=document.watermark,
            language=document.language,
        ),
        "number": document.number or "",
        "facts": _facts(document, words),
        "references": _references(document, words),
        "labels": _labels(document, words),
<<<<<<< ours
        "lines": [_line(line, document, words) for line in document.lines],
        "together": kept_together(document.lines),
||||||| base
        "lines": [_line(line, document) for line in document.lines],
=======
        "lines": [_line(line, document) for line in document.lines],
        "carried": _carried(document, words),
>>>>>>> theirs
        "totals": _totals(document, words),
        "due": _due(document, words),
        "instalments": _instalments(document, words),
        "stamp": _stamp(document, words),
        "agreement": _agreement(document, words),
        "pay_online": _pay_online(document, words),
        "transfer": _transfer(document, words),
        "remarks": _remarks(document, words),
        "legal": list(document.legal_mentions),
    }


def _facts(document: Document, words: Wording) -> Pairs:
    """The dates, at most three, so that they stay above the window."""
    facts = []
    if document.issue_date:
        facts.append((words.issued_on, formatting.format_day(document.issue_date, document.language)))
    instalments = document.terms.instalments if document.terms else ()
    if instalments:
        facts.append((words.first_due_on, formatting.format_day(instalments[0].due_date, document.language)))
    elif document.due_date:
        label = words.valid_until if document.kind is Kind.QUOTE else words.due_on
        facts.append((label, formatting.format_day(document.due_date, document.language)))
    if document.supplied_on and not document.supplied_until:
        day = formatting.format_day(document.supplied_on, document.language)
        facts.append((words.supplied_on[document.nature], day))
    return facts


def _references(document: Document, words: Wording) -> list[tuple[str, list[str]]]:
    references = []
    if document.correction:
        day = formatting.format_day(document.correction.issue_date, document.language)
        sentence = words.corrects % {"number": document.correction.number, "day": day}
        references.append((words.subject, [sentence]))
    if document.situation:
        references.append((words.subject, [words.situation % {"number": document.situation}]))
    if document.supplied_on and document.supplied_until:
        period = formatting.format_period(document.supplied_on, document.supplied_until, document.language)
        references.append((words.supplied_on[document.nature], [period]))
    if document.customer.siren:
        references.append((words.customer_siren, [formatting.group_siren(document.customer.siren)]))
    if document.customer.vat_number:
        references.append((words.customer_vat_number, [document.customer.vat_number]))
    if document.quote and document.quote.work_place:
        references.append((words.work_place, document.quote.work_place.splitlines()))
    if document.quote and document.quote.version > 1:
        references.append((words.version, [words.version_how % {"version": document.quote.version}]))
    if document.purchase_order:
        references.append((words.purchase_order, [document.purchase_order]))
    if document.delivery_address:
        references.append((words.delivery_address, list(document.delivery_address)))
    return references


def _labels(document: Document, words: Wording) -> dict[str, str | None]:
    discounted = any(line.discount_rate or line.discount_minor for line in document.lines)
    return {
        "description": words.description,
        "quantity": words.quantity,
        "unit_price": words.unit_price[document.price_mode],
        "discount": words.discount if discounted else None,
        "vat": None if document.price_mode is PriceMode.FRANCHISE else words.vat,
        "amount": words.amount[document.price_mode],
    }


def _line(line: Line, document: Document, words: Wording) -> dict[str, Any]:
    language, currency = document.language, document.currency
    amount = formatting.format_amount(line.amount_minor, currency, language)
    if line.kind is LineKind.SUBTOTAL:
        return {"kind": line.kind, "description": line.description or words.subtotal, "amount": amount}
    if line.kind is not LineKind.ARTICLE:
        return {"kind": line.kind, "description": line.description}
    quantity = formatting.format_quantity(line.quantity, language)
    unit_price = formatting.format_unit_price(line.unit_price, currency, language)
    return {
        "kind": line.kind,
        "description": f"{words.options[line.option]}{line.description}" if line.option else line.description,
        "quantity": formatting.split_at_comma(quantity, language),
        "unit": line.unit,
        "unit_price": formatting.split_at_comma(unit_price, language),
        "discount": _line_discount(line, currency, language),
        "vat": formatting.format_rate(line.vat_rate, language),
        "amount": amount,
    }


def _line_discount(line: Line, currency: str, language: str) -> str:
    """« 10 % », « 12,00 € », or both, one under the other."""
    rate = [formatting.format_rate(line.discount_rate, language)] if line.discount_rate else []
    amount = [formatting.format_amount(line.discount_minor, currency, language)] if line.discount_minor else []
    return "\n".join([*rate, *amount])


def kept_together(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """First line and length of each run that no page may cut: a title with what follows it, a subtotal with the line
    above it. What is very long follows the page, and no run grows beyond a few lines."""
    runs: list[tuple[int, int]] = []
    for index, (line, below) in enumerate(pairwise(lines)):
        if not _stays_with(line, below):
            continue
        start, length = runs[-1] if runs else (0, 0)
        if length and start + length - 1 == index and length < LONGEST_RUN:
            runs[-1] = (start, length + 1)
        elif not length or start + length - 1 < index:
            runs.append((index, 2))
    return runs


def _stays_with(line: Line, below: Line) -> bool:
    if any(len(text) > SHORT or text.count("\n") > 5 for text in (line.description, below.description)):
        return False
    return line.kind is LineKind.SECTION or below.kind is LineKind.SUBTOTAL


def _carried(document: Document, words: Wording) -> dict[str, Any]:
    """What the lines add up to, up to each of them: said where the table goes on over the page."""
    sums = accumulate(line.amount_minor for line in document.lines)
    return {
        "forward": words.carry_forward,
        "brought": words.brought_forward,
        "sums": [formatting.format_amount(minor, document.currency, document.language) for minor in sums],
    }


def _instalments(document: Document, words: Wording) -> dict[str, Any] | None:
    """The table of what is due on each date."""
    if document.terms is None or not document.terms.instalments:
        return None
    rows = []
    for rank, one in enumerate(document.terms.instalments, start=1):
        name = words.ranks[0] if rank == 1 else words.ranks[1] % {"rank": rank}
        day = formatting.format_day(one.due_date, document.language)
        rows.append((name, day, formatting.format_amount(one.amount_minor, document.currency, document.language)))
    return {"labels": [words.instalment, words.instalment_day, words.instalment_amount], "rows": rows}


def _totals(document: Document, words: Wording) -> Pairs:
    """Before the discount and the discount, net, VAT by rate, gross, then what is deducted. Under franchise, only what
    the amount to pay does not say by itself."""

    def amount(minor: int) -> str:
        return formatting.format_amount(minor, document.currency, document.language)

    rows = [*_discount_rows(document, words)]
    if document.price_mode is not PriceMode.FRANCHISE:
        rows.append((words.total_net, amount(document.net_minor)))
        for total in document.rates:
            rate = formatting.format_rate(total.vat_rate, document.language)
            label = words.vat_at if len(document.rates) == 1 else words.vat_at_on
            rows.append((label % {"rate": rate, "net": amount(total.net_minor)}, amount(total.vat_minor)))
        rows.append((words.total_gross, amount(document.gross_minor)))
    elif document.paid_minor or document.deposits:
        rows.append((words.amount[PriceMode.FRANCHISE], amount(document.gross_minor)))
    if document.paid_minor:
        rows.append((words.already_paid, amount(-document.paid_minor)))
    return [*rows, *_deposit_rows(document, words)]


def _deposit_rows(document: Document, words: Wording) -> Pairs:
    """VAT by rate: what deposits invoiced, what is still due; then each deposit, and all of them where several."""

    def amount(minor: int) -> str:
        return formatting.format_amount(minor, document.currency, document.language)

    rows = []
    for total in document.rates if document.deposits else ():
        rates = [rate for deposit in document.deposits for rate in deposit.rates if rate.vat_rate == total.vat_rate]
        if rates and total.vat_rate:
            invoiced = sum(rate.vat_minor for rate in rates)
            label = {"rate": formatting.format_rate(total.vat_rate, document.language)}
            rows.append((words.deposit_vat % label, amount(-invoiced)))
            rows.append((words.vat_still_due % label, amount(total.vat_minor - invoiced)))
    cited = words.released_deposit if document.correction else words.deducted_deposit
    for deposit in document.deposits:
        day = formatting.format_day(deposit.issue_date, document.language)
        rows.append((cited % {"number": deposit.number, "day": day}, amount(-deposit.gross_minor)))
    if len(document.deposits) > 1:
        rows.append((words.deposits_in_all, amount(-sum(deposit.gross_minor for deposit in document.deposits))))
    return rows


def _discount_rows(document: Document, words: Wording) -> Pairs:
    discount, language = document.discount, document.language
    if discount is None:
        return []
    after = document.net_minor if document.price_mode is PriceMode.NET else document.gross_minor
    label = words.discount
    if discount.rate is not None:
        label = words.discount_at % {"rate": formatting.format_rate(discount.rate, language)}
    return [
        (
            words.before_discount[document.price_mode],
            formatting.format_amount(after + discount.minor, document.currency, language),
        ),
        (label, formatting.format_amount(-discount.minor, document.currency, language)),
    ]


def _due(document: Document, words: Wording) -> dict[str, str]:
    label = words.to_pay[document.kind]
    if document.price_mode is PriceMode.FRANCHISE and document.kind in (Kind.INVOICE, Kind.DEPOSIT):
        label = words.total_to_pay
    amount = formatting.format_amount(document.due_minor, document.currency, document.language)
    return {"label": label, "amount": amount}


def _stamp(document: Document, words: Wording) -> str | None:
    if document.acquittal is None:
        return None
    day = formatting.format_day(document.acquittal.on, document.language).replace(" ", "\u00a0")
    return words.acquitted % {"how": f"{day} {document.acquittal.means}".rstrip()}


def _agreement(document: Document, words: Wording) -> dict[str, Any] | None:
    """Who agreed, or the room to sign on paper; nothing on a document that is not a quote."""
    if document.kind is not Kind.QUOTE:
        return None
    if document.agreement is None:
        return {"title": words.agreed, "lines": [words.agreed_by_hand], "blank": True}
    day = formatting.format_day(document.agreement.on, document.language).replace(" ", "\u00a0")
    how = words.agreed_how % {"day": day, "how": document.agreement.how}
    return {"title": words.agreed, "lines": [line for line in (document.agreement.name, how) if line], "blank": False}


def _is_payable(document: Document) -> bool:
    """Nobody should pay a draft, a credit note, a quote or a duplicate of what is paid."""
    return (
        document.kind in (Kind.INVOICE, Kind.DEPOSIT)
        and document.number is not None
        and document.acquittal is None
        and document.due_minor > 0
    )


def _pay_online(document: Document, words: Wording) -> dict[str, str] | None:
    if not (document.pay_url and _is_payable(document)):
        return None
    amount = formatting.format_amount(document.due_minor, document.currency, document.language)
    return {
        "title": words.pay_online,
        "address": document.pay_url.removeprefix("https://"),
        "how": words.pay_online_how % {"number": document.number, "amount": amount},
        "code": payment_codes.address_code(document.pay_url),
        "alt": words.pay_online_code % {"url": document.pay_url},
    }


def _transfer(document: Document, words: Wording) -> dict[str, Any] | None:
    account = document.transfer
    if not (account and document.number and _is_payable(document)):
        return None
    rows = [(words.holder, account.holder), (words.reference, document.number)]
    if account.bic:
        rows.insert(0, ("BIC", account.bic))
    due = Money(document.due_minor, document.currency)
    if document.terms and document.terms.instalments:  # the code asks for the first alone
        due = Money(document.terms.instalments[0].amount_minor, document.currency)
        amount = formatting.format_amount(due.minor, due.currency, document.language)
        rows.append((words.amount_asked, f"{amount} ({words.first_instalment})"))
    return {
        "title": words.transfer,
        "iban": formatting.group_iban(account.iban),
        "rows": rows,
        "code": payment_codes.transfer_code(account, due, document.number),
        "alt": words.transfer_code,
    }


def _remarks(document: Document, words: Wording) -> list[tuple[str, list[str]]]:
    remarks = []
    if document.correction:
        remarks.append((words.reason, [document.correction.reason]))
<<<<<<< ours
    if document.quote:
        remarks.append((words.quote_terms, _quote_terms(document, document.quote, words)))
    if document.payment_terms:
        remarks.append((words.terms, [document.payment_terms]))
||||||| base
    if document.payment_terms:
        remarks.append((words.terms, [document.payment_terms]))
=======
    counted = document.terms and words.counted.get((document.terms.kind, document.terms.days > 0))
    if document.terms and counted:
        remarks.append((words.terms, [counted % {"days": document.terms.days}]))
>>>>>>> theirs
    if document.notes:
        remarks.append((words.notes, list(document.notes)))
    return remarks


def _quote_terms(document: Document, quote: QuoteTerms, words: Wording) -> list[str]:
    """What the quote costs, what is asked at the order, and what the options are worth to the total."""

    def amount(minor: int) -> str:
        return formatting.format_amount(minor, document.currency, document.language)

    said = [words.quote_fee % {"amount": amount(quote.fee_minor)} if quote.fee_minor else words.quote_free]
    if quote.deposit_rate is not None:
        rate = formatting.format_rate(quote.deposit_rate, document.language)
        said.append(words.deposit_part % {"rate": rate, "amount": amount(quote.deposit_minor)})
    elif quote.deposit_minor:
        said.append(words.deposit % {"amount": amount(quote.deposit_minor)})
    if any(line.option is Option.OFFERED for line in document.lines):
        said.append(words.options_apart)
    return said
