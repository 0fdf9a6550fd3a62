from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from reglo.companies.models import Company, User
from reglo.events.kinds import Kind
from reglo.events.models import Reaction
from reglo.events.record import record
from reglo.events.states import ReactionState
from reglo.payments.models import ProviderAccount
from reglo.payments.services import record_collection
from reglo.payments.states import AccountMode, AccountState, Method
from reglo.ports import clock as clock_port
from tests.dashboard.conftest import SignIn
from tests.factories import line, make_draft, make_issued
from tests.harness.frozen_clock import FrozenClock

HOME = "/"


def tasks(browser: Client) -> list[tuple[str, str, str]]:
    return [(task.text, task.button, task.url) for task in browser.get(HOME).context["tasks"]]


def test_first_run_leads_to_the_first_invoice(browser: Client) -> None:
    page = browser.get(HOME)
    assert page.context["is_new"]
    assert "Écrire ma première facture" in page.content.decode()
    assert "À venir" not in page.content.decode()


def test_what_to_do_the_most_pressing_first(browser: Client, company: Company, clock: FrozenClock) -> None:
    make_issued(company, now=clock.now() - timedelta(days=40))
    make_issued(company, now=clock.now() - timedelta(days=35), lines=[line("50")])
    make_draft(company)
    assert tasks(browser) == [
        ("2 factures en retard, 180,00\u00a0€.", "Voir", "/factures/?etat=en-retard"),
        ("1 brouillon attend d’être finalisé.", "Ouvrir", "/factures/?etat=brouillons"),
        ("Vos clients ne peuvent pas encore payer par carte.", "Activer", "/configuration/devis-factures/"),
        (
            "Indiquez la plateforme agréée qui reçoit les factures de vos fournisseurs : c’est obligatoire.",
            "Indiquer",
            "/configuration/reception/",
        ),
    ]


def test_the_approved_platform_is_asked_for_however_much_else_there_is(
    browser: Client, company: Company, clock: FrozenClock
) -> None:
    for _each in range(2):
        with transaction.atomic():
            event = record(kind=Kind.INVOICE_ISSUED, company_id=company.pk, subject=company, now=clock.now())
        event.reactions.all().delete()
        Reaction.objects.create(
            event=event,
            name="reglo.rendering.tasks.render_issued_invoice",
            state=ReactionState.PARKED,
            not_before=clock.now(),
            last_error="Le disque est plein.",
        )
    make_issued(company, now=clock.now() - timedelta(days=40))
    make_draft(company)
    assert [button for _text, button, _url in tasks(browser)] == [
        "Réessayer",
        "Réessayer",
        "Voir",
        "Ouvrir",
        "Indiquer",
    ]

    browser.post("/configuration/reception/", {"receiving_platform": "Plateforme d’essai"})

    assert [button for _text, button, _url in tasks(browser)] == ["Réessayer", "Réessayer", "Voir", "Ouvrir", "Activer"]


def test_many_drafts_are_not_counted(browser: Client, company: Company) -> None:
    for _each in range(21):
        make_draft(company)
    assert tasks(browser)[0][0] == "Plus de 20 brouillons attendent d’être finalisés."


def test_what_is_parked_may_be_tried_again(browser: Client, company: Company) -> None:
    with transaction.atomic():
        event = record(kind=Kind.INVOICE_ISSUED, company_id=company.pk, subject=company, now=clock_port.now())
    event.reactions.all().delete()
    parked = Reaction.objects.create(
        event=event,
        name="reglo.rendering.tasks.render_issued_invoice",
        state=ReactionState.PARKED,
        not_before=clock_port.now(),
        last_error="Le disque est plein.",
    )
    task = browser.get(HOME).context["tasks"][0]
    assert task.text == "À débloquer. Une facture a été finalisée et numérotée. Le disque est plein."

    assert browser.post(task.url)["Location"] == HOME
    parked.refresh_from_db()
    assert parked.state == ReactionState.WAITING
    assert browser.post(task.url).status_code == 409


def test_what_is_coming_by_week(browser: Client, company: Company, clock: FrozenClock) -> None:
    """Sunday 22 November 2026: this week ends today."""
    now = clock.now()
    make_issued(company, now=now - timedelta(days=40))
    for due_days, price in ((0, "100"), (1, "200"), (8, "300"), (60, "400"), (300, "500")):
        make_issued(company, now=now, due_days=due_days, lines=[line(price, vat="0")], exemption_reason="x")
    ahead = browser.get(HOME).context["ahead"]
    assert (ahead.expected.minor, ahead.late.minor) == (162000, 12000)
    assert [(bar.label, bar.amount.minor) for bar in ahead.bars] == [
        ("En retard", 12000),
        ("Cette semaine", 10000),
        ("La suivante", 20000),
        ("Du 30/11", 30000),
        ("Du 07/12", 0),
        ("Dès le 14/12", 90000),
    ]
    assert [bar.height for bar in ahead.bars] == [12, 10, 21, 32, 0, 96]


def test_what_arrived(browser: Client, company: Company) -> None:
    invoice = make_issued(company)
    record_collection(
        company_id=company.pk,
        invoice_id=invoice.pk,
        amount_minor=5000,
        method=Method.TRANSFER,
        collected_on=date(2026, 11, 3),
        now=clock_port.now(),
    )
    page = browser.get(HOME)
    assert page.context["collected"].minor == 5000
    assert [payment.amount_minor for payment in page.context["payments"]] == [5000]


def test_each_role_sees_its_own_tasks(company: Company, david: User, bob: User, sign_in: SignIn) -> None:
    make_draft(company)
    assert tasks(sign_in(david)) == [
        ("1 brouillon attend d’être finalisé.", "Ouvrir", "/factures/?etat=brouillons"),
    ]
    assert tasks(sign_in(bob)) == []
    assert sign_in(david).post("/reessayer/1/").status_code == 403


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ({"state": AccountState.BROKEN}, "Stripe refuse la clé de votre compte : aucun paiement par carte ne passe."),
        (
            {"permissions": [["charge_write", "Paiements", False]]},
            "Il manque à la clé : Paiements. Ajoutez ces droits chez Stripe.",
        ),
        (
            {"endpoint_ok": False},
            "Stripe ne nous prévient plus des paiements : recréez le point de réception.",
        ),
        (
            {"clock_skew_seconds": -300},
            "L’horloge de ce serveur retarde de 5 min : mettez-la à l’heure.",
        ),
        ({"clock_skew_seconds": 60, "endpoint_ok": True}, None),
        ({}, None),
    ],
)
def test_a_stripe_account_that_no_longer_works_comes_first(
    browser: Client, company: Company, found: dict[str, object], sentence: str | None
) -> None:
    Company.objects.filter(pk=company.pk).update(card_payments=True)
    ProviderAccount.objects.create(
        **{
            "id": uuid4(),
            "company": company,
            "provider": "stripe",
            "mode": AccountMode.TEST,
            "external_id": "acct_1",
            "state": AccountState.ACTIVE,
            "created_at": clock_port.now(),
            **found,
        }
    )
    make_draft(company)

    first = tasks(browser)[0]

    if sentence:
        assert (first[0], first[2]) == (sentence, "/encaissements/sante/")
    else:
        assert first[0] == "1 brouillon attend d’être finalisé."
        assert "Stripe" not in str(tasks(browser))
