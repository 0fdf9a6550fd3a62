from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.companies.services import change_company
from reglo.customers.models import Customer
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.services import discard_draft
from reglo.invoicing.services.create_draft import PAY_ONLINE_MENTION
from reglo.ports import clock
from tests.dashboard.conftest import SignIn
from tests.dashboard.typing_a_draft import typed_draft
from tests.factories import make_customer, make_draft, make_issued

NEW = "/factures/nouvelle/"
HTMX: dict[str, Any] = {"HX-Request": "true"}


def page_of(draft: Invoice) -> str:
    return f"/factures/{draft.pk}/modifier/"


def test_looking_at_a_new_invoice_writes_nothing(browser: Client) -> None:
    assert browser.get(NEW).status_code == 200
    assert not Invoice.objects.exists()


def test_first_save_creates_the_draft(browser: Client, chloe: Customer) -> None:
    line = {"quantity": "2,5", "unit_price": "1 240,50", "discount": "10", "unit": "h"}
    answer = browser.post(NEW, typed_draft(line, customer=chloe))

    draft = Invoice.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == page_of(draft)
    assert (draft.customer, draft.number, draft.revision) == (chloe, None, 1)
    assert (draft.net_minor, draft.vat_minor, draft.gross_minor) == (279113, 55823, 334936)
    stored = draft.lines.get()
    assert (stored.quantity, stored.unit_price, stored.discount_rate) == (
        Decimal("2.5"),
        Decimal("1240.5"),
        Decimal(10),
    )


def test_save_by_htmx_answers_with_the_sums_and_the_new_revision(browser: Client, chloe: Customer) -> None:
    answer = browser.post(NEW, typed_draft({}, {"unit_price": "20"}, customer=chloe), headers=HTMX)

    draft = Invoice.objects.get()
    html = answer.content.decode()
    assert answer["HX-Replace-Url"] == page_of(draft)
    assert f'id="id_invoice" value="{draft.pk}"' in " ".join(html.split())
    assert "144,00\u00a0€" in html
    assert "Enregistré à 10:00" in " ".join(html.split())


def test_line_saved_twice_as_it_was_is_kept(browser: Client, chloe: Customer) -> None:
    browser.post(NEW, typed_draft({}, customer=chloe), headers=HTMX)
    draft = Invoice.objects.get()
    browser.post(page_of(draft), typed_draft({}, customer=chloe, invoice=draft), headers=HTMX)

    draft.refresh_from_db()
    assert (draft.revision, draft.lines.count(), draft.gross_minor) == (2, 1, 12000)


def test_second_save_of_a_new_page_is_the_same_draft(browser: Client, chloe: Customer) -> None:
    browser.post(NEW, typed_draft({}, customer=chloe), headers=HTMX)
    draft = Invoice.objects.get()
    browser.post(NEW, typed_draft({"unit_price": "50"}, customer=chloe, invoice=draft), headers=HTMX)
    assert Invoice.objects.get().gross_minor == 6000


def test_line_saved_again_as_it_is_stays(browser: Client, chloe: Customer) -> None:
    line = {"quantity": "2,5", "unit_price": "75,00", "unit": "h"}
    browser.post(NEW, typed_draft(line, customer=chloe), headers=HTMX)
    draft = Invoice.objects.get()
    again = typed_draft(line, customer=chloe, invoice=draft, order_reference="BC 12")
    browser.post(page_of(draft), again, headers=HTMX)
    draft.refresh_from_db()
    assert (draft.order_reference, draft.revision, draft.net_minor) == ("BC 12", 2, 18750)
    assert draft.lines.get().quantity == Decimal("2.5")


def test_line_left_blank_or_removed_is_not_there(browser: Client, chloe: Customer) -> None:
    blank = {"description": "", "unit_price": ""}
    removed = {"description": "Erreur", "DELETE": "on"}
    browser.post(NEW, typed_draft({}, blank, removed, customer=chloe))
    assert [line.description for line in InvoiceLine.objects.all()] == ["Pose de luminaires"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"quantity": "-3"}, "La quantité ne peut pas être négative."),
        ({"quantity": "beaucoup"}, "Écrivez un nombre, par exemple 1 240,50."),
        ({"unit_price": "1000000000000000"}, "Ce montant est trop grand"),
        ({"unit_price": "-1"}, "Le prix ne peut pas être négatif."),
        ({"discount": "120"}, "Indiquez une remise entre 0 et 100"),
        ({"vat_rate": "19.6"}, "Ce taux de TVA n’existe pas à cette date."),
        ({"description": "x" * 10_000}, "trop longue : 10000 caractères, pour 4000 au plus"),
        ({"description": "Lampe 😀"}, "Retirez ce que nous ne savons pas imprimer : 😀 (U+1F600)."),
        ({"description": "שלום"}, "U+05E9"),
        ({"description": "a\x00b"}, "nul"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_absurd_line_is_refused_at_its_field(
    browser: Client, chloe: Customer, line: dict[str, str], sentence: str, headers: dict[str, str]
) -> None:
    answer = browser.post(NEW, typed_draft({}, line, customer=chloe), headers=headers)
    assert answer.status_code == 422
    errors = answer.content.decode().partition('id="lines-1-errors"')[2].partition("</div>")[0]
    assert sentence in errors
    assert not Invoice.objects.exists()


def test_sum_beyond_all_is_refused_under_the_lines(browser: Client, chloe: Customer) -> None:
    lines = [{"unit_price": "9 000 000 000"}] * 2
    answer = browser.post(NEW, typed_draft(*lines, customer=chloe))
    assert answer.status_code == 422
    assert "Ce montant est trop grand" in answer.content.decode()
    assert not Invoice.objects.exists()


def test_what_was_refused_is_still_on_the_page(browser: Client, chloe: Customer) -> None:
    typed = typed_draft({"description": "Un texte précieux", "quantity": "-3"}, customer=chloe)
    answer = browser.post(NEW, typed)
    assert "Un texte précieux" in answer.content.decode()


def test_another_window_is_told_and_nothing_is_lost(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    stale = typed_draft({"unit_price": "50"}, customer=draft.customer, invoice=draft)
    browser.post(page_of(draft), typed_draft({"unit_price": "70"}, customer=draft.customer, invoice=draft))

    answer = browser.post(page_of(draft), stale, headers=HTMX)
    assert answer.status_code == 409
    assert "modifié dans une autre fenêtre" in answer.content.decode()
    assert Invoice.objects.get().net_minor == 7000

    browser.post(page_of(draft), stale | {"revision": ["1", ""]})
    assert Invoice.objects.get().net_minor == 5000


def test_turning_the_card_on_writes_its_sentence_and_off_takes_it_away(browser: Client, company: Company) -> None:
    draft = make_draft(company, card_allowed=False, mention="Merci de votre confiance.")
    typed = typed_draft({}, customer=draft.customer, invoice=draft, mention=draft.mention, card_allowed="on")
    html = browser.post(page_of(draft), typed, headers=HTMX).content.decode()
    draft.refresh_from_db()
    assert draft.mention == f"{PAY_ONLINE_MENTION}\nMerci de votre confiance."
    assert PAY_ONLINE_MENTION in html

    browser.post(page_of(draft), typed_draft({}, customer=draft.customer, invoice=draft, mention=draft.mention))
    draft.refresh_from_db()
    assert draft.mention == "Merci de votre confiance."


def test_sentence_that_the_person_removed_stays_removed(browser: Client, company: Company) -> None:
    draft = make_draft(company, card_allowed=True, mention=PAY_ONLINE_MENTION)
    browser.post(page_of(draft), typed_draft({}, customer=draft.customer, invoice=draft, card_allowed="on", mention=""))
    draft.refresh_from_db()
    assert (draft.card_allowed, draft.mention) == (True, "")


def test_prices_with_vat(browser: Client, chloe: Customer) -> None:
    browser.post(NEW, typed_draft({"unit_price": "9,99"}, customer=chloe, prices_include_vat="1"))
    draft = Invoice.objects.get()
    assert (draft.net_minor, draft.vat_minor, draft.gross_minor) == (832, 167, 999)


def test_franchise_shows_no_vat_at_all(browser: Client, company: Company, alice: User) -> None:
    change_company(company_id=company.pk, actor_id=alice.pk, now=clock.now(), vat_regime="franchise")
    browser.post(NEW, typed_draft({}, customer=make_customer(company)))
    draft = Invoice.objects.get()
    html = browser.get(page_of(draft)).content.decode()
    sheet = html[html.index('<div class="sheet"') : html.index('id="terms"')]
    assert draft.gross_minor == 10000
    assert "Total à payer" in sheet
    assert not {"TVA", "HT", "TTC"} & set(sheet.replace("<", " ").replace(">", " ").split())


def test_customer_of_another_company_is_not_found(browser: Client, mallory: User) -> None:
    theirs = make_customer(mallory.memberships.get().company)
    answer = browser.post(NEW, typed_draft({}, customer=theirs))
    assert answer.status_code == 422
    assert not Invoice.objects.exists()
    assert browser.get(f"{NEW}?client={theirs.pk}").context["invoice"].customer is None


def test_customer_just_made_is_on_the_invoice(browser: Client, chloe: Customer) -> None:
    assert browser.get(f"{NEW}?client={chloe.pk}").context["invoice"].customer == chloe


@pytest.mark.parametrize(
    ("button", "page"), [("finalise", "controle"), ("preview", "apercu"), ("pick_customer", "client")]
)
def test_button_saves_then_leads_on(browser: Client, chloe: Customer, button: str, page: str) -> None:
    answer = browser.post(NEW, typed_draft({}, customer=chloe, **{button: "1"}), headers=HTMX)
    assert answer["HX-Redirect"] == f"/factures/{Invoice.objects.get().pk}/{page}/"


def test_line_is_added_without_javascript(browser: Client, chloe: Customer) -> None:
    page = browser.post(NEW, typed_draft({}, customer=chloe, **{"add-line": "1"}), follow=True)
    assert page.context["form"].lines.total_form_count() == 2


def test_thrown_away_then_brought_back(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    answer = browser.post(f"/factures/{draft.pk}/supprimer/", follow=True)
    assert "Brouillon supprimé." in answer.content.decode()
    assert f'action="/factures/{draft.pk}/retablir/"' in answer.content.decode()
    assert answer.context["rows"] == []

    browser.post(f"/factures/{draft.pk}/retablir/")
    draft.refresh_from_db()
    assert draft.discarded_at is None


def test_saving_a_thrown_away_draft_says_so(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    discard_draft(company_id=company.pk, invoice_id=draft.pk, now=clock.now())
    answer = browser.post(page_of(draft), typed_draft({"unit_price": "7"}, invoice=draft), headers=HTMX)
    assert answer.status_code == 409
    assert "Ce brouillon a été supprimé." in answer.content.decode()
    assert "Rétablir le brouillon" in browser.get(page_of(draft)).content.decode()
    assert Invoice.objects.get().net_minor == 10000


def test_issued_invoice_is_not_edited(browser: Client, company: Company) -> None:
    issued = make_issued(company)
    assert browser.get(page_of(issued))["Location"] == f"/factures/{issued.pk}/"
    answer = browser.post(page_of(issued), typed_draft({}, customer=issued.customer, invoice=issued))
    assert answer.status_code == 409
    assert "n’est plus modifiable" in answer.content.decode()


def test_five_hundred_lines_are_saved(browser: Client, chloe: Customer) -> None:
    assert browser.post(NEW, typed_draft(*[{}] * 500, customer=chloe)).status_code == 302
    assert InvoiceLine.objects.count() == 500


def test_accountant_does_not_write(company: Company, bob: User, sign_in: SignIn) -> None:
    draft = make_draft(company)
    assert sign_in(bob).get(NEW).status_code == 403
    assert sign_in(bob).post(page_of(draft), typed_draft({}, invoice=draft)).status_code == 403
    assert sign_in(bob).get(f"/factures/{draft.pk}/")["Location"] == f"/factures/{draft.pk}/apercu/"
