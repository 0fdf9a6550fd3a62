"""The dashboard's quotes: typed on the invoices' own sheet, listed, finalised, answered, revised, invoiced."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from reglo.companies.models import Company, User
from reglo.customers.models import Customer
from reglo.dashboard.quote_sentences import quote_story
from reglo.dashboard.views import quotes
from reglo.delivery.models import MailSettings, Message
from reglo.delivery.states import MessageState
from reglo.invoicing.models import Invoice, Quote
from reglo.invoicing.services import revise_quote
from reglo.invoicing.states import QuoteStatus
from reglo.ports import clock as clock_port
from tests.dashboard.conftest import SignIn
from tests.dashboard.typing_a_draft import typed_draft
from tests.delivery.conftest import mail_settings  # noqa: F401 (fixture)
from tests.factories import accept, line, make_customer, make_quote, make_quote_draft, option
from tests.harness.frozen_clock import FrozenClock

NEW = "/devis/nouveau/"
HTMX: dict[str, Any] = {"HX-Request": "true"}


def typed_quote(*lines: dict[str, str], quote: Quote | None = None, **head: Any) -> dict[str, Any]:
    """What the editor posts: an invoice's head without its card, with the terms of a quote."""
    typed = typed_draft(*lines, **head)
    del typed["invoice"], typed["card_limit"]
    revision = quote.latest.revision if quote and quote.latest else 0
    return {
        "quote": quote.pk if quote else "",
        "revision": revision,
        "valid_days": "30",
        "work_place": "",
        "fee": "",
        "deposit_rate": "",
        "deposit": "",
        **{name: value for name, value in typed.items() if name != "revision"},
    }


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def test_looking_at_a_new_quote_writes_nothing(browser: Client):
    answer = browser.get(NEW)

    assert answer.status_code == 200
    assert "Finaliser le devis" in words(answer)
    assert not Quote.objects.exists()


def test_the_first_save_creates_the_quote_with_its_options_and_terms(browser: Client, chloe: Customer):
    posted = typed_quote(
        {"unit_price": "100"},
        {"unit_price": "50", "optional": "on"},
        customer=chloe,
        work_place="4 rue Neuve, Lyon",
        valid_days="45",
        deposit_rate="30",
        fee="20",
    )

    answer = browser.post(NEW, posted)

    quote = Quote.objects.get()
    version = quote.latest
    assert version is not None
    assert (answer.status_code, answer["Location"]) == (302, f"/devis/{quote.pk}/modifier/")
    assert (quote.customer, quote.number, quote.status) == (chloe, None, QuoteStatus.DRAFT)
    assert (version.work_place, version.valid_days, version.deposit_rate, version.fee_minor) == (
        "4 rue Neuve, Lyon",
        45,
        30,
        20_00,
    )
    assert [row.optional for row in version.lines.order_by("rank")] == [False, True]
    assert version.gross_minor == 120_00


def test_a_save_by_htmx_answers_with_the_sums_without_the_options(browser: Client, chloe: Customer):
    posted = typed_quote({}, {"unit_price": "50", "optional": "on"}, customer=chloe, deposit_rate="30")

    answer = browser.post(NEW, posted, headers=HTMX)

    quote = Quote.objects.get()
    text = words(answer)
    assert answer["HX-Replace-Url"] == f"/devis/{quote.pk}/modifier/"
    assert f'name="quote" id="id_quote" value="{quote.pk}"' in text
    assert "120,00 €" in text
    assert "Acompte à la commande" in text
    assert "36,00 €" in text


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ({"valid_days": "0"}, "entre 1 et 730 jours"),
        ({"deposit_rate": "30", "deposit": "10"}, "en pourcentage ou en euros"),
        ({"deposit_rate": "101"}, "100"),
    ],
)
def test_what_is_absurd_is_said_at_its_field(browser: Client, head: dict[str, str], sentence: str):
    answer = browser.post(NEW, typed_quote({}, **head))

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not Quote.objects.exists()


def test_the_check_then_the_number_then_the_page(browser: Client, company: Company):
    quote = make_quote_draft(company)

    check = browser.get(f"/devis/{quote.pk}/controle/")
    issued = browser.post(f"/devis/{quote.pk}/finaliser/")
    browser.post(f"/devis/{quote.pk}/finaliser/")
    page = browser.get(issued["Location"])

    assert "Il recevra son numéro" in words(check)
    assert Quote.objects.get().number == "ESSAI-D2026-0001"
    assert "Devis ESSAI-D2026-0001" in words(page)
    assert "Valable jusqu’au 22 décembre 2026" in words(page)
    assert "Noter la réponse" in words(page)


def test_the_check_lists_what_is_missing_with_its_page(browser: Client, company: Company):
    quote = make_quote_draft(company, lines=[], customer=make_customer(company, address=""))

    answer = browser.post(f"/devis/{quote.pk}/finaliser/")

    assert answer.status_code == 422
    assert f'href="/devis/{quote.pk}/modifier/#lines"' in answer.content.decode()
    assert f"?devis={quote.pk}#id_address" in answer.content.decode()
    assert Quote.objects.get().number is None


def test_a_member_finalises_a_quote_and_an_accountant_does_not(
    company: Company, david: User, bob: User, sign_in: SignIn
):
    quote = make_quote_draft(company)

    assert sign_in(bob).post(f"/devis/{quote.pk}/finaliser/").status_code == 403
    assert sign_in(david).post(f"/devis/{quote.pk}/finaliser/").status_code == 302
    assert Quote.objects.get().number == "ESSAI-D2026-0001"


def test_the_list_has_words_as_filters(browser: Client, company: Company, clock: FrozenClock):
    make_quote(company, lines=[line(description="Expiré")], valid_days=1)
    clock.advance(days=5)
    make_quote_draft(company, lines=[line(description="Au brouillon")])
    make_quote(company, lines=[line(description="En attente")])
    accept(make_quote(company, lines=[line(description="Conclu")]))

    def listed(word: str) -> set[str]:
        text = words(browser.get("/devis/", {"etat": word}))
        return {subject for subject in ("Expiré</small>", "Au brouillon", "En attente", "Conclu") if subject in text}

    assert listed("tout") == {"Expiré</small>", "Au brouillon", "En attente", "Conclu"}
    assert listed("brouillons") == {"Au brouillon"}
    assert listed("envoyes") == {"En attente"}
    assert listed("acceptes") == {"Conclu"}
    assert listed("expires") == {"Expiré</small>"}
    assert "Aucun devis dans cet état" in words(browser.get("/devis/", {"etat": "refuses"}))


def test_the_empty_list_says_what_to_do(browser: Client):
    assert "Écrire mon premier devis" in words(browser.get("/devis/"))


def test_a_number_or_a_name_is_found(browser: Client, company: Company, chloe: Customer):
    make_quote(company, lines=[line(description="Cuisine")], customer=make_customer(company))
    make_quote(company, lines=[line(description="Salon")], customer=chloe)

    assert "Salon" in words(browser.get("/devis/", {"q": "chloé b"}))
    found = words(browser.get("/devis/", {"q": "1"}))
    assert "Cuisine" in found
    assert "Salon" not in found


def test_pages_follow_one_another(browser: Client, company: Company, monkeypatch: pytest.MonkeyPatch):
    for number in range(5):
        make_quote_draft(company, lines=[line(description=f"Pose {number}")], now=_at(number))
    monkeypatch.setattr("reglo.dashboard.paging.SIZE", 2)
    page_of = quotes.page_of
    monkeypatch.setattr(quotes, "page_of", lambda asked, fetch, token: page_of(asked, fetch, token, size=2))

    first = browser.get("/devis/")
    second = browser.get("/devis/" + first.context["page"].older)
    third = browser.get("/devis/" + second.context["page"].older)
    back = browser.get("/devis/" + third.context["page"].newer)

    shown = [[row.subject for row in answer.context["rows"]] for answer in (first, second, third, back)]
    assert shown == [["Pose 4", "Pose 3"], ["Pose 2", "Pose 1"], ["Pose 0"], ["Pose 2", "Pose 1"]]


def _at(number: int) -> Any:
    return clock_port.now() + timedelta(minutes=number)


def test_a_new_version_is_typed_while_the_old_one_stays(browser: Client, company: Company):
    quote = make_quote(company)

    browser.post(f"/devis/{quote.pk}/version/")
    editor = browser.get(f"/devis/{quote.pk}/modifier/")
    quote = Quote.objects.select_related("latest", "customer").get()
    browser.post(
        f"/devis/{quote.pk}/modifier/", typed_quote({"unit_price": "200"}, quote=quote, customer=quote.customer)
    )
    page = browser.get(f"/devis/{quote.pk}/")
    browser.post(f"/devis/{quote.pk}/finaliser/")

    quote = Quote.objects.select_related("offered").get()
    assert "version 2" in words(editor)
    assert "Une nouvelle version est en préparation" in words(page)
    assert quote.offered is not None
    assert (quote.offered.number, quote.offered.gross_minor, quote.number) == (2, 240_00, "ESSAI-D2026-0001")


def test_a_version_is_dropped_after_a_question(browser: Client, company: Company):
    quote = make_quote(company)
    revise_quote(company_id=company.pk, quote_id=quote.pk, now=clock_port.now())

    asked = browser.get(f"/devis/{quote.pk}/version/abandonner/")
    browser.post(f"/devis/{quote.pk}/version/abandonner/")

    assert "sera perdu" in words(asked)
    assert quote.versions.count() == 1


def test_a_draft_is_thrown_away_and_comes_back(browser: Client, company: Company):
    quote = make_quote_draft(company)

    browser.post(f"/devis/{quote.pk}/supprimer/")
    assert "Pose de luminaires" not in words(browser.get("/devis/"))
    browser.post(f"/devis/{quote.pk}/retablir/")

    assert "Pose de luminaires" in words(browser.get("/devis/"))


def test_staff_write_down_an_answer(browser: Client, company: Company, alice: User):
    quote = make_quote(company, lines=[line(), option("50")])
    typed = {
        "outcome": "accepted",
        "channel": "phone",
        "given_on": "2026-11-22",
        "name": "Claire",
        "options": ["2"],
        "note": "Rappeler lundi",
    }

    answer = browser.post(f"/devis/{quote.pk}/reponse/", typed)

    decision = quote.decisions.get()
    assert answer.status_code == 302
    assert (decision.outcome, decision.channel, decision.gross_minor) == ("accepted", "phone", 180_00)
    assert (decision.recorded_by, decision.note) == (alice, "Rappeler lundi")
    page = words(browser.get(f"/devis/{quote.pk}/"))
    assert "Accepté par téléphone par Claire, le 22 novembre 2026" in page
    assert "Reste à facturer" in page


def test_an_answer_dated_tomorrow_is_refused_at_its_field(browser: Client, company: Company):
    quote = make_quote(company)
    typed = {"outcome": "accepted", "channel": "phone", "given_on": "2026-11-23", "name": "", "note": ""}

    answer = browser.post(f"/devis/{quote.pk}/reponse/", typed)

    assert answer.status_code == 422
    assert "entre celle du devis et aujourd’hui" in words(answer)
    assert not quote.decisions.exists()


def test_an_accepted_quote_becomes_invoices_and_says_what_remains(browser: Client, company: Company):
    quote = make_quote(company)
    accept(quote)

    asked = browser.get(f"/devis/{quote.pk}/facturer/")
    first = browser.post(f"/devis/{quote.pk}/facturer/", {"rate-1": "30"})
    refused = browser.post(f"/devis/{quote.pk}/facturer/", {"rate-1": "71"})
    browser.post(f"/devis/{quote.pk}/facturer/", {"rate-1": "70"})

    assert "Il reste 100,00 € à facturer" in words(asked)
    assert first["Location"] == f"/factures/{Invoice.objects.earliest('id').pk}/modifier/"
    assert (refused.status_code, "il reste 70 % à facturer" in words(refused)) == (422, True)
    assert [invoice.net_minor for invoice in Invoice.objects.order_by("id")] == [30_00, 70_00]
    assert browser.get(f"/devis/{quote.pk}/facturer/").status_code == 302
    assert "En brouillon" in words(browser.get(f"/devis/{quote.pk}/"))


def test_a_cancelled_quote_says_so(browser: Client, company: Company):
    quote = make_quote(company)

    assert "ne pourra plus l’accepter" in words(browser.get(f"/devis/{quote.pk}/annuler/"))
    browser.post(f"/devis/{quote.pk}/annuler/")

    assert Quote.objects.get().status == QuoteStatus.CANCELLED


def test_a_duplicate_opens_in_the_editor(browser: Client, company: Company):
    quote = make_quote(company)

    answer = browser.post(f"/devis/{quote.pk}/dupliquer/")

    assert answer["Location"] == f"/devis/{Quote.objects.latest('id').pk}/modifier/"


@pytest.mark.usefixtures("mail_settings")
def test_the_prepared_mail_is_changed_and_queued(browser: Client, company: Company):
    quote = make_quote(company)

    shown = words(browser.get(f"/devis/{quote.pk}/envoyer/"))
    message = Message.objects.get()
    typed = {"to": "claire@fontaine.test", "subject": "Notre devis", "body": "Bonjour,\n\n[Lire]", "attach_pdf": "on"}
    browser.post(f"/devis/{quote.pk}/envoyer/", typed)

    assert "Devis ESSAI-D2026-0001 – Atelier Lumen – 120,00 €, valable jusqu’au 22 décembre 2026" in shown
    message.refresh_from_db()
    assert (message.quote, message.state, message.subject) == (quote, MessageState.QUEUED, "Notre devis")


def test_the_story_is_told_in_sentences(company: Company, mail_settings: MailSettings):  # noqa: F811 (the fixture)
    quote = make_quote(company)
    accept(quote)

    told = [sentence.text.replace("\u00a0", " ") for sentence in quote_story(quote)]
    assert told == [
        "Accepté en ligne par Claire Fontaine, 120,00 €",
        "Finalisé sous le numéro ESSAI-D2026-0001, 120,00 €",
    ]


def test_another_company_sees_nothing(company: Company, mallory: User, sign_in: SignIn):
    quote = make_quote(company)

    assert sign_in(mallory).get(f"/devis/{quote.pk}/").status_code == 404
    assert sign_in(mallory).post(f"/devis/{quote.pk}/annuler/").status_code == 404
