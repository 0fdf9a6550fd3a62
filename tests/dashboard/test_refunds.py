"""*Rembourser*, and what to do with a *trop-perçu*, as the seller sees them."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.payments.models import Payment, PaymentAttempt, Refund
from reglo.payments.services import record_collection
from reglo.payments.states import Method
from reglo.ports import clock as clock_port
from sandbox.stripe import mishaps, seed
from tests.dashboard.conftest import SignIn
from tests.factories import make_customer, make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.rows import nothing_written
from tests.harness.stripe_world import REFUND_FAILS, REFUNDED_LATER, StripeWorld
from tests.payments.conftest import (  # noqa: F401 (fixtures)
    account,
    give_back,
    invoice,
    pay_on_line,
    payment,
    running,
    start,
    stripe,
    world,
)

Start = Callable[[Invoice], PaymentAttempt]
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stripe._http_client.time.sleep", lambda seconds: None)


def address(of: Payment) -> str:
    return f"/encaissements/{of.pk}/rembourser/"


def surplus_page(of: Payment) -> str:
    return f"/encaissements/{of.pk}/trop-percu/"


def hidden(page: Any) -> dict[str, str]:
    """What the page would post by itself."""
    return dict(re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', page.content.decode()))


def typed(**fields: Any) -> dict[str, Any]:
    return {"refund_id": uuid4(), "left": 12000, "what": "whole", "amount": "", "reason": "customer", **fields}


def text_of(page: Any) -> str:
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


@pytest.fixture
def overpaid(invoice: Invoice, stripe: StripeWorld, start: Start) -> Payment:  # noqa: F811 (the fixture)
    """120,00 € by card for an invoice of which 50,00 € came by transfer meanwhile."""
    attempt = start(invoice)
    record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        amount_minor=50_00,
        method=Method.TRANSFER,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )
    return pay_on_line(stripe, attempt)


def test_the_fee_that_is_lost_is_said_before_anything_is_pressed(browser: Client, payment: Payment):  # noqa: F811 (the fixture)
    page = browser.get(address(payment))

    assert page.status_code == 200
    assert f"Stripe garde ses frais{NBSP}: 2,05{NBSP}€." in page.content.decode()
    assert page.context["row"].offer.left.minor == 120_00
    assert page.context["form"].initial == {"what": "whole", "reason": "customer"}
    assert hidden(page)["left"] == "12000"
    assert f"Tout{NBSP}: 120,00{NBSP}€" in text_of(page)


def test_what_the_page_posts_by_itself_gives_all_back(browser: Client, payment: Payment, alice: User):  # noqa: F811 (the fixture)
    form = hidden(browser.get(address(payment)))

    answer = browser.post(address(payment), {**form, "what": "whole", "reason": "customer"}, follow=True)

    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.state, refund.requested_by) == (120_00, "succeeded", alice)
    page = text_of(answer)
    assert f"120,00{NBSP}€ remboursés. Votre client les reçoit sous quelques jours." in page
    assert f"Remboursement de 120,00{NBSP}€ demandé par" in page
    assert "Remboursé" in page
    assert "N’est plus entièrement payée" in page


def test_a_part_is_typed(browser: Client, payment: Payment):  # noqa: F811 (the fixture)
    browser.post(address(payment), typed(what="part", amount="40,50", reason="other"))

    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.reason) == (40_50, "other")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"what": "part"}, "amount", "Indiquez le montant à rembourser."),
        ({"what": "part", "amount": "120,01"}, "amount", "ce qui peut encore être remboursé"),
        ({"what": "part", "amount": "0"}, "amount", "compris entre 0,01"),
        ({"what": "part", "amount": "cent"}, "amount", "Écrivez un nombre"),
        ({"reason": "parce que"}, "reason", "parce que"),
        ({"refund_id": "x"}, "refund_id", "UUID"),
    ],
)
def test_a_wrong_form_is_refused_at_its_field(
    browser: Client,
    payment: Payment,  # noqa: F811 (the fixture)
    fields: dict[str, str],
    field: str,
    sentence: str,
):
    with nothing_written():
        answer = browser.post(address(payment), typed(**fields))

    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]


def test_a_double_click_gives_back_once(browser: Client, payment: Payment):  # noqa: F811 (the fixture)
    form = typed(what="part", amount="40")

    for _ in range(2):
        assert browser.post(address(payment), form).status_code == 302

    assert [refund.amount_minor for refund in Refund.objects.all()] == [40_00]


def test_an_old_page_is_refused_and_the_new_one_says_what_is_left(browser: Client, payment: Payment):  # noqa: F811 (the fixture)
    browser.post(address(payment), typed(what="part", amount="40"))

    answer = browser.post(address(payment), typed(what="part", amount="40"))

    assert answer.status_code == 409
    assert f"il en reste 80,00{NBSP}€" in answer.content.decode()
    assert hidden(answer)["left"] == "8000"
    assert Refund.objects.count() == 1


def test_while_stripe_does_not_answer_nobody_is_asked_to_start_again(
    browser: Client,
    payment: Payment,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
):
    mishaps.plan(stripe.sandbox.world, "lost_answer", path="/v1/refunds", times=None)

    answer = browser.post(address(payment), typed(), follow=True)

    assert "Inutile de recommencer." in text_of(answer)
    page = browser.get(address(payment))
    assert "attendez la réponse de Stripe" in page.content.decode()
    assert 'name="refund_id"' not in page.content.decode()


def test_a_refusal_of_stripe_is_told_in_words(browser: Client, payment: Payment, stripe: StripeWorld):  # noqa: F811 (the fixture)
    client = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    client.v1.refunds.create({"charge": str(payment.external_id)})

    answer = browser.post(address(payment), typed(), follow=True)

    assert "Rien n’a été remboursé. Ce paiement est déjà entièrement remboursé." in text_of(answer)
    assert "Échoué" in text_of(answer)


def test_what_the_bank_sent_back_remains_to_be_given_back(
    browser: Client,
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
    clock: FrozenClock,
):
    paid = pay_on_line(stripe, start(invoice), REFUND_FAILS)
    browser.post(address(paid), typed(what="part", amount="40"))
    stripe.deliver()
    run_until_idle()

    told = text_of(browser.get(f"/factures/{invoice.pk}/"))
    assert f"Le remboursement de 40,00{NBSP}€ a échoué{NBSP}: l’argent est revenu." in told
    assert "Reste à rembourser. La carte du client n’existe plus." in told
    todo = [(task.text, task.url) for task in browser.get("/").context["tasks"]]
    assert (f"Un remboursement de 40,00{NBSP}€ a échoué{NBSP}: il reste à rembourser.", address(paid)) in todo

    clock.advance(days=1)
    stripe.tell_time()
    browser.post(address(paid), typed(what="part", amount="40"))

    assert not any("échoué" in task.text for task in browser.get("/").context["tasks"])


def test_pending_refunds_say_so_everywhere(
    browser: Client,
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
):
    paid = pay_on_line(stripe, start(invoice), REFUNDED_LATER)

    answer = browser.post(address(paid), typed(), follow=True)

    assert "la banque prend quelques jours" in text_of(answer)
    for page in (f"/factures/{invoice.pk}/", "/encaissements/"):
        assert "En cours" in text_of(browser.get(page))


def test_a_refund_made_at_stripe_is_said_to_be(
    browser: Client,
    payment: Payment,  # noqa: F811 (the fixture)
    invoice: Invoice,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
):
    client = stripe.provider().clients.of({"api_key": seed.SELLER_SECRET_KEY})
    client.v1.refunds.create({"charge": str(payment.external_id), "amount": 30_00})
    stripe.deliver()
    run_until_idle()

    page = text_of(browser.get(f"/factures/{invoice.pk}/"))

    assert f"Remboursement de 30,00{NBSP}€, fait chez Stripe" in page


def test_a_disputed_payment_shows_why_it_is_not_refunded(
    browser: Client,
    payment: Payment,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
):
    stripe.command(f"charges/{payment.external_id}/dispute", kind="chargeback")
    stripe.deliver()
    run_until_idle()

    page = browser.get(address(payment)).content.decode()

    assert "vous le ferait perdre deux fois" in page
    assert 'name="refund_id"' not in page
    assert browser.post(address(payment), typed()).status_code == 409


def test_one_surplus_is_given_back_from_the_home_page(browser: Client, overpaid: Payment):
    [task] = [task for task in browser.get("/").context["tasks"] if "trop-perçu" in task.text]
    assert (task.text, task.button) == (f"1 trop-perçu de 50,00{NBSP}€, à rendre ou à affecter.", "Rembourser")
    page = browser.get(task.url)
    assert f"Rembourser 50,00{NBSP}€" in text_of(page)

    browser.post(address(overpaid), hidden(page))

    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.reason, refund.state) == (50_00, "twice", "succeeded")
    assert not any("trop-perçu" in task.text for task in browser.get("/").context["tasks"])
    assert Settlement.objects.get().settled_minor == 120_00
    assert "n’a pas de trop-perçu" in text_of(browser.get(task.url))


def test_a_surplus_that_somebody_else_allocated_is_not_given_back_too(
    browser: Client, company: Company, overpaid: Payment
):
    old_page = hidden(browser.get(surplus_page(overpaid)))
    browser.post(surplus_page(overpaid), {"invoice": make_issued(company).pk})

    answer = browser.post(address(overpaid), old_page)

    assert answer.status_code == 409
    assert "Ce trop-perçu a été rendu ou affecté entre-temps" in answer.content.decode()
    assert not Refund.objects.exists()


def test_several_surpluses_lead_to_their_list(
    browser: Client,
    company: Company,
    overpaid: Payment,
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    start: Start,  # noqa: F811 (the fixture)
):
    other = make_issued(company, card_allowed=True)
    attempt = start(other)
    record_collection(
        company_id=company.pk,
        invoice_id=other.pk,
        amount_minor=120_00,
        method=Method.CHEQUE,
        collected_on=clock_port.now().date(),
        now=clock_port.now(),
    )
    pay_on_line(stripe, attempt)

    [task] = [task for task in browser.get("/").context["tasks"] if "trop-perçu" in task.text]

    assert (task.text, task.button) == ("2 trop-perçus, à rendre ou à affecter.", "Voir")
    rows = browser.get(task.url).context["rows"]
    assert sorted(row.offer.surplus.minor for row in rows) == [50_00, 120_00]
    assert [row.customer for row in rows] == ["Menuiserie Claire Fontaine"] * 2


def test_the_list_of_surpluses_may_be_empty(browser: Client, payment: Payment):  # noqa: F811 (the fixture)
    assert "Aucun trop-perçu" in text_of(browser.get("/encaissements/?etat=trop-percu"))


def test_a_surplus_pays_another_invoice(browser: Client, company: Company, overpaid: Payment, invoice: Invoice):  # noqa: F811 (the fixture)
    other = make_issued(company)
    make_issued(company, customer=make_customer(company, name="Chloé Bernard"))
    page = browser.get(surplus_page(overpaid))
    assert [choice.pk for choice, _words in page.context["choices"]] == [other.pk]
    assert f"{other.number}, reste 120,00{NBSP}€, échéance le" in page.content.decode()

    answer = browser.post(surplus_page(overpaid), {"invoice": other.pk}, follow=True)

    assert Settlement.objects.get(invoice=other).settled_minor == 50_00
    told = text_of(answer)
    assert f"Réglée par un trop-perçu de 50,00{NBSP}€" in told
    assert "Payée en partie par carte" not in told
    first = text_of(browser.get(f"/factures/{invoice.pk}/"))
    assert f"Trop-perçu de 50,00{NBSP}€ affecté à la facture {other.number}" in first


@pytest.mark.parametrize("asked", ["", "0", "x", "999999"])
def test_what_is_not_offered_is_not_paid(browser: Client, overpaid: Payment, asked: str):
    with nothing_written():
        assert browser.post(surplus_page(overpaid), {"invoice": asked}).status_code == 422


def test_who_may_not_collect_sees_no_button_and_gives_nothing_back(
    sign_in: SignIn,
    bob: User,
    david: User,
    overpaid: Payment,
    invoice: Invoice,  # noqa: F811 (the fixture)
):
    for person in (bob, david):
        reader = sign_in(person)
        for page in (f"/factures/{invoice.pk}/", "/encaissements/"):
            shown = reader.get(page).content.decode()
            assert address(overpaid) not in shown
            assert surplus_page(overpaid) not in shown
        with nothing_written():
            assert reader.post(address(overpaid), typed()).status_code == 403
            assert reader.get(surplus_page(overpaid)).status_code == 403
        assert not any("trop-perçu" in task.text for task in reader.get("/").context["tasks"])
