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
from tests.factories import line, make_customer, make_draft, make_issued

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


def tokens(page: Any) -> list[str]:
    [line] = page.context["form"].lines.forms
    return [token for _family, choices in line.fields["vat_rate"].choices for token, _words in choices]


def test_vat_is_chosen_in_words(browser: Client, company: Company) -> None:
    page = browser.get(NEW)

    html = page.content.decode()
    assert tokens(page)[:5] == ["20", "10", "5.5", "2.1", "reverse_construction"]
    assert "oss" not in tokens(page)
    assert "Autoliquidation, prestation intracommunautaire" in html
    assert "Exonéré : formation professionnelle" in html


def test_a_company_of_la_reunion_sees_its_own_rates(browser: Client, company: Company) -> None:
    Company.objects.update(postal_code="97400")
    assert tokens(browser.get(NEW))[:4] == ["8.5", "2.1", "1.75", "1.05"]


def test_what_is_chosen_is_stored_as_category_and_reason(browser: Client, chloe: Customer) -> None:
    browser.post(NEW, typed_draft({"vat_rate": "training"}, {"vat_rate": "10"}, customer=chloe))
    assert list(InvoiceLine.objects.order_by("rank").values_list("vat_category", "vat_rate", "exemption")) == [
        ("E", 0, "training"),
        ("S", 10, ""),
    ]
    page = browser.get(page_of(Invoice.objects.get()))
    assert [line["vat_rate"].value() for line in page.context["form"].lines.forms] == ["training", "10"]


def german(company: Company) -> Customer:
    return make_customer(company, name="Berg GmbH", country="DE", siren="", vat_number="DE136695976")


def test_the_proposal_follows_the_customer(browser: Client, company: Company) -> None:
    page = browser.get(f"{NEW}?client={german(company).pk}")
    [line] = page.context["form"].lines.forms
    assert line["vat_rate"].value() == "reverse_eu_services"


def test_what_was_proposed_follows_a_new_customer_and_what_was_chosen_stays(browser: Client, company: Company) -> None:
    lines: list[dict[str, str]] = [{}, {"nature": "goods"}, {"vat_rate": "10"}]
    browser.post(NEW, typed_draft(*lines, customer=make_customer(company)))
    draft = Invoice.objects.get()

    answer = browser.post(page_of(draft), typed_draft(*lines, customer=german(company), invoice=draft), headers=HTMX)

    stored = list(draft.lines.order_by("rank").values_list("exemption", "vat_rate"))
    assert stored == [("reverse_eu_services", 0), ("intra_eu_goods", 0), ("", 10)]
    assert answer["HX-Refresh"] == "true"  # the selects of the page still show the former customer's
    draft.refresh_from_db()
    again = typed_draft({"vat_rate": "20"}, customer=draft.customer, invoice=draft)
    browser.post(page_of(draft), again, headers=HTMX)
    assert draft.lines.get().vat_rate == 20


def test_the_one_stop_shop_takes_the_rate_of_the_country_or_the_one_typed(browser: Client, company: Company) -> None:
    Company.objects.update(oss=True)
    belgian = make_customer(company, name="Jan Peeters", kind="consumer", country="BE", siren="")
    lines = [{"vat_rate": "oss"}, {"vat_rate": "oss", "oss_rate": "6"}]
    browser.post(NEW, typed_draft(*lines, customer=belgian))
    assert list(InvoiceLine.objects.order_by("rank").values_list("vat_rate", flat=True)) == [21, 6]


@pytest.mark.parametrize(("rate", "sentence"), [("31", "Indiquez un taux entre 0 et 30"), ("-1", "pas être négatif")])
def test_an_absurd_rate_of_another_country_is_refused(
    browser: Client, company: Company, chloe: Customer, rate: str, sentence: str
) -> None:
    Company.objects.update(oss=True)
    answer = browser.post(NEW, typed_draft({"vat_rate": "oss", "oss_rate": rate}, customer=chloe))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Invoice.objects.exists()


def test_a_treatment_that_is_offered_no_more_stays_on_its_line(browser: Client, company: Company) -> None:
    draft = make_draft(company, lines=[line("100", vat="21", exemption="oss")])
    assert tokens(browser.get(page_of(draft)))[-1] == "oss"


def test_where_goods_go_is_kept(browser: Client, chloe: Customer) -> None:
    place = {"delivery_address": "2 quai Nord", "delivery_postal_code": "59000", "delivery_city": "Lille"}
    browser.post(NEW, typed_draft({"nature": "goods"}, customer=chloe, **place, delivery_country="BE"))
    draft = Invoice.objects.get()
    assert (draft.delivery_lines, draft.delivery_country) == (["2 quai Nord", "59000 Lille"], "BE")


def test_certified_works_are_asked_of_a_building_company_alone(browser: Client, company: Company) -> None:
    assert "id_works_certified" not in browser.get(NEW).content.decode()

    Company.objects.update(trades="building")
    assert "id_works_certified" in browser.get(NEW).content.decode()
    browser.post(NEW, typed_draft({}, customer=make_customer(company), works_certified="on"))
    assert Invoice.objects.get().works_certified
