"""How the tour reads a page."""

import pytest

from sandbox.page import Page, Unexpected, read_page

ADDRESS = "http://localhost:8000/factures/nouvelle/"


def page(html: str) -> Page:
    return read_page(ADDRESS, f"<!DOCTYPE html><head><title>Titre</title></head><body>{html}</body>")


def test_words_are_read_on_one_line_with_plain_spaces_and_apostrophes():
    read = page("<p>Payer\n 1\u202f240,00\xa0€ <b>aujourd’hui</b></p><script>no()</script><template>no</template>")

    assert read.text == "Payer 1 240,00 € aujourd'hui"


def test_a_field_is_found_by_its_label_beside_or_around_it_or_by_its_name_for_screen_readers():
    read = page(
        "<form><label for='a'>Objet</label><input id='a' name='subject'>"
        "<label>Remise <input name='discount'></label><input name='quantity' aria-label='Quantité'>"
        "<label for='n'>Note <span>facultatif</span></label><textarea id='n' name='note'>\nbonjour</textarea></form>"
    )

    fields = read.forms[0].fields
    assert [(field.label, field.name, field.value) for field in fields] == [
        ("Objet", "subject", ""),
        ("Remise", "discount", ""),
        ("Quantité", "quantity", ""),
        ("Note", "note", "bonjour"),
    ]


def test_an_exact_label_wins_over_one_that_begins_so():
    form = page("<form><input name=a aria-label='Adresse e-mail'><input name=b aria-label='Adresse'></form>").forms[0]

    form.fill("Adresse", "1 rue")

    assert [(field.name, field.value) for field in form.fields] == [("a", ""), ("b", "1 rue")]


def test_one_choice_of_several_is_made():
    form = page(
        "<form><label><input type=radio name=kind value=p checked>Professionnel</label>"
        "<label><input type=radio name=kind value=c>Particulier</label></form>"
    ).forms[0]

    form.fill("Particulier", True)

    assert [(field.value, field.counts) for field in form.fields] == [("p", False), ("c", True)]


def test_a_list_is_answered_by_the_words_of_its_options():
    form = page(
        "<form><select name=rate aria-label=TVA><option value='20.00'>20 %</option><option value='10.00'>10 %</option>"
        "</select></form>"
    ).forms[0]
    assert form.fields[0].value == "20.00"

    form.fill("TVA", "10")

    assert form.fields[0].value == "10.00"
    with pytest.raises(Unexpected) as surprise:
        form.fill("TVA", "19")
    assert surprise.value.seen == "« 20 % », « 10 % »"


def test_a_button_of_another_place_belongs_to_the_form_that_it_names():
    read = page(
        "<form id=pay action='/payer' method=post></form>"
        "<button form=pay name=fill value=42 formaction='/remplir'>4242</button><button type=button>Rien</button>"
    )

    form, button = read.form("4242")

    assert (form.action, form.method) == ("/payer", "post")
    assert (button.name, button.value, button.action) == ("fill", "42", "/remplir")
    with pytest.raises(Unexpected, match="un bouton « Rien »"):
        read.form("Rien")


def test_a_link_is_absolute_and_may_be_a_picture_with_a_name():
    read = page("<a href='../7/envoyer/' aria-label='Envoyer F2026-0001'><svg></svg></a>")

    assert read.link("Envoyer F2026") == "http://localhost:8000/factures/7/envoyer/"
    with pytest.raises(Unexpected) as surprise:
        read.link("Payer")
    assert surprise.value.expected == "un lien « Payer » sur /factures/nouvelle/"
    assert surprise.value.seen == "« Envoyer F2026-0001 »"


def test_a_page_that_leads_on_by_itself_says_where():
    read = read_page(ADDRESS, '<head><meta http-equiv="refresh" content="0; url=/ailleurs"></head>')

    assert read.leads_to == "http://localhost:8000/ailleurs"
    assert page("<p>ici</p>").leads_to == ""


def test_a_missing_sentence_is_told_with_what_is_there():
    with pytest.raises(Unexpected) as surprise:
        page("<h1>À payer</h1>").expect("Payée")

    assert surprise.value.expected == "« Payée » sur /factures/nouvelle/"
    assert surprise.value.seen == "« À payer »"
