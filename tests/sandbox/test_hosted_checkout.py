"""The hosted payment page and the bank's page, as a browser without scripts meets them."""

import requests
import stripe

from sandbox.server import RunningSandbox
from tests.sandbox.checkout import CHALLENGED, DECLINED, POOR, press_pay, session_of, types_of


def page(url: str) -> requests.Response:
    return requests.get(url, timeout=10)


def test_the_page_says_who_what_and_how_much(shop: stripe.StripeClient) -> None:
    shown = page(session_of(shop).url)
    assert shown.status_code == 200
    for text in (
        "Démonstration : aucun paiement réel",
        "Atelier Lumen",
        "Facture F2026-0143",
        "Payer 1\u202f240,00\u00a0€",
    ):
        assert text in shown.text


def test_a_good_card_pays_and_leads_back_to_the_shop(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    answer = press_pay(session.url)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"http://127.0.0.1:1/merci?session={session.id}")
    paid = shop.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert (paid.payment_intent.status, paid.payment_intent.amount_received) == ("succeeded", 124_000)
    assert paid.payment_intent.latest_charge.payment_method_details.card.last4 == "4242"
    assert paid.customer_details.email == "claire@example.com"
    assert types_of(shop)[-4:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_declined_card_stays_on_the_page_and_leaves_a_failed_charge(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    answer = press_pay(session.url, DECLINED)
    assert answer.status_code == 402
    assert "Votre carte a été refusée." in answer.text
    assert types_of(shop)[-2:] == ["charge.failed", "payment_intent.payment_failed"]
    assert shop.v1.checkout.sessions.retrieve(session.id).status == "open"
    charge = shop.v1.charges.list().data[0]
    assert (charge.status, charge.failure_code, charge.outcome.reason) == ("failed", "card_declined", "generic_decline")


def test_after_a_refusal_another_card_pays_the_same_intent(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    press_pay(session.url, POOR)
    press_pay(session.url)
    assert [charge.status for charge in shop.v1.charges.list().data] == ["succeeded", "failed"]
    assert len(shop.v1.payment_intents.list().data) == 1


def test_insufficient_funds_is_said_in_french(shop: stripe.StripeClient) -> None:
    assert "solde de votre carte est insuffisant" in press_pay(session_of(shop).url, POOR).text


def test_3ds_authorised_pays(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    session = session_of(shop)
    bank = press_pay(session.url, CHALLENGED).headers["Location"]
    assert bank.startswith("/3ds/pi_")
    assert "Autoriser" in page(world.url + bank).text
    answer = requests.post(world.url + bank, data={"answer": "authorise"}, allow_redirects=False, timeout=10)
    assert answer.headers["Location"] == f"http://127.0.0.1:1/merci?session={session.id}"
    charge = shop.v1.charges.list().data[0]
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"


def test_3ds_refused_comes_back_to_the_page_unpaid(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    session = session_of(shop)
    bank = press_pay(session.url, CHALLENGED).headers["Location"]
    answer = requests.post(world.url + bank, data={"answer": "refuse"}, allow_redirects=False, timeout=10)
    assert "Votre banque n’a pas pu vous authentifier" in answer.text
    assert shop.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert shop.v1.charges.list().data == []
    assert types_of(shop)[-2:] == ["payment_intent.requires_action", "payment_intent.payment_failed"]


def test_a_page_that_was_paid_says_so_and_takes_no_second_payment(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    press_pay(session.url)
    again = press_pay(session.url)
    assert (again.status_code, "C’est déjà payé" in again.text) == (200, True)
    assert len(shop.v1.charges.list().data) == 1


def test_an_expired_page_says_that_nothing_was_taken(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    shop.v1.checkout.sessions.expire(session.id)
    shown = page(session.url)
    assert (shown.status_code, "Aucun montant n’a été prélevé" in shown.text) == (410, True)
    assert press_pay(session.url).status_code == 410


def test_an_unknown_number_is_no_attempt(shop: stripe.StripeClient) -> None:
    answer = press_pay(session_of(shop).url, "4111 1111 1111 1111")
    assert "Votre numéro de carte est incorrect" in answer.text
    assert shop.v1.payment_intents.list().data == []


def test_no_address_no_payment(shop: stripe.StripeClient) -> None:
    assert "adresse e-mail valable" in press_pay(session_of(shop).url, email="claire").text
    assert shop.v1.payment_intents.list().data == []


def test_a_debit_completes_unpaid_and_arrives_later(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    session = session_of(shop, allowed_payment_method_types=["card", "sepa_debit"])
    answer = press_pay(session.url, iban="FR14 2004 1010 0505 0001 3M02 606")
    assert answer.status_code == 303
    pending = shop.v1.checkout.sessions.retrieve(session.id)
    assert (pending.status, pending.payment_status) == ("complete", "unpaid")
    requests.post(f"{world.url}/_control/debits/{pending.payment_intent}/end", timeout=10)
    assert shop.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert types_of(shop)[-1] == "checkout.session.async_payment_succeeded"


def test_a_debit_may_fail_in_the_end(shop: stripe.StripeClient, world: RunningSandbox) -> None:
    session = session_of(shop, allowed_payment_method_types=["sepa_debit"])
    press_pay(session.url, iban="FR8420041010050500013M02607")
    intent = shop.v1.checkout.sessions.retrieve(session.id).payment_intent
    requests.post(f"{world.url}/_control/debits/{intent}/end", timeout=10)
    assert shop.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert types_of(shop)[-1] == "checkout.session.async_payment_failed"


def test_a_form_from_another_site_is_refused(shop: stripe.StripeClient) -> None:
    session = session_of(shop)
    answer = requests.post(session.url, headers={"Origin": "http://evil.example"}, data={}, timeout=10)
    assert answer.status_code == 403
    assert shop.v1.payment_intents.list().data == []


def test_another_host_name_is_refused(world: RunningSandbox) -> None:
    assert requests.get(world.url, headers={"Host": "evil.example"}, timeout=10).status_code == 421
