"""A month of every kind of money, then the independent reader: it finds nothing to say."""

from collections.abc import Callable
from datetime import date

import pytest

from reglo.companies.models import Company
from reglo.events.sealing import seal_events
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models import AttemptLine, Payment, PaymentAttempt, ProviderAccount
from reglo.payments.providers import contract
from reglo.payments.services import apply_snapshot, record_collection, undo_collection
from reglo.payments.states import AttemptState, Method
from reglo.ports import clock as clock_port
from reglo.ports import ids
from tests.factories import line, make_issued
from tests.harness.stripe_world import StripeWorld
from tests.verify.test_proofs import address, faults

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 11, 22)


def collect(invoice: Invoice, amount_minor: int) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=amount_minor,
        method=Method.CHEQUE,
        collected_on=TODAY,
        now=clock_port.now(),
    )


def test_every_kind_of_money_leaves_provable_books(
    company: Company, account: ProviderAccount, stripe: StripeWorld, start: Callable[[Invoice], PaymentAttempt]
):
    def told(invoice: Invoice, name: str, money: Money, **more: object) -> None:
        attempt = start(invoice)
        settled = Money(118_00, "EUR") if money.currency != "EUR" else money
        fact = contract.PaymentFact(
            name, money, clock_port.now(), contract.Method.CARD, "", Money(2_05, "EUR"), settled
        )
        refund = contract.RefundFact(
            f"re_{name}", name, Money(70_00, "EUR"), clock_port.now(), contract.RefundStanding.SUCCEEDED
        )
        snapshot = contract.Snapshot(
            contract.Ref("charge", name), False, str(attempt.id), contract.State.PAID, (fact,),
            (refund,) if more.get("refunded") else (),
        )  # fmt: skip
        assert apply_snapshot(account=account, snapshot=snapshot, now=clock_port.now())

    online = make_issued(company, card_allowed=True, lines=[line("84.03"), line("10", vat="5.5")])
    stripe.pay(start(online))
    stripe.deliver()
    told(make_issued(company, card_allowed=True), "ch_more", Money(150_00, "EUR"), refunded=True)
    told(make_issued(company, card_allowed=True), "ch_dollars", Money(130_00, "USD"))
    told(make_issued(company, card_allowed=True), "ch_less", Money(33_33, "EUR"))
    by_hand = make_issued(company)
    first = collect(by_hand, 40_01)
    collect(by_hand, 40_01)
    undo_collection(company_id=company.id, payment_id=first.id, reason="Erreur", now=clock_port.now())
    run_until_idle()
    seal_events(now=clock_port.now())

    assert faults(address()) == {}


PENDING = "Ce qui est en route est ce que les paiements en cours annoncent"


def test_money_on_its_way_is_proved_at_each_step(
    account: ProviderAccount, invoice: Invoice, start: Callable[[Invoice], PaymentAttempt]
):
    def told(state: contract.State) -> None:
        ref = contract.Ref("session", attempt.external_id or "")
        snapshot = contract.Snapshot(ref, False, str(attempt.id), state)
        assert apply_snapshot(account=account, snapshot=snapshot, now=clock_port.now())

    attempt = start(invoice)
    assert PENDING not in faults(address())
    told(contract.State.PROCESSING)
    invoice.settlement.refresh_from_db()
    assert invoice.settlement.pending_minor == 120_00
    assert PENDING not in faults(address())
    told(contract.State.FAILED)
    assert PENDING not in faults(address())


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"state": "processing"}, "0 attendus, 12000 en cours de paiement"),
        ({"state": "expired"}, "« expired », et 1 documents retenus"),
    ],
)
def test_a_payment_under_way_that_was_tampered_with_is_seen(
    account: ProviderAccount,
    invoice: Invoice,
    start: Callable[[Invoice], PaymentAttempt],
    spoil: dict[str, object],
    words: str,
):
    attempt = start(invoice)
    PaymentAttempt.objects.filter(id=attempt.id).update(**spoil)

    assert any(words in fault for fault in faults(address())[PENDING])


def test_a_document_held_by_nobody_is_seen(
    account: ProviderAccount, invoice: Invoice, start: Callable[[Invoice], PaymentAttempt]
):
    start(invoice)
    AttemptLine.objects.update(open=False)

    assert any("« open », et 0 documents retenus" in fault for fault in faults(address())[PENDING])


def test_a_payment_of_nothing_is_seen(account: ProviderAccount):
    PaymentAttempt.objects.create(
        id=ids.new_uuid(),
        company=account.company,
        account=account,
        state=AttemptState.CANCELED,
        amount_minor=119_99,
        currency="EUR",
        created_at=clock_port.now(),
        expires_at=clock_port.now(),
    )

    assert any("11999 demandés, 0 sur ses documents" in fault for fault in faults(address())[PENDING])
