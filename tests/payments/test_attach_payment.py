"""*Rattacher à une facture*: once, the money as Stripe tells it now, and never what does not fit."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404

from reglo.companies.models import Company, User
from reglo.events.models import Event
from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry
from reglo.money import Money
from reglo.payments.models import Allocation, Payment, PaymentAttempt, ProviderAccount, UnmatchedPayment
from reglo.payments.models.unmatched_payment import UnmatchedPaymentDecided
from reglo.payments.providers import facts
from reglo.payments.providers.contract import AccountBroken
from reglo.payments.providers.facts import PaymentFact, Ref, RefundFact, RefundStanding, Snapshot, State
from reglo.payments.providers.stripe import snapshot as stripe_snapshot
from reglo.payments.services import (
    CurrencyDiffers,
    NothingOwed,
    PaymentNotThere,
    apply_snapshot,
    attach_payment,
    ignore_payment,
    note_unmatched,
    record_collection,
)
from reglo.payments.states import AccountState, Method, UnmatchedState
from reglo.ports import clock as clock_port
from tests.factories import make_company, make_draft, make_issued
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld
from tests.verify.test_proofs import address, faults

Tell = Callable[..., None]
OWED = Money(120_00, "EUR")  # by the invoice of the fixture


@pytest.fixture
def tell(account: ProviderAccount, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Stripe says that ch_1 was paid, and what was refunded of it; noted as it would be after a notice."""

    def tell(amount: Money | None = OWED, refunded: int = 0, *, fee: int | None = 2_05) -> None:
        ref, at = Ref("charge", "ch_1"), clock_port.now()
        payments: tuple[PaymentFact, ...] = ()
        if amount is not None:
            told = None if fee is None else Money(fee, "EUR")
            fact = PaymentFact("ch_1", amount, at, facts.Method.CARD, "Visa •••• 4242", told, told and amount)
            payments = (fact,)
        back = RefundFact("re_1", "ch_1", Money(refunded, "EUR"), at, RefundStanding.SUCCEEDED)
        said = Snapshot(ref, False, "", State.PAID, payments, (back,) if refunded else ())
        monkeypatch.setattr(stripe_snapshot, "fetch", lambda *_given: said)
        if amount is not None and not apply_snapshot(account=account, snapshot=said, now=at):
            note_unmatched(account=account, snapshot=said, now=at)

    return tell


def attach(invoice: Invoice, **given: Any) -> Payment:
    return attach_payment(
        company_id=invoice.company_id,
        unmatched_id=UnmatchedPayment.objects.get().id,
        invoice_id=invoice.id,
        now=clock_port.now(),
        **given,
    )


def books() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Payment, Allocation, PaymentAttempt, Entry, Event))


def settled(invoice: Invoice) -> int:
    return Settlement.objects.get(invoice=invoice).settled_minor


def test_it_settles_the_invoice_and_says_who_did_it(tell: Tell, invoice: Invoice, alice: User):
    tell()

    payment = attach(invoice, actor_id=alice.pk)

    kept = UnmatchedPayment.objects.get()
    assert (kept.state, kept.payment, kept.decided_by) == (UnmatchedState.ATTACHED, payment, alice)
    assert (payment.external_id, payment.amount_minor, payment.fee_minor) == ("ch_1", 120_00, 2_05)
    assert settled(invoice) == 120_00
    assert Event.objects.get(kind="payment.attached").actor == alice


def test_two_clicks_are_one(tell: Tell, invoice: Invoice):
    tell()
    first = attach(invoice)
    before = books()

    assert attach(invoice) == first

    assert books() == before


def test_attached_it_is_not_attached_to_another(tell: Tell, invoice: Invoice, company: Company):
    tell()
    attach(invoice)
    other = make_issued(company)
    before = books()

    with pytest.raises(UnmatchedPaymentDecided):
        attach(other)

    assert (books(), settled(other)) == (before, 0)


def test_what_exceeds_the_invoice_is_trop_percu(tell: Tell, invoice: Invoice):
    tell(Money(150_00, "EUR"))

    payment = attach(invoice)

    assert settled(invoice) == 120_00
    assert payment.amount_minor - sum(row.amount_minor for row in payment.allocations.all()) == 30_00


def test_what_was_refunded_since_is_booked_with_it(tell: Tell, invoice: Invoice):
    tell()
    tell(refunded=20_00)
    assert UnmatchedPayment.objects.get().refunded_minor == 20_00

    attach(invoice)

    assert settled(invoice) == 100_00


def test_a_fee_told_later_is_filled_in(tell: Tell, invoice: Invoice):
    tell(fee=None)
    payment = attach(invoice)
    assert payment.fee_minor is None

    tell()

    payment.refresh_from_db()
    assert payment.fee_minor == 2_05
    assert UnmatchedPayment.objects.count() == 1


def test_an_ignored_one_may_be_attached_after_all(tell: Tell, invoice: Invoice, company: Company):
    tell()
    ignore_payment(
        company_id=company.id, unmatched_id=UnmatchedPayment.objects.get().id, reason="Boutique", now=clock_port.now()
    )

    attach(invoice)

    assert settled(invoice) == 120_00


def test_another_currency_is_refused(tell: Tell, invoice: Invoice):
    tell(Money(120_00, "USD"))
    before = books()

    with pytest.raises(CurrencyDiffers):
        attach(invoice)

    assert (books(), UnmatchedPayment.objects.get().state) == (before, UnmatchedState.OPEN)


def test_a_draft_and_a_paid_invoice_owe_nothing(tell: Tell, invoice: Invoice, company: Company):
    tell()
    record_collection(
        company_id=company.id,
        invoice_id=invoice.id,
        amount_minor=120_00,
        method=Method.CHEQUE,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )
    draft = make_draft(company)
    before = books()

    for refused in (invoice, draft):
        with pytest.raises(NothingOwed):
            attach(refused)

    assert books() == before


def test_a_charge_that_stripe_no_longer_knows_is_refused(tell: Tell, invoice: Invoice):
    tell()
    tell(None)
    before = books()

    with pytest.raises(PaymentNotThere):
        attach(invoice)

    assert books() == before


def test_nobody_attaches_the_payment_of_another_company(tell: Tell, invoice: Invoice, mallory: User):
    tell()
    theirs = make_issued(make_company(owner=mallory, name="Autre"))
    before = books()

    with pytest.raises(Http404):
        attach(theirs)
    with pytest.raises(Http404):
        attach_payment(
            company_id=invoice.company_id,
            unmatched_id=UnmatchedPayment.objects.get().id,
            invoice_id=theirs.id,
            now=clock_port.now(),
        )

    assert books() == before


def test_a_revoked_key_breaks_the_account_and_attaches_nothing(
    stripe: StripeWorld, account: ProviderAccount, invoice: Invoice
):
    fact = PaymentFact("ch_1", Money(120_00, "EUR"), clock_port.now(), facts.Method.CARD, "", None, None)
    said = Snapshot(Ref("charge", "ch_1"), False, "", State.PAID, (fact,))
    note_unmatched(account=account, snapshot=said, now=clock_port.now())
    stripe.revoke(RESTRICTED_KEY)

    with pytest.raises(AccountBroken):
        attach(invoice)

    account.refresh_from_db()
    assert (account.state, Payment.objects.count()) == (AccountState.BROKEN, 0)


@pytest.mark.django_db(transaction=True)
def test_the_books_are_proved_before_and_after(tell: Tell, invoice: Invoice):
    tell(Money(150_00, "EUR"))
    assert faults(address()) == {}

    attach(invoice)
    tell(Money(150_00, "EUR"), refunded=70_00)
    assert faults(address()) == {}


@pytest.mark.django_db(transaction=True)
def test_a_payment_attached_to_other_money_is_seen(tell: Tell, invoice: Invoice, company: Company):
    tell()
    by_hand = record_collection(
        company_id=company.id,
        invoice_id=invoice.id,
        amount_minor=10_00,
        method=Method.CHEQUE,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )

    UnmatchedPayment.objects.update(state=UnmatchedState.ATTACHED, payment=by_hand)

    assert faults(address()) == {
        "Un paiement sans facture n’est dans les comptes qu’une fois rattaché": (
            "paiement ch_1 : « attached », et dans les comptes —",
        )
    }
