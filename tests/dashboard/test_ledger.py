from django.test import Client

from reglo.companies.models import Company, User
from tests.dashboard.conftest import SignIn
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock


def test_journal_shows_each_entry_with_its_lines(browser: Client, company: Company) -> None:
    make_issued(company)
    ((entry, sides),) = browser.get("/comptabilite/").context["entries"]
    assert (entry.position, entry.journal) == (1, "VE")
    assert [(side.account, side.debit and side.debit.minor, side.credit and side.credit.minor) for side in sides] == [
        ("411000", 12000, None),
        ("706000", None, 10000),
        ("445740", None, 2000),
    ]


def test_balance_proves_itself(browser: Client, company: Company, clock: FrozenClock) -> None:
    make_issued(company)
    make_issued(company, now=clock.advance(seconds=1))
    page = browser.get("/comptabilite/balance/")
    assert [(row.account, row.debit and row.debit.minor) for row in page.context["rows"]] == [
        ("411000", 24000),
        ("445740", None),
        ("706000", None),
    ]
    assert page.context["debits"] == page.context["credits"]
    assert page.context["debits"].minor == 24000


def test_journal_pages_both_ways(browser: Client, company: Company, clock: FrozenClock) -> None:
    for _each in range(30):
        make_issued(company, now=clock.advance(seconds=1))
    first = browser.get("/comptabilite/")
    second = browser.get(f"/comptabilite/{first.context['page'].older}")
    positions = [entry.position for page in (first, second) for entry, _sides in page.context["entries"]]
    assert positions == list(range(30, 0, -1))
    back = browser.get(f"/comptabilite/{second.context['page'].newer}")
    assert [entry.position for entry, _sides in back.context["entries"]] == list(range(30, 5, -1))


def test_empty_journal_says_when_it_will_not_be(browser: Client) -> None:
    assert "la première viendra avec la première facture finalisée" in browser.get("/comptabilite/").content.decode()


def test_only_who_reads_money(company: Company, bob: User, david: User, mallory: User, sign_in: SignIn) -> None:
    make_issued(company)
    for page in ("/comptabilite/", "/comptabilite/balance/"):
        assert sign_in(bob).get(page).status_code == 200
        assert sign_in(david).get(page).status_code == 403
    assert sign_in(mallory).get("/comptabilite/").context["entries"] == []
