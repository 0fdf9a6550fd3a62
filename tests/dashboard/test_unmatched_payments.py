"""*Sans facture*: what is proposed, what is refused at its place, and who may decide."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from reglo.companies.models import Company, User
from reglo.events.models import Event
from reglo.money import Money
from reglo.payments.models import Payment, ProviderAccount, UnmatchedPayment
from reglo.payments.providers import facts
from reglo.payments.providers.facts import PaymentFact, Ref, Snapshot, State
from reglo.payments.services import note_unmatched
from reglo.payments.states import UnmatchedState
from reglo.ports import clock as clock_port
from tests.dashboard.conftest import SignIn
from tests.factories import line, make_issued
from tests.payments.conftest import account, running, stripe, world  # noqa: F401 (fixtures)

PAGE = "/encaissements/sans-facture/"


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def sell(account: ProviderAccount, rank: int, minor: int = 42_00) -> UUID:  # noqa: F811 (the fixture)
    """The later the rank, the later the sale."""
    at = clock_port.now() - timedelta(days=100 - rank)
    fact = PaymentFact(f"ch_{rank}", Money(minor, "EUR"), at, facts.Method.CARD, "", None, None, f"Vente {rank}")
    snapshot = Snapshot(Ref("charge", fact.id), False, "", State.PAID, (fact,))
    note_unmatched(account=account, snapshot=snapshot, now=clock_port.now())
    return UnmatchedPayment.objects.get(external_id=fact.id).pk


def test_the_very_amount_comes_first_however_old(browser: Client, company: Company, account: ProviderAccount):  # noqa: F811 (the fixture)
    exact = make_issued(company, lines=[line("35")])
    others = [make_issued(company) for _each in range(21)]
    sold = sell(account, 1)

    shown = browser.get(f"{PAGE}{sold}/rattacher/").context["invoices"]

    assert shown[0].pk == exact.pk
    assert others[-1].pk in {invoice.pk for invoice in shown}


def test_a_search_narrows_and_finds_nothing_in_words(browser: Client, company: Company, account: ProviderAccount):  # noqa: F811 (the fixture)
    wanted, _other = make_issued(company), make_issued(company)
    sold = sell(account, 1)

    found = browser.get(f"{PAGE}{sold}/rattacher/", {"q": wanted.number}).context["invoices"]
    nothing = words(browser.get(f"{PAGE}{sold}/rattacher/", {"q": "introuvable"}))

    assert [invoice.pk for invoice in found] == [wanted.pk]
    assert "Aucune facture à payer dans cette monnaie ne correspond." in nothing


@pytest.mark.parametrize("chosen", ["", "999999", "abc"])
def test_what_is_not_on_the_page_is_not_attached(
    browser: Client,
    company: Company,
    account: ProviderAccount,  # noqa: F811 (the fixture)
    chosen: str,
):
    make_issued(company)
    sold = sell(account, 1)
    before = Event.objects.count()

    answer = browser.post(f"{PAGE}{sold}/rattacher/", {"invoice": chosen})

    assert answer.status_code == 422
    assert "Choisissez une facture." in words(answer)
    assert (Payment.objects.count(), Event.objects.count()) == (0, before)


def test_what_stripe_no_longer_knows_is_said_on_the_page(browser: Client, company: Company, account: ProviderAccount):  # noqa: F811 (the fixture)
    invoice = make_issued(company)
    sold = sell(account, 1)

    answer = browser.post(f"{PAGE}{sold}/rattacher/", {"invoice": str(invoice.pk)})

    assert answer.status_code == 409
    assert "Stripe ne connaît plus ce paiement" in words(answer)
    assert Payment.objects.count() == 0


def test_many_are_turned_over_page_by_page(browser: Client, account: ProviderAccount):  # noqa: F811 (the fixture)
    for rank in range(51):
        sell(account, rank)

    first = browser.get(PAGE)
    second = browser.get(PAGE + first.context["page"].older)
    back = browser.get(PAGE + second.context["page"].newer)

    assert [row.external_id for row in first.context["page"].rows] == [f"ch_{rank}" for rank in range(50, 0, -1)]
    assert [row.external_id for row in second.context["page"].rows] == ["ch_0"]
    assert len(back.context["page"].rows) == 50


def test_an_ignored_one_comes_back_by_the_toast(browser: Client, account: ProviderAccount):  # noqa: F811 (the fixture)
    sold = sell(account, 1)
    browser.post(f"{PAGE}{sold}/ignorer/", {"reason": "Boutique"})
    undo = re.search(rf'action="({PAGE}{sold}/retablir/)"', browser.get("/").content.decode())
    assert undo

    browser.post(undo[1])

    assert UnmatchedPayment.objects.get().state == UnmatchedState.OPEN


def test_the_accountant_reads_and_decides_nothing(account: ProviderAccount, bob: User, sign_in: SignIn):  # noqa: F811 (the fixture)
    sold = sell(account, 1)
    accountant = sign_in(bob)

    shown = words(accountant.get(PAGE))

    assert "Vente 1" in shown
    assert "Rattacher à une facture" not in shown
    assert accountant.post(f"{PAGE}{sold}/ignorer/", {"reason": "x"}).status_code == 403
    assert UnmatchedPayment.objects.get().state == UnmatchedState.OPEN
