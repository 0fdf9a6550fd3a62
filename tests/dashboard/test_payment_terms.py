"""*Conditions de paiement* in the editor: each kind has its fields, instalments are proposed, the law is told."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from tests.dashboard.typing_a_draft import typed_draft
from tests.factories import make_customer, make_draft

HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(company: Company) -> Invoice:
    """Of 120,00 €, on 22 November 2026."""
    return make_draft(company)


def save(browser: Client, draft: Invoice, **head: str) -> str:
    draft.refresh_from_db()
    typed = typed_draft({}, customer=draft.customer, invoice=draft, **head)
    answer = browser.post(f"/factures/{draft.pk}/modifier/", typed, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    draft.refresh_from_db()
    return answer.content.decode()


def test_turning_to_instalments_proposes_them(browser: Client, draft: Invoice):
    page = save(browser, draft, terms_kind="instalments", instalment_count="3")

    assert draft.instalments == [
        {"due_date": "2026-12-22", "rate": "33.33"},
        {"due_date": "2027-01-22", "rate": "33.33"},
        {"due_date": "2027-02-22"},
    ]
    assert 'name="instalment_day_3"' in page
    assert "40,00 € avant le 22 décembre 2026" in page.replace("\u00a0", " ")


def test_instalments_are_typed_as_amounts_or_rates(browser: Client, draft: Invoice):
    save(browser, draft, terms_kind="instalments", instalment_count="2")

    typed = {"instalment_day_1": "2026-12-15", "instalment_part_1": "36,00", "instalment_day_2": "2027-01-15"}
    page = save(browser, draft, terms_kind="instalments", instalment_count="2", instalment_part_2="", **typed)

    assert draft.instalments == [{"due_date": "2026-12-15", "amount_minor": 3600}, {"due_date": "2027-01-15"}]
    assert "84,00" in page
    assert 'name="instalment_day_1"' not in page, "what is being typed in is left alone"

    save(browser, draft, terms_kind="instalments", instalment_count="2", **{**typed, "instalment_part_1": "30 %"})

    assert draft.instalments[0] == {"due_date": "2026-12-15", "rate": "30"}


def test_what_does_not_add_up_is_said_at_once(browser: Client, draft: Invoice):
    save(browser, draft, terms_kind="instalments", instalment_count="2")

    page = save(
        browser,
        draft,
        terms_kind="instalments",
        instalment_count="2",
        instalment_day_1="2026-12-15",
        instalment_part_1="36",
        instalment_day_2="2027-01-15",
        instalment_part_2="36",
    )

    assert "Les échéances ne font pas le total" in page


def test_a_delay_beyond_the_law_is_told_of_a_professional_only(browser: Client, company: Company, draft: Invoice):
    told = "Ce délai dépasse celui que la loi permet"
    assert told in save(browser, draft, terms_kind="days", due_days="61")
    assert told not in save(browser, draft, terms_kind="days", due_days="60")
    assert told not in save(browser, draft, terms_kind="days_end_of_month", due_days="45")
    draft.customer = make_customer(company, kind="consumer", name="Chloé Bernard", siren="")
    draft.save()

    assert told not in save(browser, draft, terms_kind="days", due_days="90")


def test_a_date_and_a_discount_are_kept(browser: Client, draft: Invoice):
    save(browser, draft, terms_kind="date", early_discount_rate="2,5", discount_days="10")
    assert draft.due_on == date(2026, 12, 22)

    save(browser, draft, terms_kind="date", due_on="2026-12-24", early_discount_rate="2,5", discount_days="10")

    assert (draft.due_on, draft.early_discount_rate, draft.discount_days) == (date(2026, 12, 24), Decimal("2.5"), 10)


def test_the_sentence_of_the_card_speaks_the_language(browser: Client, draft: Invoice):
    save(browser, draft, card_allowed="on", mention="Merci.")
    sentence = draft.mention.splitlines()[0]

    page = save(browser, draft, card_allowed="on", mention=draft.mention, language="en")

    assert draft.mention == "This invoice can be paid online by card, via the secure link received by e-mail.\nMerci."
    assert "can be paid online" in page
    assert sentence not in page


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ({"early_discount_rate": "2"}, "indiquez les deux"),
        ({"early_discount_rate": "30", "discount_days": "10"}, "entre 0 et 20"),
        ({"terms_kind": "days", "due_days": ""}, "entre 0 et 365"),
    ],
)
def test_absurd_terms_are_refused_at_their_field(browser: Client, draft: Invoice, head: dict[str, str], sentence: str):
    typed = typed_draft({}, customer=draft.customer, invoice=draft, **head)

    answer = browser.post(f"/factures/{draft.pk}/modifier/", typed)

    assert sentence in answer.content.decode()
    assert Invoice.objects.get(pk=draft.pk).revision == draft.revision


def test_the_habits_of_a_customer_follow_her(browser: Client, company: Company, draft: Invoice):
    english = make_customer(
        company,
        name="Northern Lights Ltd",
        language="en",
        terms_kind="end_of_month_days",
        due_days=45,
        order_reference="PO 118",
        contact_name="Ann Reed",
        service="Accounts",
    )
    draft.refresh_from_db()
    typed = typed_draft({}, customer=english, invoice=draft, attention=draft.attention, terms_kind="days")
    page = browser.post(f"/factures/{draft.pk}/modifier/", typed, headers=HTMX).content.decode()

    draft.refresh_from_db()
    assert (draft.terms_kind, draft.due_days, draft.language) == ("end_of_month_days", 45, "en")
    assert (draft.order_reference, draft.attention) == ("PO 118", "Ann Reed, Accounts")
    assert 'id="sheet-meta"' in page
    assert 'id="terms-fields"' in page


def test_the_usual_terms_of_a_company(browser: Client, company: Company):
    browser.post(
        "/configuration/facturation/", {"vat_regime": "monthly", "terms_kind": "days_end_of_month", "due_days": "45"}
    )

    company.refresh_from_db()
    assert (company.terms_kind, company.due_days) == ("days_end_of_month", 45)
    assert make_draft(company).terms.due_date(date(2026, 11, 15)) == date(2026, 12, 31)
