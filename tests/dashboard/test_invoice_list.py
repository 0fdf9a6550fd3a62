from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import blank_draft
from tests.dashboard.conftest import SignIn
from tests.factories import line, make_customer, make_draft, make_issued
from tests.harness.frozen_clock import FrozenClock

LIST = "/factures/"


def shown(browser: Client, query: str = "") -> list[tuple[str, str, str, int]]:
    rows = browser.get(LIST + query).context["rows"]
    return [(row.number, row.customer, row.state.label, row.total.minor) for row in rows]


@pytest.fixture
def one_of_each(company: Company, clock: FrozenClock) -> None:
    long_ago = datetime(2026, 9, 1, 8, tzinfo=UTC)
    make_issued(company, customer=make_customer(company, name="Garage Moreau"), now=long_ago)
    make_issued(company, now=clock.now() - timedelta(hours=2), lines=[line("1000000", vat="0")], exemption_reason="x")
    make_draft(company, customer=make_customer(company, name="Boulangerie Petit"), now=clock.now())


@pytest.mark.usefixtures("one_of_each")
def test_one_line_a_document_latest_first(browser: Client) -> None:
    assert shown(browser) == [
        ("", "Boulangerie Petit", "Brouillon", 12000),
        ("ESSAI-F2026-0002", "Garage Moreau", "À payer", 100000000),
        ("ESSAI-F2026-0001", "Garage Moreau", "En retard", 12000),
    ]


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("?etat=a-payer", ["ESSAI-F2026-0002", "ESSAI-F2026-0001"]),
        ("?etat=en-retard", ["ESSAI-F2026-0001"]),
        ("?etat=payees", []),
        ("?etat=brouillons", [""]),
        ("?q=petit", [""]),
        ("?q=0002", ["ESSAI-F2026-0002"]),
        ("?etat=en-retard&q=0002", []),
        ("?etat=nimporte", ["", "ESSAI-F2026-0002", "ESSAI-F2026-0001"]),
        ("?apres=x-1&avant=99999999999999999999-1", ["", "ESSAI-F2026-0002", "ESSAI-F2026-0001"]),
    ],
)
def test_filters_are_words(browser: Client, query: str, numbers: list[str]) -> None:
    assert [row[0] for row in shown(browser, query)] == numbers


def test_amount_is_shown_as_french_writes_it(browser: Client, one_of_each: None) -> None:
    assert "1\u202f000\u202f000,00\u00a0€" in browser.get(LIST).content.decode()


def test_pages_turn_both_ways(browser: Client, company: Company, clock: FrozenClock) -> None:
    drafts = [blank_draft(company=company, now=clock.advance(seconds=1)) for _each in range(120)]
    Invoice.objects.bulk_create(drafts)
    newest_first = list(Invoice.objects.order_by("-edited_at").values_list("id", flat=True))

    first = browser.get(LIST)
    assert (len(first.context["rows"]), first.context["page"].newer) == (50, "")
    second = browser.get(LIST + first.context["page"].older)
    third = browser.get(LIST + second.context["page"].older)
    assert [row.id for page in (first, second, third) for row in page.context["rows"]] == newest_first
    assert third.context["page"].older == ""

    back = browser.get(LIST + third.context["page"].newer)
    assert back.context["rows"] == second.context["rows"]
    top = browser.get(LIST + back.context["page"].newer)
    assert (top.context["rows"], top.context["page"].newer) == (first.context["rows"], "")


def test_empty_list_leads_to_the_first_invoice(browser: Client) -> None:
    page = browser.get(LIST).content.decode()
    assert "Écrire ma première facture" in page
    assert 'href="/factures/nouvelle/"' in page


def test_search_without_result_says_so(browser: Client, one_of_each: None) -> None:
    page = browser.get(f"{LIST}?q=<b>tilleul").content.decode()
    assert "Aucune facture ne correspond à «\u00a0&lt;b&gt;tilleul\u00a0»." in page


def test_actions_are_those_of_the_role(
    company: Company, alice: User, bob: User, david: User, sign_in: SignIn, one_of_each: None
) -> None:
    def actions(user: User) -> tuple[bool, bool]:
        page = sign_in(user).get(LIST).content.decode()
        return "Envoyer ESSAI-F2026-0002" in page, "Ajouter un encaissement sur ESSAI-F2026-0002" in page

    assert actions(alice) == (True, True)
    assert actions(david) == (True, False)
    assert actions(bob) == (False, False)


def test_stranger_sees_nothing(mallory: User, sign_in: SignIn, one_of_each: None) -> None:
    assert shown(sign_in(mallory)) == []
