"""*Payer*: the amount is the server's, one page per document, and no way to be charged twice for a click."""

import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
import stripe as sdk

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.invoicing.models import Invoice
from reglo.payments.card_offers import CardRefusal, card_offer
from reglo.payments.models import AttemptLine, Payment, PaymentAttempt, ProviderAccount
from reglo.payments.providers.contract import AccountBroken, KeyReused, Unknown, Urls
from reglo.payments.services import NotPayable, disconnect_account, record_collection, start_payment
from reglo.payments.states import AccountState, AttemptState, Method
from reglo.ports import clock as clock_port
from tests.factories import line, make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld

Start = Callable[[Invoice], PaymentAttempt]


def session_at_stripe(stripe: StripeWorld, attempt: PaymentAttempt) -> Any:
    assert attempt.external_id is not None
    return stripe.provider().clients.of({"api_key": RESTRICTED_KEY}).v1.checkout.sessions.retrieve(attempt.external_id)


def collect(invoice: Invoice, amount_minor: int) -> Payment:
    return record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=amount_minor,
        method=Method.TRANSFER,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )


def test_the_page_asks_for_what_is_owed(stripe: StripeWorld, invoice: Invoice, start: Start):
    attempt = start(invoice)

    session = session_at_stripe(stripe, attempt)
    assert (attempt.state, attempt.amount_minor) == (AttemptState.OPEN, 120_00)
    assert attempt.redirect_url == session.url
    assert (session.amount_total, session.currency) == (120_00, "eur")
    assert session.client_reference_id == session.metadata.attempt == str(attempt.id)
    assert (session.metadata.invoice, session.metadata.install) == (invoice.number, "localhost:8000")
    assert session.success_url == f"http://localhost:8000/retour/{attempt.id}"
    assert session.expires_at == int((clock_port.now() + timedelta(hours=12)).timestamp())
    assert (session.locale, session.customer_email) == ("fr", "claire@fontaine.test")
    assert session.adaptive_pricing.enabled is False
    assert session.payment_method_types == ["card"]
    assert list(Event.objects.filter(kind="attempt.started").values_list("subject_id", flat=True)) == [str(attempt.id)]


def test_a_second_tab_gets_the_same_page(stripe: StripeWorld, invoice: Invoice, start: Start):
    first, second = start(invoice), start(invoice)

    assert (second.id, second.redirect_url) == (first.id, first.redirect_url)
    assert PaymentAttempt.objects.count() == 1


def test_after_a_part_was_collected_the_page_asks_for_the_rest(stripe: StripeWorld, invoice: Invoice, start: Start):
    first = start(invoice)
    collect(invoice, 50_00)

    second = start(invoice)

    first.refresh_from_db()
    assert (first.state, second.amount_minor) == (AttemptState.CANCELED, 70_00)
    assert session_at_stripe(stripe, first).status == "expired"
    assert AttemptLine.objects.get(open=True).attempt_id == second.id


def test_paid_in_the_other_tab_is_booked_and_not_asked_again(stripe: StripeWorld, invoice: Invoice, start: Start):
    stripe.pay(start(invoice))

    with pytest.raises(NotPayable) as refused:
        start(invoice)

    assert refused.value.reason == CardRefusal.PAID
    assert Payment.objects.get().amount_minor == 120_00


def test_a_page_about_to_close_is_replaced(stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock):
    first = start(invoice)
    clock.advance(hours=11, minutes=31)
    stripe.tell_time()

    second = start(invoice)

    assert second.id != first.id
    assert session_at_stripe(stripe, first).status == "expired"


def test_an_expired_page_is_replaced(stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock):
    first = start(invoice)
    clock.advance(hours=13)
    stripe.deliver()

    second = start(invoice)

    first.refresh_from_db()
    assert (first.state, second.state) == (AttemptState.EXPIRED, AttemptState.OPEN)


def test_a_declined_card_leaves_the_page_open_and_the_invoice_as_it_was(
    stripe: StripeWorld, invoice: Invoice, start: Start
):
    attempt = start(invoice)
    stripe.pay(attempt, "4000 0000 0000 0002")

    again = start(invoice)

    invoice.settlement.refresh_from_db()
    assert (again.id, again.state) == (attempt.id, AttemptState.OPEN)
    assert invoice.settlement.settled_minor == 0
    assert Event.objects.filter(kind="attempt.failed").count() == 0


class DeafWire:
    """Stripe does what it is asked, and its answer is lost: `lost` times."""

    def __init__(self, stripe: StripeWorld, monkeypatch: pytest.MonkeyPatch, lost: int) -> None:
        self.lost = lost
        self.keys: list[str] = []
        through = stripe.wire.request

        def request(method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None) -> Any:
            answer = through(method, url, headers, post_data)
            if method == "post" and url.endswith("/checkout/sessions"):
                self.keys.append((headers or {})["Idempotency-Key"])
                if self.lost:
                    self.lost -= 1
                    raise sdk.APIConnectionError("the line was cut", should_retry=True)
            return answer

        monkeypatch.setattr(stripe.wire, "request", request)
        monkeypatch.setattr("stripe._http_client.time.sleep", lambda seconds: None)


def test_an_answer_lost_once_is_asked_again_with_the_same_key(
    stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    wire = DeafWire(stripe, monkeypatch, lost=1)

    attempt = start(invoice)

    assert wire.keys == [str(attempt.id)] * 2
    assert attempt.state == AttemptState.OPEN


def test_an_unanswered_call_is_unknown_and_the_next_click_finds_the_same_page(
    stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    wire = DeafWire(stripe, monkeypatch, lost=3)

    with pytest.raises(Unknown):
        start(invoice)
    assert PaymentAttempt.objects.get().state == AttemptState.UNKNOWN
    attempt = start(invoice)

    client = stripe.provider().clients.of({"api_key": RESTRICTED_KEY})
    ours = [one for one in client.v1.checkout.sessions.list({}).data if one.client_reference_id == str(attempt.id)]
    assert set(wire.keys) == {str(attempt.id)}
    assert [one.id for one in ours] == [attempt.external_id]


def test_a_click_while_its_twin_is_being_served_may_be_made_again(
    stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    busy = b'{"error": {"type": "invalid_request_error", "code": "idempotency_key_in_use", "message": "Again later."}}'
    with monkeypatch.context() as patch:
        patch.setattr(stripe.wire, "request", lambda *args, **kwargs: (busy, 409, {}))
        patch.setattr("stripe._http_client.time.sleep", lambda seconds: None)
        with pytest.raises(Unknown):
            start(invoice)
    first = PaymentAttempt.objects.get()
    assert first.state == AttemptState.UNKNOWN

    assert start(invoice).id == first.id


def test_the_same_key_with_other_words_is_a_bug_and_not_cured(
    stripe: StripeWorld, invoice: Invoice, start: Start, monkeypatch: pytest.MonkeyPatch
):
    DeafWire(stripe, monkeypatch, lost=3)
    with pytest.raises(Unknown):
        start(invoice)

    with pytest.raises(KeyReused):
        start_payment(
            company_id=invoice.company_id,
            invoice_id=invoice.id,
            urls=lambda attempt: Urls("http://localhost:8000/autre", "http://localhost:8000/autre"),
            now=clock_port.now(),
        )

    assert PaymentAttempt.objects.get().state == AttemptState.UNKNOWN


def test_a_revoked_key_breaks_the_account_and_frees_the_invoice(
    stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount
):
    stripe.revoke(RESTRICTED_KEY)

    with pytest.raises(AccountBroken):
        start(invoice)

    account.refresh_from_db()
    assert account.state == AccountState.BROKEN
    assert not AttemptLine.objects.filter(open=True).exists()
    with pytest.raises(NotPayable) as refused:
        start(invoice)
    assert refused.value.reason == CardRefusal.ACCOUNT_BROKEN


def test_an_account_disconnected_since_the_offer_starts_nothing(
    stripe: StripeWorld, invoice: Invoice, account: ProviderAccount, start: Start, monkeypatch: pytest.MonkeyPatch
):
    offered = card_offer(invoice, company=invoice.company, today=clock_port.now().date())
    disconnect_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())
    monkeypatch.setattr(sys.modules[start_payment.__module__], "card_offer", lambda *args, **kwargs: offered)

    with pytest.raises(NotPayable) as refused:
        start(invoice)

    assert refused.value.reason == CardRefusal.NO_ACCOUNT
    assert PaymentAttempt.objects.count() == 0


def test_what_is_not_offered_starts_nothing(
    stripe: StripeWorld, company: Company, account: ProviderAccount, start: Start
):
    not_allowed = make_issued(company, card_allowed=False)

    with pytest.raises(NotPayable) as refused:
        start(not_allowed)

    assert refused.value.reason == CardRefusal.NOT_ALLOWED
    assert (PaymentAttempt.objects.count(), AttemptLine.objects.count()) == (0, 0)


def test_too_small_for_stripe_is_refused_before_asking(
    stripe: StripeWorld, company: Company, account: ProviderAccount, start: Start
):
    with pytest.raises(NotPayable) as refused:
        start(make_issued(company, card_allowed=True, lines=[line("0.40")]))

    assert refused.value.reason == CardRefusal.TOO_SMALL
