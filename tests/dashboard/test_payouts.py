"""Virements Stripe: the list, one of them, its file, and whether the bank has it."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models import PaymentAttempt, Payout, ProviderAccount
from reglo.payments.payout_sums import payout_sums
from reglo.payments.providers.balance import MovementKind, PayoutStanding
from reglo.ports import clock as clock_port
from tests.dashboard.conftest import SignIn
from tests.factories import make_company, make_user
from tests.payments.conftest import account, invoice, running, start, stripe, world  # noqa: F401 (fixtures)
from tests.payments.test_record_payout import ARRIVES, SALE, hear, moved, paid, told

LIST = "/encaissements/virements/"
Start = Callable[[Invoice], PaymentAttempt]


def text(browser: Client, page: str) -> str:
    return re.sub(r"[ \n]+", " ", browser.get(page).content.decode())


@pytest.fixture
def payout(account: ProviderAccount, invoice: Invoice, start: Start) -> Payout:  # noqa: F811 (the fixtures)
    """One sale of ours, one made elsewhere, a refund of it, a fee: 144,95 € at the bank."""
    paid(start(invoice))
    lines = (
        SALE,
        moved(60_00, 1_00, source="ch_elsewhere"),
        moved(-30_00, source="re_elsewhere", kind=MovementKind.REFUND),
        moved(-2_00, source="", kind=MovementKind.FEE),
    )
    return hear(account, told(PayoutStanding.PAID, *lines))


def page_of(payout: Payout) -> str:
    return f"{LIST}{payout.pk}/"


def test_no_payout_yet_says_when_there_will_be_one(browser: Client) -> None:
    assert "Aucun virement pour l’instant." in text(browser, LIST)
    assert "Télécharger" not in text(browser, LIST)


def test_the_list_shows_the_net_amount_and_the_state(browser: Client, payout: Payout) -> None:
    shown = text(browser, LIST)

    assert "144,95\u00a0€" in shown
    assert "ATELIER LUMEN" in shown
    assert "Versé" in shown
    assert f'href="{page_of(payout)}"' in shown


def test_four_sums_make_the_bank_line(browser: Client, payout: Payout, invoice: Invoice) -> None:  # noqa: F811 (the fixture)
    sums = payout_sums(payout)

    assert sums.sales == Money(180_00, "EUR")
    assert sums.fees == Money(-5_05, "EUR")
    assert sums.refunds == Money(-30_00, "EUR")
    assert (sums.disputes, sums.others) == (Money(0, "EUR"), Money(0, "EUR"))
    assert sums.sales + sums.fees + sums.refunds + sums.disputes + sums.others == payout.amount
    shown = text(browser, page_of(payout))
    assert [amount in shown for amount in ("180,00\u00a0€", "−5,05\u00a0€", "−30,00\u00a0€")] == [True] * 3
    assert f'<a href="/factures/{invoice.pk}/">' in shown
    assert "Sans facture dans Réglo<small>ch_elsewhere</small>" in shown
    assert "Frais de novembre" in shown


def test_the_file_is_for_the_accountant_and_adds_up(browser: Client, payout: Payout, invoice: Invoice) -> None:  # noqa: F811 (the fixture)
    answer = browser.get(f"{page_of(payout)}lignes.csv")

    assert answer["Content-Disposition"] == 'attachment; filename="virement-2026-11-22-po_1.csv"'
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Date;Nature;Facture;Client;Référence Stripe;Montant;Frais;Net"
    assert lines[1] == f"19/11/2026;Vente;{invoice.number};{invoice.customer_name};ch_1;120,00;2,05;117,95"
    assert lines[2] == "19/11/2026;Vente;;;ch_elsewhere;60,00;1,00;59,00"
    assert lines[3] == "19/11/2026;Remboursement;;;re_elsewhere;-30,00;0,00;-30,00"
    assert lines[4] == "19/11/2026;Frais;;;txn_fee_;-2,00;0,00;-2,00"
    assert lines[5:] == [""]


def test_the_file_of_the_year(browser: Client, payout: Payout) -> None:
    now = browser.get("/encaissements/virements.csv").content.decode("utf-8-sig").split("\r\n")
    before = browser.get("/encaissements/virements.csv?annee=2025").content.decode("utf-8-sig").split("\r\n")

    assert now[1] == "22/11/2026;po_1;ATELIER LUMEN;Versé;144,95;EUR;0,00;"
    assert before[1:] == [""]
    assert browser.get("/encaissements/virements.csv?annee=jamais").status_code == 200


def test_it_is_received_and_that_is_taken_back(browser: Client, payout: Payout, alice: User) -> None:
    shown = text(browser, page_of(payout))
    assert 'name="received_on" value="2026-11-22"' in shown

    answer = browser.post(f"{page_of(payout)}recu/", {"received_on": "2026-11-22"}, follow=True)
    payout.refresh_from_db()
    assert (payout.received_on, payout.received_by) == (ARRIVES, alice)
    assert "Virement reçu sur le compte." in answer.content.decode()

    browser.post(f"{page_of(payout)}recu/annuler/")
    payout.refresh_from_db()
    assert (payout.received_on, payout.received_by) == (None, None)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-11-21", "entre le départ du virement et aujourd’hui"),
        ("2026-11-23", "entre le départ du virement et aujourd’hui"),
        ("hier", "Écrivez une date"),
        ("", "obligatoire"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(browser: Client, payout: Payout, day: str, sentence: str) -> None:
    answer = browser.post(f"{page_of(payout)}recu/", {"received_on": day})

    assert answer.status_code in {400, 422}
    assert sentence in " ".join(answer.context["form"].errors["received_on"])
    payout.refresh_from_db()
    assert payout.received_on is None


def test_what_did_not_arrive_cannot_be_received(browser: Client, account: ProviderAccount) -> None:  # noqa: F811 (the fixture)
    payout = hear(account, told(PayoutStanding.IN_TRANSIT, minor=10_00))
    assert "Reçu sur le compte" not in text(browser, page_of(payout))

    answer = browser.post(f"{page_of(payout)}recu/", {"received_on": "2026-11-22"})

    assert answer.status_code == 409
    assert "Ce virement est «\u00a0En route\u00a0»" in answer.content.decode()
    payout.refresh_from_db()
    assert payout.received_on is None


def test_a_failed_payout_says_why_and_what_to_do_and_home_says_so_until_one_arrives(
    browser: Client,
    account: ProviderAccount,  # noqa: F811 (the fixture)
) -> None:
    failed = hear(account, told(PayoutStanding.FAILED, minor=50_00, failure="account_closed"))

    shown = text(browser, page_of(failed))
    assert "La banque a renvoyé ce virement à Stripe." in shown
    assert "Le compte bancaire que connaît Stripe est fermé ou bloqué." in shown
    task = next(task for task in browser.get("/").context["tasks"] if task.url == page_of(failed))
    assert task.text == "Un virement de 50,00\u00a0€ n’est pas arrivé\u00a0: la banque l’a renvoyé à Stripe."

    later = told(PayoutStanding.PAID, minor=50_00, id="po_2", at=clock_port.now() + timedelta(days=1))
    hear(account, later)
    assert [task for task in browser.get("/").context["tasks"] if task.url == page_of(failed)] == []


def test_what_cannot_be_told_is_said(browser: Client, account: ProviderAccount) -> None:  # noqa: F811 (the fixture)
    manual = hear(account, told(PayoutStanding.PAID, minor=10_00, automatic=False))
    waiting = hear(account, told(PayoutStanding.IN_TRANSIT, minor=10_00, id="po_2"))
    gap = hear(account, told(PayoutStanding.PAID, SALE, minor=118_00, id="po_3"))
    empty = hear(account, told(PayoutStanding.PAID, minor=5_00, id="po_4", lines=()))

    assert "demandé à la main" in text(browser, page_of(manual))
    assert "Stripe prépare le détail" in text(browser, page_of(waiting))
    assert "Écart de 0,05\u00a0€" in text(browser, page_of(gap))
    assert "Stripe ne donne aucune ligne" in text(browser, page_of(empty))


def test_another_company_sees_nothing(payout: Payout, sign_in: SignIn) -> None:
    outsider = make_user("outsider@ailleurs.test", name="Mallory Ailleurs")
    make_company(owner=outsider, name="Ailleurs SARL")
    stranger = sign_in(outsider)

    assert stranger.get(page_of(payout)).status_code == 404
    assert "ATELIER LUMEN" not in text(stranger, LIST)


def test_pages_of_the_list_and_of_the_lines(browser: Client, company: Company, account: ProviderAccount) -> None:  # noqa: F811 (the fixture)
    for number in range(52):
        at = clock_port.now() - timedelta(hours=number)
        hear(account, told(PayoutStanding.IN_TRANSIT, minor=number + 1, id=f"po_{number}", at=at))
    first = browser.get(LIST).context["page"]
    second = browser.get(f"{LIST}{first.older}").context["page"]
    again = browser.get(f"{LIST}{second.newer}").context["page"]

    assert [len(page.rows) for page in (first, second)] == [50, 2]
    assert [payout.external_id for payout in again.rows] == [payout.external_id for payout in first.rows]
    lines = tuple(moved(1_00, source=f"ch_{number}") for number in range(201))
    long = hear(account, told(PayoutStanding.PAID, *lines, id="po_long", arrives_on=date(2026, 11, 23)))
    top = browser.get(page_of(long)).context["page"]
    rest = browser.get(f"{page_of(long)}{top.older}").context["page"]
    back = browser.get(f"{page_of(long)}{rest.newer}").context["page"]
    assert [len(page.rows) for page in (top, rest, back)] == [200, 1, 200]
