"""Who calls, when, and for whom: a wrong clock (32), a replay (33), a forgery (34), somebody else's sale (35), the other
world (36). What is refused changes nothing; what was missed is asked for.
"""

import json
import logging
from base64 import b64decode
from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import User
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceState
from reglo.ledger.models import Entry
from reglo.payments.models import Endpoint, Payment, ProviderAccount, ProviderEvent, UnmatchedPayment
from reglo.payments.services import (
    LiveKeyInPracticeCompany,
    apply_event,
    check_account,
    propose_account,
    sweep,
)
from reglo.payments.states import NoticeState, UnmatchedState
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import LIVE_KEY, StripeWorld
from tests.scenarios.payments.telling import Start, settled, shown, stripe_itself


def delivered_event(stripe: StripeWorld, kind: str = "charge.succeeded") -> str:
    with stripe.sandbox.world.store.transaction() as db:
        [name] = db.execute(
            "SELECT d.event FROM deliveries d JOIN objects o ON o.id = d.event"
            " WHERE d.state = 'delivered' AND json_extract(o.body, '$.type') = ? LIMIT 1",
            (kind,),
        ).fetchone()
    return str(name)


def sell_elsewhere(stripe: StripeWorld, minor: int, **parameters: Any) -> str:
    """The charge of a sale that no invoice of ours asked for."""
    intent = stripe_itself(stripe).v1.payment_intents.create(
        {"amount": minor, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa", **parameters}
    )
    stripe.deliver()
    run_until_idle()
    return str(intent.latest_charge)


@pytest.fixture
def staff(alice: User) -> Client:
    browser = Client()
    browser.force_login(alice)
    return browser


class TestWrongClock:
    """32"""

    @pytest.mark.parametrize(("minutes", "word"), [(7, "avance"), (-7, "retarde")])
    def test_notices_are_refused_the_page_says_why_and_the_sweep_still_books(
        self,
        minutes: int,
        word: str,
        stripe: StripeWorld,
        invoice: Invoice,
        start: Start,
        account: ProviderAccount,
        clock: FrozenClock,
        staff: Client,
    ):
        stripe.deliver()
        stripe.pay(start(invoice))
        stored = ProviderEvent.objects.count()
        clock.advance(minutes=minutes)  # ours alone: the answers of Stripe keep the right time

        assert {receipt.status for _event, receipt in stripe.sandbox.deliver()} == {400}
        assert ProviderEvent.objects.count() == stored
        check_account(company_id=account.company_id, account_id=account.id, now=clock.now())
        page = shown(staff, "/encaissements/sante/")
        assert f"L’horloge de ce serveur {word} de 7 min : les notifications sont refusées." in page
        assert f"L’horloge de ce serveur {word} de 7 min" in shown(staff, "/")

        sweep(now=clock.now())

        assert settled(invoice) == 120_00


class TestReplay:
    """33"""

    def test_within_the_window_it_is_known_and_later_it_is_stale(
        self, stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
    ):
        stripe.pay(start(invoice))
        stripe.deliver()
        run_until_idle()
        name, endpoint = delivered_event(stripe), Endpoint.objects.get()
        kept = json.loads(ProviderEvent.objects.get(event_id=name).open_request())
        before = (ProviderEvent.objects.count(), Payment.objects.count(), Entry.objects.count())

        def replay() -> int:
            """The very request that once came, byte for byte."""
            return (
                Client()
                .post(
                    f"/hooks/stripe/{endpoint.token}",
                    data=b64decode(kept["body"]),
                    content_type="application/json",
                    headers={"Stripe-Signature": kept["headers"]["stripe-signature"]},
                )
                .status_code
            )

        assert replay() == 200
        clock.advance(minutes=6)
        assert replay() == 400
        run_until_idle()

        assert (ProviderEvent.objects.count(), Payment.objects.count(), Entry.objects.count()) == before
        assert settled(invoice) == 120_00


class TestForgery:
    """34"""

    @pytest.mark.parametrize(
        ("body", "header", "status"),
        [
            (b"{}", None, 400),
            (b'{"id": "evt_forged", "amount": 100000}', "t=1795338000,v1=00", 400),
            (b"x" * 1_000_001, "t=1,v1=00", 413),
        ],
    )
    def test_nothing_is_stored_and_the_log_does_not_quote_it(
        self, body: bytes, header: str | None, status: int, account: ProviderAccount, caplog: pytest.LogCaptureFixture
    ):
        headers = {} if header is None else {"Stripe-Signature": header}
        with caplog.at_level(logging.INFO):
            answer = Client().post(
                f"/hooks/stripe/{Endpoint.objects.get().token}",
                data=body,
                content_type="application/json",
                headers=headers,
            )
        run_until_idle()

        assert answer.status_code == status
        assert ProviderEvent.objects.count() == 0
        assert "notification refused" in caplog.text
        assert "evt_forged" not in caplog.text
        assert "xxxx" not in caplog.text


class TestSomebodyElses:
    """35"""

    def test_an_event_of_another_account_is_refused(self, stripe: StripeWorld, invoice: Invoice, start: Start):
        stripe.pay(start(invoice))
        stripe.deliver()
        stored = ProviderEvent.objects.count()

        receipt = stripe.deliver_again(delivered_event(stripe), Endpoint.objects.get().external_id, "foreign_account")

        assert (receipt.status, ProviderEvent.objects.count()) == (400, stored)

    def test_money_that_another_installation_asked_for_is_never_allocated(
        self, stripe: StripeWorld, invoice: Invoice, start: Start
    ):
        """It names our very attempt: the two installations come from one backup."""
        attempt = start(invoice)

        charge = sell_elsewhere(stripe, 120_00, metadata={"attempt": str(attempt.id), "install": "ailleurs.example"})
        sweep(now=clock_port.now())

        kept = UnmatchedPayment.objects.get()
        assert (kept.external_id, kept.install, kept.amount_minor) == (charge, "ailleurs.example", 120_00)
        assert (Payment.objects.count(), settled(invoice)) == (0, 0)

    def test_the_other_installation_is_named_to_the_seller(self, stripe: StripeWorld, invoice: Invoice, staff: Client):
        sell_elsewhere(stripe, 42_00, metadata={"install": "ailleurs.example"})

        page = shown(staff, "/encaissements/sante/")

        assert "demandé par ailleurs.example" in page
        assert "Des paiements sont arrivés sans facture." in shown(staff, "/")


class TestPaymentWithoutInvoice:
    """35, and what a person does about it."""

    @pytest.fixture
    def sold(self, stripe: StripeWorld, invoice: Invoice) -> UnmatchedPayment:
        """120,00 € paid by a link that the seller made at Stripe."""
        run_until_idle()
        sell_elsewhere(stripe, 120_00, description="Lampe de bureau", receipt_email="lea@example.test")
        return UnmatchedPayment.objects.get()

    def test_it_is_a_fact_told_once_and_in_no_book(self, sold: UnmatchedPayment, stripe: StripeWorld, invoice: Invoice):
        for event in ProviderEvent.objects.filter(object_kind="charge"):
            ProviderEvent.objects.filter(pk=event.pk).update(state=NoticeState.RECEIVED)
            apply_event(provider_event_id=event.pk, now=clock_port.now())

        assert UnmatchedPayment.objects.count() == 1
        assert (sold.amount_minor, sold.description, sold.payer_email) == (
            120_00,
            "Lampe de bureau",
            "lea@example.test",
        )
        assert (Payment.objects.count(), settled(invoice)) == (0, 0)

    def test_attached_by_two_clicks_it_settles_the_invoice_once(
        self, sold: UnmatchedPayment, invoice: Invoice, staff: Client
    ):
        address = f"/encaissements/sans-facture/{sold.pk}/rattacher/"
        assert f"{invoice.number} – {invoice.customer_name}" in shown(staff, address)

        for _click in range(2):
            answer = staff.post(address, {"invoice": str(invoice.pk)})

        payment = Payment.objects.get()
        fresh = Invoice.objects.select_related("settlement").get(pk=invoice.pk)
        assert fresh.state_on(clock_port.now().date()) == InvoiceState.PAID
        assert (payment.external_id, payment.amount_minor, payment.fee_minor) == (sold.external_id, 120_00, 2_05)
        assert answer.status_code in {302, 422}
        sold.refresh_from_db()
        assert (sold.state, sold.payment) == (UnmatchedState.ATTACHED, payment)
        assert Entry.objects.filter(source=f"payment:{payment.pk}").count() == 1

    def test_a_refund_told_later_finds_its_invoice(
        self, sold: UnmatchedPayment, stripe: StripeWorld, invoice: Invoice, staff: Client
    ):
        staff.post(f"/encaissements/sans-facture/{sold.pk}/rattacher/", {"invoice": str(invoice.pk)})

        stripe_itself(stripe).v1.refunds.create({"charge": sold.external_id, "amount": 20_00})
        stripe.deliver()
        run_until_idle()

        assert settled(invoice) == 100_00

    def test_a_refund_of_what_is_in_no_book_is_told_beside_it(
        self, sold: UnmatchedPayment, stripe: StripeWorld, invoice: Invoice, staff: Client
    ):
        stripe_itself(stripe).v1.refunds.create({"charge": sold.external_id, "amount": 20_00})
        stripe.deliver()
        run_until_idle()

        assert "dont 20,00 € remboursés" in shown(staff, "/encaissements/sans-facture/")
        staff.post(f"/encaissements/sans-facture/{sold.pk}/rattacher/", {"invoice": str(invoice.pk)})
        assert settled(invoice) == 100_00

    def test_ignored_with_a_reason_and_taken_back(self, sold: UnmatchedPayment, staff: Client):
        address = f"/encaissements/sans-facture/{sold.pk}"
        assert staff.post(f"{address}/ignorer/", {"reason": ""}).status_code == 422
        staff.post(f"{address}/ignorer/", {"reason": "Facturée par la boutique"})
        assert "Facturée par la boutique" in shown(staff, "/encaissements/sans-facture/?etat=ignores")
        assert "Chaque paiement reçu a sa facture." in shown(staff, "/encaissements/sans-facture/")

        staff.post(f"{address}/retablir/")

        sold.refresh_from_db()
        assert (sold.state, sold.reason, sold.decided_by) == (UnmatchedState.OPEN, "", None)


class TestOtherWorld:
    """36"""

    def test_a_live_event_at_a_test_account_is_refused(self, stripe: StripeWorld, invoice: Invoice, start: Start):
        stripe.pay(start(invoice))
        stripe.deliver()
        stored = ProviderEvent.objects.count()

        receipt = stripe.deliver_again(delivered_event(stripe), Endpoint.objects.get().external_id, "other_mode")

        assert (receipt.status, ProviderEvent.objects.count()) == (400, stored)

    def test_a_live_key_never_enters_a_practice_company(self, stripe: StripeWorld, account: ProviderAccount):
        before = ProviderAccount.objects.values().get()

        with pytest.raises(LiveKeyInPracticeCompany):
            propose_account(
                company=account.company, provider="stripe", secrets={"api_key": LIVE_KEY}, now=clock_port.now()
            )

        assert ProviderAccount.objects.values().get() == before
