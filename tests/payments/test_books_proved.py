"""A month of every kind of money, then the independent reader: it finds nothing to say."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from unittest.mock import patch

import pytest

from reglo.companies.models import Company
from reglo.events.sealing import seal_events
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models import AttemptLine, Payment, PaymentAttempt, ProviderAccount, Refund
from reglo.payments.providers import contract, facts
from reglo.payments.services import allocate_surplus, apply_snapshot, record_collection, undo_collection
from reglo.payments.states import AttemptState, Method
from reglo.ports import clock as clock_port
from reglo.ports import ids
from tests.factories import line, make_issued, make_opening
from tests.harness.stripe_world import REFUND_FAILS, StripeWorld
from tests.payments.conftest import Give, pay_on_line
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
        fact = facts.PaymentFact(name, money, clock_port.now(), facts.Method.CARD, "", Money(2_05, "EUR"), settled)
        refund = facts.RefundFact(
            f"re_{name}", name, Money(70_00, "EUR"), clock_port.now(), facts.RefundStanding.SUCCEEDED
        )
        snapshot = facts.Snapshot(
            facts.Ref("charge", name), False, str(attempt.id), facts.State.PAID, (fact,),
            (refund,) if more.get("refunded") else (),
        )  # fmt: skip
        assert apply_snapshot(account=account, snapshot=snapshot, now=clock_port.now())

    online = make_issued(company, card_allowed=True, lines=[line("84.03"), line("10", vat="5.5")])
    stripe.pay(start(online))
    stripe.deliver()
    told(make_issued(company, card_allowed=True), "ch_more", Money(150_00, "EUR"), refunded=True)
    told(make_issued(company, card_allowed=True), "ch_dollars", Money(130_00, "USD"))
    told(make_issued(company, card_allowed=True), "ch_less", Money(33_33, "EUR"))
    collect(make_opening(company, vat_minor=116_67, vat_rate=Decimal(20)), 250_00)
    by_hand = make_issued(company)
    first = collect(by_hand, 40_01)
    collect(by_hand, 40_01)
    undo_collection(company_id=company.id, payment_id=first.id, reason="Erreur", now=clock_port.now())
    run_until_idle()
    seal_events(now=clock_port.now())

    assert faults(address()) == {}


REFUNDS = "Aucun remboursement ne dépasse son encaissement, et chacun est comptabilisé une fois"
SURPLUS = "Le trop-perçu de chaque encaissement est ce qu’aucun document n’a pris"


@pytest.fixture
def given_back(
    company: Company,
    account: ProviderAccount,
    stripe: StripeWorld,
    start: Callable[[Invoice], PaymentAttempt],
    give_back: Give,
) -> Refund:
    """A refund that stands, one that the bank sent back, one refused; a surplus given to another invoice."""
    lost = pay_on_line(stripe, start(make_issued(company, card_allowed=True)), REFUND_FAILS)
    give_back(lost, 30_00)
    invoice = make_issued(company, card_allowed=True)
    attempt = start(invoice)
    collect(invoice, 50_00)
    payment = pay_on_line(stripe, attempt)
    other = make_issued(company, lines=[line("10")])
    allocate_surplus(company_id=company.pk, payment_id=payment.id, invoice_id=other.pk, now=clock_port.now())
    refund = give_back(payment, 60_00)
    stripe.deliver()
    run_until_idle()
    with patch("reglo.payments.services.send_refund.provider_of", lambda account: Refusing()):
        give_back(payment, 1_00)
    assert sorted(Refund.objects.values_list("state", flat=True)) == ["failed", "failed", "succeeded"]
    return refund


class Refusing:
    """A provider that gives nothing back."""

    def refund(self, order: contract.RefundOrder) -> facts.Ref:
        raise contract.RefundRefused("insufficient_funds")

    def payment_ref(self, payment_id: str) -> facts.Ref:
        return facts.Ref("charge", payment_id)


def test_refunds_and_surpluses_leave_provable_books(given_back: Refund):
    seal_events(now=clock_port.now())

    assert faults(address()) == {}


def test_a_refund_that_is_not_what_the_ledger_says_is_seen(given_back: Refund):
    Refund.objects.filter(id=given_back.id).update(state="failed")

    assert any("0 à comptabiliser, 6000 comptabilisés" in fault for fault in faults(address())[REFUNDS])


def test_more_given_back_than_came_in_is_seen(given_back: Refund):
    Refund.objects.create(
        id=ids.new_uuid(),
        company_id=given_back.company_id,
        account_id=given_back.account_id,
        external_id="re_more",
        payment_id=given_back.payment_id,
        state="pending",
        amount_minor=60_01,
        currency="EUR",
        refunded_at=clock_port.now(),
        refunded_on=TODAY,
        recorded_at=clock_port.now(),
    )

    assert any("12001 remboursés pour 12000 reçus" in fault for fault in faults(address())[REFUNDS])


def test_a_surplus_that_nothing_explains_is_seen(given_back: Refund):
    Payment.objects.filter(id=given_back.payment_id).update(surplus_minor=7)

    assert any("0 non affectés, 7 annoncés en trop-perçu" in fault for fault in faults(address())[SURPLUS])


PENDING = "Ce qui est en route est ce que les paiements en cours annoncent"


def test_money_on_its_way_is_proved_at_each_step(
    account: ProviderAccount, invoice: Invoice, start: Callable[[Invoice], PaymentAttempt]
):
    def told(state: facts.State) -> None:
        ref = facts.Ref("session", attempt.external_id or "")
        snapshot = facts.Snapshot(ref, False, str(attempt.id), state)
        assert apply_snapshot(account=account, snapshot=snapshot, now=clock_port.now())

    attempt = start(invoice)
    assert PENDING not in faults(address())
    told(facts.State.PROCESSING)
    invoice.settlement.refresh_from_db()
    assert invoice.settlement.pending_minor == 120_00
    assert PENDING not in faults(address())
    told(facts.State.FAILED)
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
