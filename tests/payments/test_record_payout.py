"""What a provider pays out: on the bank account once, line by line, and back where the bank sent it back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.invoicing.models import Invoice
from reglo.ledger.models import Entry, EntryLine
from reglo.money import Money
from reglo.payments.models import Payment, PaymentAttempt, Payout, PayoutLine, ProviderAccount
from reglo.payments.providers import facts
from reglo.payments.providers.balance import BalanceFact, MovementKind, PayoutFact, PayoutStanding
from reglo.payments.services import apply_snapshot, confirm_payout, record_payout
from reglo.payments.services.link_payout_lines import link_payout_lines
from reglo.payments.states import PayoutState
from reglo.ports import clock as clock_port
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.rows import nothing_written
from tests.harness.stripe_world import StripeWorld

Start = Callable[[Invoice], PaymentAttempt]
SENT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
ARRIVES = date(2026, 11, 22)


def moved(
    minor: int, fee: int = 0, *, source: str, kind: MovementKind = MovementKind.CHARGE, currency: str = "EUR"
) -> BalanceFact:
    gross, cost = Money(minor, currency), Money(fee, currency)
    return BalanceFact(f"txn_{kind}_{source}", kind, gross, cost, source, SENT - timedelta(days=3), "Frais de novembre")


SALE = moved(120_00, 2_05, source="ch_1")


def told(
    standing: PayoutStanding = PayoutStanding.PAID, *lines: BalanceFact, minor: int | None = None, **more: object
) -> PayoutFact:
    fields: dict[str, Any] = {
        "id": "po_1",
        "money": Money(sum(line.net.minor for line in lines) if minor is None else minor, "EUR"),
        "standing": standing,
        "at": SENT,
        "arrives_on": ARRIVES,
        "automatic": True,
        "descriptor": "ATELIER LUMEN",
        "lines": lines or None,
    }
    return PayoutFact(**{**fields, **more})


def entries() -> list[tuple[str, str, date, list[tuple[str, int]]]]:
    """Journal, label, date and lines of every entry of payouts, in their order."""
    found = (
        Entry.objects.exclude(journal="VE").exclude(source__startswith="payment:").exclude(source__startswith="fee:")
    )
    return [
        (
            entry.journal,
            entry.label,
            entry.entry_date,
            [(line.account, line.debit_minor - line.credit_minor) for line in entry.lines.order_by("rank")],
        )
        for entry in found.order_by("position")
    ]


def balance(company: Company, account: str) -> int:
    lines = EntryLine.objects.filter(company=company, account=account)
    return sum(line.debit_minor - line.credit_minor for line in lines)


def paid(attempt: PaymentAttempt, *refunds: facts.RefundFact) -> None:
    """The charge of SALE is told."""
    at = SENT - timedelta(days=3)
    fact = facts.PaymentFact(
        "ch_1", Money(120_00, "EUR"), at, facts.Method.CARD, "", Money(2_05, "EUR"), Money(120_00, "EUR")
    )
    snapshot = facts.Snapshot(facts.Ref("charge", "ch_1"), False, str(attempt.id), facts.State.PAID, (fact,), refunds)
    assert apply_snapshot(account=attempt.account, snapshot=snapshot, now=clock_port.now())


def hear(account: ProviderAccount, fact: PayoutFact) -> Payout:
    snapshot = facts.Snapshot(facts.Ref("payout", fact.id), False, "", facts.State.UNKNOWN, payout=fact)
    assert apply_snapshot(account=account, snapshot=snapshot, now=clock_port.now())
    return Payout.objects.get(external_id=fact.id)


def test_a_payout_takes_what_payments_brought_to_the_bank_and_leaves_nothing(
    company: Company, account: ProviderAccount, invoice: Invoice, start: Start
):
    paid(start(invoice))

    payout = hear(account, told(PayoutStanding.PAID, SALE))

    assert (payout.state, payout.amount, payout.gap_minor) == (PayoutState.PAID, Money(117_95, "EUR"), 0)
    assert (payout.arrives_on, payout.descriptor, payout.received_on) == (ARRIVES, "ATELIER LUMEN", None)
    line = PayoutLine.objects.get()
    assert (line.booked, line.payment, line.net_minor) == (True, Payment.objects.get(), 117_95)
    assert entries() == [("BQ", "Virement Stripe po_1", ARRIVES, [("512000", 117_95), ("517100", -117_95)])]
    assert balance(company, "517100") == 0


LIFE = {
    "leaves": told(PayoutStanding.IN_TRANSIT, minor=117_95),
    "arrives": told(PayoutStanding.PAID, minor=117_95),
    "told": told(PayoutStanding.PAID, SALE),
    "fails": told(PayoutStanding.FAILED, SALE, failure="account_closed"),
}


@pytest.mark.parametrize("order", list(permutations(LIFE)), ids="-".join)
def test_a_payout_that_failed_has_failed_in_whatever_order_it_is_told(
    company: Company, account: ProviderAccount, order: tuple[str, ...]
):
    for name in order:
        hear(account, LIFE[name])

    payout = Payout.objects.get()
    assert (payout.state, payout.failure, payout.gap_minor) == (PayoutState.FAILED, "account_closed", 0)
    assert PayoutLine.objects.count() == 1
    assert (balance(company, "512000"), balance(company, "517100"), balance(company, "471000")) == (0, 117_95, -120_00)


def test_the_same_truth_twice_changes_nothing(account: ProviderAccount):
    hear(account, told(PayoutStanding.PAID, SALE))

    with nothing_written():
        hear(account, told(PayoutStanding.PAID, SALE))
        hear(account, told(PayoutStanding.IN_TRANSIT, minor=117_95))


def test_a_payout_on_its_way_moves_no_money_and_may_change_its_day(account: ProviderAccount):
    hear(account, told(PayoutStanding.IN_TRANSIT, minor=50_00))
    payout = hear(account, told(PayoutStanding.IN_TRANSIT, minor=50_00, arrives_on=date(2026, 11, 24)))

    assert (payout.arrives_on, payout.is_taken_apart) == (date(2026, 11, 24), False)
    assert entries() == []


def test_what_is_sold_elsewhere_waits_for_its_explanation_and_fees_are_costs(
    company: Company, account: ProviderAccount
):
    lines = (
        SALE,
        moved(-30_00, source="re_9", kind=MovementKind.REFUND),
        moved(-2_00, source="", kind=MovementKind.FEE),
        moved(-20_00, 15_00, source="dp_9", kind=MovementKind.DISPUTE),
    )

    payout = hear(account, told(PayoutStanding.PAID, *lines))

    on = date(2026, 11, 19)
    assert payout.amount_minor == 50_95
    assert entries() == [
        ("BQ", "Virement Stripe po_1", ARRIVES, [("512000", 50_95), ("517100", -50_95)]),
        ("PS", "Vente sans facture Stripe ch_1", on, [("517100", 117_95), ("627800", 2_05), ("471000", -120_00)]),
        ("PS", "Remboursement sans encaissement Stripe re_9", on, [("517100", -30_00), ("471000", 30_00)]),
        ("PS", "Frais du compte Stripe Frais de novembre", on, [("627800", 2_00), ("517100", -2_00)]),
        ("PS", "Paiement contesté Stripe dp_9", on, [("517100", -35_00), ("627800", 15_00), ("471000", 20_00)]),
    ]
    assert balance(company, "517100") == 0


def test_a_payment_known_after_its_payout_is_explained_and_booked_once(
    company: Company, account: ProviderAccount, invoice: Invoice, start: Start
):
    hear(account, told(PayoutStanding.PAID, SALE))
    assert balance(company, "471000") == -120_00

    paid(start(invoice))

    line = PayoutLine.objects.get()
    assert (line.booked, line.payment) == (True, Payment.objects.get())
    assert (balance(company, "471000"), balance(company, "517100"), balance(company, "627800")) == (0, 0, 2_05)
    with nothing_written():
        assert link_payout_lines(account=account, source_ids=["ch_1", ""], now=clock_port.now()) == 0


def test_a_refund_known_after_its_payout_too(
    company: Company, account: ProviderAccount, invoice: Invoice, start: Start
):
    attempt = start(invoice)
    paid(attempt)
    hear(account, told(PayoutStanding.PAID, SALE, moved(-30_00, source="re_1", kind=MovementKind.REFUND)))
    assert balance(company, "471000") == 30_00

    refund = facts.RefundFact("re_1", "ch_1", Money(30_00, "EUR"), SENT, facts.RefundStanding.SUCCEEDED)
    paid(attempt, refund)

    assert set(PayoutLine.objects.values_list("booked", flat=True)) == {True}
    assert (balance(company, "471000"), balance(company, "517100")) == (0, 0)


def test_a_sum_that_is_not_its_lines_is_said_and_never_guessed(company: Company, account: ProviderAccount):
    payout = hear(account, told(PayoutStanding.PAID, SALE, minor=118_00))

    assert (payout.gap, payout.is_taken_apart) == (Money(5, "EUR"), True)
    assert balance(company, "512000") == 118_00
    assert balance(company, "517100") == -5


def test_what_failed_after_it_had_arrived_goes_back_and_payments_stay_paid(
    company: Company, account: ProviderAccount, invoice: Invoice, start: Start, clock: FrozenClock
):
    paid(start(invoice))
    payout = hear(account, told(PayoutStanding.PAID, SALE))
    confirm_payout(company_id=company.id, payout_id=payout.id, received_on=ARRIVES, now=clock_port.now())
    clock.advance(days=4)

    payout = hear(account, told(PayoutStanding.FAILED, SALE, failure="account_closed"))

    assert (payout.state, payout.failure, payout.received_on) == (PayoutState.FAILED, "account_closed", None)
    assert entries()[-1] == (
        "BQ",
        "Virement échoué po_1",
        date(2026, 11, 26),
        [("512000", -117_95), ("517100", 117_95)],
    )
    assert (balance(company, "512000"), balance(company, "517100"), balance(company, "411000")) == (0, 117_95, 0)
    kinds = Event.objects.filter(subject_type="payments.payout").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["payout.paid", "payout.received", "payout.failed"]


def test_the_money_of_a_failed_payout_leaves_with_the_next_and_is_no_mystery(
    company: Company, account: ProviderAccount
):
    hear(account, told(PayoutStanding.PAID, SALE))
    first = hear(account, told(PayoutStanding.FAILED, SALE))

    back = moved(117_95, source="po_1", kind=MovementKind.PAYOUT)
    hear(account, told(PayoutStanding.PAID, back, id="po_2"))

    line = PayoutLine.objects.get(source_id="po_1")
    assert (line.booked, line.other_payout) == (True, first)
    assert (balance(company, "512000"), balance(company, "517100")) == (117_95, 0)


def test_money_that_the_provider_took_from_the_bank(company: Company, account: ProviderAccount):
    hear(account, told(PayoutStanding.PAID, moved(-30_00, source="re_9", kind=MovementKind.REFUND)))

    assert (balance(company, "512000"), balance(company, "517100")) == (-30_00, 0)


def test_another_currency_is_kept_and_stays_out_of_the_ledger(account: ProviderAccount):
    sale = moved(50_00, 1_00, source="ch_d", currency="USD")
    payout = hear(account, told(PayoutStanding.PAID, sale, money=Money(49_00, "USD")))

    assert (payout.state, payout.gap_minor) == (PayoutState.PAID, 0)
    assert entries() == []
    hear(account, told(PayoutStanding.FAILED, sale, money=Money(49_00, "USD")))
    assert entries() == []


def test_a_payout_of_the_other_mode_is_not_ours(account: ProviderAccount):
    snapshot = facts.Snapshot(
        facts.Ref("payout", "po_1"), True, "", facts.State.UNKNOWN, payout=told(PayoutStanding.PAID, SALE)
    )

    with nothing_written():
        assert not apply_snapshot(account=account, snapshot=snapshot, now=clock_port.now())


def test_two_accounts_may_have_payouts_of_one_name(account: ProviderAccount, stripe: StripeWorld):
    hear(account, told(PayoutStanding.PAID, SALE))
    other = ProviderAccount.objects.get(id=account.id)
    other.pk = other.id = Payment._meta.pk.to_python("00000000-0000-0000-0000-000000000009")
    other.external_id, other.state = "acct_other", "disconnected"
    other.save(force_insert=True)

    record_payout(account=other, fact=told(PayoutStanding.PAID, SALE), now=clock_port.now())

    assert Payout.objects.filter(external_id="po_1").count() == 2


def test_what_was_told_stays(account: ProviderAccount):
    payout = hear(account, told(PayoutStanding.PAID, SALE))

    for changed in (
        lambda: Payout.objects.filter(id=payout.id).update(amount_minor=1),
        lambda: Payout.objects.filter(id=payout.id).update(gap_minor=1),
        lambda: Payout.objects.filter(id=payout.id).update(state="failed", received_on=ARRIVES),
        lambda: PayoutLine.objects.update(net_minor=1, gross_minor=2_06),
        lambda: PayoutLine.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            changed()

    payout.refresh_from_db()
    assert (payout.amount_minor, payout.gap_minor, payout.state) == (117_95, 0, "paid")


def test_a_sale_belongs_to_one_payout(account: ProviderAccount):
    hear(account, told(PayoutStanding.PAID, SALE))

    with pytest.raises(IntegrityError):
        hear(account, replace(told(PayoutStanding.PAID, SALE), id="po_2"))

    assert list(Payout.objects.values_list("external_id", flat=True)) == ["po_1"]


def test_the_second_invoice_of_a_payout_is_linked_as_well(
    company: Company, account: ProviderAccount, invoice: Invoice, start: Start
):
    paid(start(invoice))
    other = make_issued(company, card_allowed=True)
    assert other.id != invoice.id

    hear(account, told(PayoutStanding.PAID, SALE, moved(10_00, 40, source="ch_2")))

    assert [line.booked for line in PayoutLine.objects.order_by("source_id")] == [True, False]
