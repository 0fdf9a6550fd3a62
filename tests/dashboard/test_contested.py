"""A contested payment, as its seller reads it: on the invoice, in its story, on the home page; and the owner's choice."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.dashboard.contested import contested_payments, reason_words
from reglo.invoicing.models import Invoice
from reglo.ledger.models import Entry
from reglo.payments.models import Dispute, PaymentAttempt
from reglo.payments.providers.facts import DisputeStanding
from reglo.payments.services import settle_lost_dispute
from reglo.payments.states import DisputeOutcome
from reglo.ports import clock
from tests.dashboard.conftest import SignIn
from tests.payments.conftest import account, invoice, running, start, stripe, world  # noqa: F401 (fixtures)
from tests.payments.disputes import contested, reinstated, tell, withdrawn

S = DisputeStanding
ATTEMPT = Callable[[Invoice], PaymentAttempt]


@pytest.fixture
def attempt(stripe: object, invoice: Invoice, start: ATTEMPT) -> PaymentAttempt:  # noqa: F811 (fixtures)
    return start(invoice)


def page_of(browser: Client, invoice: Invoice) -> str:  # noqa: F811 (not the fixture)
    return re.sub(r"[ \n\t]+", " ", browser.get(f"/factures/{invoice.pk}/").content.decode())


def tasks(browser: Client) -> list[tuple[str, str, str]]:
    return [(task.text, task.button, task.url) for task in browser.get("/").context["tasks"]]


def story(browser: Client, invoice: Invoice) -> list[str]:  # noqa: F811 (not the fixture)
    return [sentence.text for sentence in browser.get(f"/factures/{invoice.pk}/").context["story"]]


def test_an_inquiry_is_a_notice_with_its_deadline(
    browser: Client,
    attempt: PaymentAttempt,
    invoice: Invoice,  # noqa: F811 (the fixture)
):
    tell(attempt, contested(S.INQUIRY))

    html = page_of(browser, invoice)

    assert "Répondez dans Stripe avant le 12 décembre" in html
    assert "L’argent reste chez vous pour le moment." in html
    assert "Le client dit n’avoir rien reçu" in html
    assert 'href="https://dashboard.stripe.com/test/disputes/dp_1"' in html
    assert "Repris par Stripe" not in html
    assert browser.get(f"/factures/{invoice.pk}/").context["state"].label == "Payée"
    assert tasks(browser)[0] == (
        "1 paiement contesté\u00a0: répondez avant le 12 décembre.",
        "Voir",
        f"/factures/{invoice.pk}/",
    )
    assert story(browser, invoice)[0] == "La banque du client demande des explications sur 120,00\u00a0€"


def test_what_was_withdrawn_is_shown_and_nothing_is_asked_of_the_customer(
    browser: Client,
    attempt: PaymentAttempt,
    invoice: Invoice,  # noqa: F811 (the fixture)
):
    tell(attempt, contested(S.OPEN, withdrawn()))

    html = page_of(browser, invoice)

    assert browser.get(f"/factures/{invoice.pk}/").context["state"].label == "Contestée"
    assert "<dt>Repris par Stripe</dt> <dd> 120,00\u00a0€ </dd>" in html
    assert "<dt>Frais de contestation</dt> <dd> 20,00\u00a0€ </dd>" in html
    for action in ("Ajouter un encaissement", "Faire payer", "Duplicata acquitté", "Passer en perte"):
        assert action not in html
    assert story(browser, invoice)[:2] == [
        "Stripe a repris 120,00\u00a0€, frais 20,00\u00a0€",
        "Paiement de 120,00\u00a0€ contesté\u00a0: le client dit n’avoir rien reçu",
    ]


def test_a_dispute_under_review_and_one_that_is_won_ask_for_nothing(
    browser: Client,
    attempt: PaymentAttempt,
    invoice: Invoice,  # noqa: F811 (the fixture)
):
    tell(attempt, contested(S.UNDER_REVIEW, withdrawn()))
    assert "La banque examine vos explications" in page_of(browser, invoice)
    assert not [text for text, _button, _url in tasks(browser) if "contesté" in text]

    tell(attempt, contested(S.WON, withdrawn()))
    assert "Stripe va vous rendre l’argent" in page_of(browser, invoice)

    tell(attempt, contested(S.WON, withdrawn(), reinstated()))
    assert "Paiement contesté" not in page_of(browser, invoice)
    assert browser.get(f"/factures/{invoice.pk}/").context["state"].label == "Payée"
    assert story(browser, invoice)[:2] == ["Stripe a rendu 120,00\u00a0€", "Contestation gagnée"]


def test_a_loss_offers_the_two_choices_to_the_owner_alone(
    browser: Client,
    attempt: PaymentAttempt,
    invoice: Invoice,  # noqa: F811 (the fixture)
    david: User,
    sign_in: SignIn,
):
    tell(attempt, contested(S.LOST, withdrawn()))
    dispute = Dispute.objects.get()

    html = page_of(browser, invoice)
    colleague = page_of(sign_in(david), invoice)

    assert f'href="/contestations/{dispute.pk}/reclamer/"' in html
    assert f'href="/contestations/{dispute.pk}/perte/"' in html
    assert tasks(browser)[0] == (
        "1 contestation perdue\u00a0: dites ce que devient la facture.",
        "Décider",
        f"/factures/{invoice.pk}/",
    )
    assert "Contestation perdue" in colleague
    assert "/contestations/" not in colleague


@pytest.mark.parametrize(
    ("path", "outcome", "state", "said", "told"),
    [
        (
            "reclamer",
            DisputeOutcome.RECLAIMED,
            "À payer",
            "La facture est à nouveau à payer.",
            "Contestation perdue\u00a0: 120,00\u00a0€ à réclamer à nouveau",
        ),
        (
            "perte",
            DisputeOutcome.WRITTEN_OFF,
            "Payée",
            "L’argent est passé en perte.",
            "Contestation perdue\u00a0: 120,00\u00a0€ passés en perte",
        ),
    ],
)
def test_the_choice_is_confirmed_then_made(
    browser: Client,
    attempt: PaymentAttempt,
    invoice: Invoice,  # noqa: F811 (the fixture)
    path: str,
    outcome: DisputeOutcome,
    state: str,
    said: str,
    told: str,
):
    tell(attempt, contested(S.LOST, withdrawn()))
    dispute, entries = Dispute.objects.get(), Entry.objects.count()
    address = f"/contestations/{dispute.pk}/{path}/"
    assert browser.get(address).status_code == 200
    assert Entry.objects.count() == entries

    answer = browser.post(address)

    assert answer["Location"] == f"/factures/{invoice.pk}/"
    dispute.refresh_from_db()
    assert dispute.outcome == outcome
    page = browser.get(f"/factures/{invoice.pk}/")
    assert page.context["state"].label == state
    assert said in page.content.decode()
    assert told in story(browser, invoice)
    assert tasks(browser)[0][1] != "Décider"


def test_a_payment_that_is_written_off_says_so_on_its_invoice(
    browser: Client,
    company: Company,
    attempt: PaymentAttempt,
    invoice: Invoice,  # noqa: F811 (the fixture)
):
    tell(attempt, contested(S.LOST, withdrawn()))
    settle_lost_dispute(
        company_id=company.pk,
        dispute_id=Dispute.objects.get().pk,
        outcome=DisputeOutcome.WRITTEN_OFF,
        now=clock.now(),
    )

    html = page_of(browser, invoice)

    assert "120,00\u00a0€ passés en perte le 22 novembre" in html
    assert "Voyez avec votre comptable ce que devient sa TVA." in html


def test_a_reclaimed_payment_shows_no_surplus_in_the_list(
    browser: Client,
    company: Company,
    attempt: PaymentAttempt,
):
    tell(attempt, contested(S.LOST, withdrawn()))
    settle_lost_dispute(
        company_id=company.pk,
        dispute_id=Dispute.objects.get().pk,
        outcome=DisputeOutcome.RECLAIMED,
        now=clock.now(),
    )

    [row] = browser.get("/encaissements/").context["rows"]

    assert row.surplus.minor == 0


def test_a_choice_already_made_is_refused_with_a_sentence(browser: Client, company: Company, attempt: PaymentAttempt):
    tell(attempt, contested(S.LOST, withdrawn()))
    dispute = Dispute.objects.get()
    browser.post(f"/contestations/{dispute.pk}/perte/")

    answer = browser.post(f"/contestations/{dispute.pk}/reclamer/")

    assert answer.status_code == 409
    assert "n’attend aucune décision" in answer.content.decode()
    dispute.refresh_from_db()
    assert dispute.outcome == DisputeOutcome.WRITTEN_OFF


def test_a_bank_that_takes_no_answer_is_said_to_take_none(
    browser: Client,
    attempt: PaymentAttempt,
    invoice: Invoice,  # noqa: F811 (the fixture)
):
    tell(attempt, contested(S.OPEN, withdrawn()))
    Dispute.objects.update(evidence_due_at=None)

    assert "La banque ne prend aucune réponse pour ce paiement" in page_of(browser, invoice)
    assert tasks(browser)[0][0] == "1 paiement contesté."


def test_every_reason_of_stripe_has_its_words_and_another_the_general_ones():
    assert reason_words("duplicate") == "le client dit avoir payé deux fois"
    assert reason_words("a_reason_of_tomorrow") == reason_words("general")


def test_the_deadline_is_a_day_of_the_company(attempt: PaymentAttempt, invoice: Invoice):  # noqa: F811 (the fixture)
    """22:59:59 UTC is still the 12th in Paris, and the 13th on Réunion."""
    tell(attempt, contested(S.OPEN, withdrawn()))
    read = Invoice.objects.select_related("company").get(pk=invoice.pk)
    [paris] = contested_payments(read, today=date(2026, 11, 22))
    read.company.time_zone = "Indian/Reunion"

    [reunion] = contested_payments(read, today=date(2026, 11, 22))

    assert (paris.deadline, reunion.deadline) == (date(2026, 12, 12), date(2026, 12, 13))
