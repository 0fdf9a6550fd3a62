"""What a schedule begins with, and what must hold after it: raw SQL, from what the till and the callers know."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from lab.interleavings.baton import Act, Session
from lab.till import Till
from reglo.companies.models import Company
from reglo.errors import RegloError
from reglo.invoicing.models import Invoice
from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.providers.contract import Urls
from reglo.payments.services import connect_account, propose_account, start_payment
from reglo.verify.books import Books
from tests.factories import make_company, make_issued

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
GROSS = 120_00

Check = Callable[[Books, Sequence[Session]], Iterator[str]]


@dataclass(frozen=True)
class Scene:
    """Acts that run at once, the refusals each may meet, and what must hold when all have ended.

    `settled` runs between the two: what the worker would do next.
    """

    acts: Sequence[Act]
    check: Check
    refusals: tuple[type[RegloError], ...] = ()
    settled: Callable[[], object] = lambda: None


@dataclass
class Stage:
    """A company connected to the till, on the database of this turn; each scene brings its own invoices."""

    till: Till
    company: Company = field(init=False)
    account: ProviderAccount = field(init=False)

    def __post_init__(self) -> None:
        self.company, self.account = new_company()

    def invoice(self) -> Invoice:
        """120,00 €, card allowed."""
        return self.invoice_of(self.company)

    @staticmethod
    def invoice_of(company: Company) -> Invoice:
        return make_issued(company, now=NOW, card_allowed=True)


def new_company() -> tuple[Company, ProviderAccount]:
    company = make_company()
    Company.objects.filter(id=company.id).update(card_payments=True)
    company.refresh_from_db()
    secrets = {"api_key": f"rk_{company.id}"}
    proposed = propose_account(company=company, provider="stripe", secrets=secrets, now=NOW)
    return company, connect_account(company_id=company.id, account_id=proposed.id, now=NOW)


def start(invoice: Invoice) -> PaymentAttempt:
    """Press *Payer*."""
    return start_payment(company_id=invoice.company_id, invoice_id=invoice.id, urls=urls, now=NOW)


def urls(attempt: PaymentAttempt) -> Urls:
    return Urls(f"http://localhost:8000/retour/{attempt.id}", f"http://localhost:8000/annule/{attempt.id}")


# Facts that several scenes check.

_BOOKED = """
SELECT CAST(p.id AS TEXT), p.amount_minor,
  (SELECT COUNT(*) FROM ledger_entry e WHERE e.source = 'payment:' || p.id),
  (SELECT COUNT(*) FROM ledger_entry e WHERE e.source = 'fee:' || p.id)
FROM payments_payment p WHERE p.external_id = '{charge}'
"""
_GIVEN_BACK = """
SELECT COALESCE(SUM(r.amount_minor), 0) FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id
WHERE p.external_id = '{charge}' AND r.state = 'succeeded'
"""
_SETTLED = "SELECT settled_minor, gross_minor FROM invoicing_settlement WHERE invoice_id = {invoice}"
_CAME = """
SELECT COALESCE(SUM(p.amount_minor - (SELECT COALESCE(SUM(r.amount_minor), 0) FROM payments_refund r
  WHERE r.payment_id = p.id AND r.state = 'succeeded')), 0)
FROM payments_payment p WHERE p.id IN (SELECT payment_id FROM payments_allocation WHERE invoice_id = {invoice})
OR p.attempt_id IN (SELECT attempt_id FROM payments_attemptline WHERE invoice_id = {invoice})
"""
_BY_HAND = """
SELECT CAST(p.id AS TEXT) FROM payments_payment p JOIN payments_allocation a ON a.payment_id = p.id
WHERE a.invoice_id = {invoice} AND p.account_id IS NULL AND p.reverses_id IS NULL
AND NOT EXISTS (SELECT 1 FROM payments_payment m WHERE m.reverses_id = p.id)
"""
_OWNER_OF_PAGE = """
SELECT a.state, s.gross_minor - s.settled_minor FROM payments_paymentattempt a
JOIN payments_attemptline l ON l.attempt_id = a.id JOIN invoicing_settlement s ON s.invoice_id = l.invoice_id
WHERE CAST(a.id AS TEXT) = '{key}'
"""
_NUMBERS = """
SELECT i.number, i.series, i.chain_position, (SELECT COUNT(*) FROM ledger_entry e WHERE
  e.company_id = i.company_id AND e.source = 'invoice:' || i.id)
FROM invoicing_invoice i WHERE i.company_id = {company} AND i.status <> 'draft' ORDER BY i.chain_position
"""


def money_is_booked_once(books: Books, till: Till, attempts: Sequence[PaymentAttempt]) -> Iterator[str]:
    """What these attempts were paid at the till is what we have, once, with one entry and one fee."""
    charges, refunds = till.charges(), till.refunds()
    for attempt in attempts:
        charge = f"ch_{attempt.id}"
        booked = list(books.rows(_BOOKED.format(charge=charge)))
        if [row[1:] for row in booked] != ([(charges[charge], 1, 1)] if charge in charges else []):
            yield f"{charge}: paid {charges.get(charge, 0)} at the till, booked {booked}"
        given_back = sum(minor for refund, minor in refunds.items() if refund.startswith(f"re_{attempt.id}_"))
        [(noted,)] = books.rows(_GIVEN_BACK.format(charge=charge))
        if noted != given_back:
            yield f"{charge}: {given_back} given back at the till, {noted} noted"


def settled_as_paid(books: Books, invoice: Invoice) -> Iterator[str]:
    """The invoice is settled of all that came for it and was not taken back, at most of its total."""
    [(settled, gross)] = books.rows(_SETTLED.format(invoice=invoice.id))
    [(came,)] = books.rows(_CAME.format(invoice=invoice.id))
    if settled != min(came, gross):
        yield f"{invoice.number}: {came} came for a total of {gross}, {settled} are settled"


def by_hand_once(books: Books, invoice: Invoice, expected: set[UUID]) -> Iterator[str]:
    """The collections of the invoice that are still good are those that their callers were told of."""
    found = [UUID(row[0]) for row in books.rows(_BY_HAND.format(invoice=invoice.id))]
    if sorted(found) != sorted(expected):
        yield f"{invoice.number}: {len(expected)} collections were acknowledged, {len(found)} are booked"


def pages_are_ours(books: Books, till: Till, given: Sequence[str]) -> Iterator[str]:
    """A page that a payer was given and may still pay is an open attempt of ours, for what is still owed; one only."""
    open_pages = {key: minor for key, minor in till.open_pages().items() if f"https://till.test/{key}" in given}
    for key, minor in open_pages.items():
        for state, remaining in books.rows(_OWNER_OF_PAGE.format(key=key)):
            if (state, remaining) != ("open", minor):
                yield f"the page {key} can be paid {minor}: its attempt is {state}, {remaining} are owed"
    if len(open_pages) > 1:
        yield f"{len(open_pages)} pages can be paid for one invoice"


def numbers_follow(books: Books, company: Company) -> Iterator[str]:
    """1 to n, in the order of the chain, each with one entry."""
    rows = list(books.rows(_NUMBERS.format(company=company.id)))
    ranks = [int(number.removeprefix(series)) for number, series, _position, _entries in rows]
    if ranks != list(range(1, len(rows) + 1)) or [row[2] for row in rows] != ranks:
        yield f"company {company.id}: numbers {ranks} at positions {[row[2] for row in rows]}"
    if any(row[3] != 1 for row in rows):
        yield f"company {company.id}: {[(row[0], row[3]) for row in rows if row[3] != 1]} entries"
