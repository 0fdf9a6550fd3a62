"""Words that a browser, a template, a typesetter or a spreadsheet could obey, in every field: they are only words."""

import csv
import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core import mail
from django.db import models

from reglo.catalog.models import Product
from reglo.companies.models import Company, User
from reglo.customers.models import Customer
from reglo.delivery.models import MailSettings
from reglo.delivery.services import MailText, create_link, prepare_message, queue_message
from reglo.events.models import Reaction
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.models import ProviderAccount
from reglo.payments.services import record_collection
from reglo.payments.states import Method
from reglo.ports import clock
from reglo.rendering.services import duplicate_pdf, invoice_pdf
from tests.delivery.conftest import mail_settings  # noqa: F401 (fixture)
from tests.doors.conftest import Visitor
from tests.factories import line, make_customer, make_draft, make_issued
from tests.harness.full_house import FullHouse
from tests.harness.routes import routes
from tests.harness.rows import taken_back
from tests.rendering.printed import text_of

HTML = '"><script>alert(1)</script>'
TEMPLATE = "{{7*7}}{% debug %}"
TYPST = "#panic(1) $x$ *a* @b `c`"
FORMULA = '=HYPERLINK("http://mal.test")'
WORDS = f"{HTML}{TEMPLATE}{TYPST}"
LINK = "javascript:alert(1)"
# Not free text: read by a machine, or chosen among values.
NOT_WORDS = {
    *("password", "currency", "country", "time_zone", "accent_colour", "siren", "siret", "vat_number", "iban", "bic"),
    *("external_id", "provider", "mode", "state", "email", "from_address", "sealed_password", "sealed_secrets"),
    *("cursor", "unit", "postal_code", "vat_regime", "legal_form", "kind", "nature", "security", "host"),
}


def spoil(row: models.Model) -> None:
    """Hostile words in every free text of `row`, as long as it takes."""
    for field in row._meta.concrete_fields:
        if not isinstance(field, models.CharField | models.TextField) or field.name in NOT_WORDS or field.choices:
            continue
        words = LINK if field.name == "website" else WORDS
        type(row)._default_manager.filter(pk=row.pk).update(**{field.name: words[: field.max_length or None]})
    row.refresh_from_db()


@pytest.fixture
def spoilt(house: FullHouse, mail_settings: MailSettings) -> FullHouse:  # noqa: F811 (the fixture)
    """The house with hostile words everywhere, on issued and paid documents too."""
    company = house.company
    for row in (company, *house.people.values(), mail_settings, *ProviderAccount.objects.all()):
        spoil(row)
    for model in (Customer, Product):
        for row in model.objects.filter(company=company):
            spoil(row)
    Reaction.objects.filter(pk=house.objects["reaction_id"]).update(last_error=WORDS)
    company = Company.objects.get(pk=company.pk)
    customer = make_customer(company, phone="javascript:alert(1)", notes=WORDS, contact_name=WORDS)
    Customer.objects.filter(pk=customer.pk).update(name=WORDS, address=WORDS, address_more=WORDS, city=WORDS)
    customer.refresh_from_db()
    terms: dict[str, Any] = {
        "customer": customer,
        "mention": WORDS,
        "order_reference": HTML,
        "lines": [line(description=WORDS, unit=HTML[:20])],
        "card_allowed": True,
    }
    invoice = make_issued(company, **terms)
    paid = collected(make_issued(company, **terms), house.people["owner"])
    link = create_link(company_id=company.pk, invoice_id=invoice.pk, now=clock.now())
    draft = make_draft(company, **terms)
    house.objects.update(customer_id=customer.pk, invoice_id=invoice.pk, public_id=link.link.id)
    house.objects.update({key: draft.pk for key in house.objects if re.fullmatch(r"dashboard:\w+\.invoice_id", key)})
    house.objects["dashboard:invoice_duplicate.invoice_id"] = paid.pk
    house.links["customer"] = link.token
    return house


def collected(invoice: Invoice, by: User) -> Invoice:
    record_collection(
        company_id=invoice.company_id,
        invoice_id=invoice.pk,
        amount_minor=invoice.gross_minor,
        method=Method.CHEQUE,
        collected_on=clock.now().date(),
        note=WORDS,
        now=clock.now(),
        actor_id=by.pk,
    )
    return Invoice.objects.get(pk=invoice.pk)


class Obeyed(HTMLParser):
    """What a browser would run of a page: inline scripts, handlers, links that are programs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script" and dict(attrs).get("type") != "application/json"
        for name, value in attrs:
            if name.startswith("on") or (
                name in {"href", "src", "action"} and (value or "").strip().startswith("javascript:")
            ):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False


def obeyed(page: str) -> list[str]:
    parser = Obeyed()
    parser.feed(page)
    return parser.found


# Where the words must be seen, or the crawl proves nothing.
SEEN = {
    "owner": {
        *("dashboard:home", "dashboard:invoices", "dashboard:invoice_edit", "dashboard:invoice_check"),
        *("dashboard:customers", "dashboard:customer", "dashboard:customer_edit", "dashboard:products"),
        *("dashboard:product_edit", "dashboard:collections", "dashboard:collections_month", "dashboard:ledger"),
        *("dashboard:settings_company", "dashboard:people", "dashboard:invoice_send", "dashboard:invoice_pay_now"),
        *("dashboard:settings_documents", "dashboard:stripe_confirm", "dashboard:account", "dashboard:member"),
    },
    "customer": {"portal:invoice", "portal:come_back"},
    "nobody": {"dashboard:invitation"},
}


@pytest.mark.parametrize("who", SEEN)
def test_no_page_obeys_them(spoilt: FullHouse, who: str):
    visitor = Visitor(spoilt.browser(who))
    obeying, seen = {}, set()
    for route in routes():
        with taken_back():
            answer = visitor.knock("GET", spoilt.address(route))
        page = b"".join(answer).decode(errors="replace")
        if answer.status_code >= 500 and route.name != "health_ready":
            obeying[route.name] = [str(answer.status_code)]
        elif answer.headers.get("Content-Type", "").startswith("text/html"):
            obeying[route.name] = obeyed(page)
            seen |= {route.name} if "alert(1)" in page else set()

    assert {name: found for name, found in obeying.items() if found} == {}
    assert SEEN[who] - seen == set()


def test_a_refused_form_obeys_no_more(spoilt: FullHouse):
    client = spoilt.browser("owner")
    fields = {"name": WORDS, "siren": HTML, "vat_number": HTML, "kind": HTML, "email": WORDS, "country": HTML}
    pages = [
        client.post("/clients/nouveau/", fields),
        client.post("/configuration/banque/", {"iban": HTML, "bic": HTML}),
        client.post("/payer", {"number": HTML, "total": HTML}),
        client.get("/factures/", query_params={"q": WORDS, "etat": HTML}),
        client.get("/clients/", query_params={"q": WORDS}),
        client.post("/compte/connexion/", {"login": WORDS, "password": HTML, "next": HTML}),
        client.get(f"/nulle-part/{HTML}"),
    ]
    assert [obeyed(page.content.decode()) for page in pages] == [[]] * len(pages)


def test_papers_print_them(spoilt: FullHouse):
    invoice = Invoice.objects.get(pk=spoilt.objects["invoice_id"])
    paid = Invoice.objects.get(pk=spoilt.objects["dashboard:invoice_duplicate.invoice_id"])
    for pdf in (invoice_pdf(invoice=invoice, now=clock.now()), duplicate_pdf(invoice=paid)):
        printed = re.sub(r"\s", "", text_of(pdf))
        assert re.sub(r"\s", "", WORDS) in printed


def test_mails_quote_them(spoilt: FullHouse):
    invoice = Invoice.objects.get(pk=spoilt.objects["invoice_id"])
    prepared = prepare_message(company_id=invoice.company_id, invoice_id=invoice.pk, now=clock.now())
    text = MailText(
        to="claire@fontaine.test", subject=prepared.subject, body=f"{prepared.body}\n{WORDS}", attach_pdf=False
    )
    queue_message(company_id=invoice.company_id, message_id=prepared.pk, text=text, actor_id=None, now=clock.now())
    run_until_idle()

    [sent] = [one for one in mail.outbox if one.subject == prepared.subject]  # beside the receipts of the house
    [(html, _kind)] = sent.alternatives
    assert obeyed(str(html)) == []
    assert "{{7*7}}" in str(html)
    assert WORDS in str(sent.body)


def test_a_spreadsheet_computes_none_of_them(spoilt: FullHouse):
    company = Company.objects.get(pk=spoilt.company.pk)
    for start in ("=", "+", "-", "@", "\t="):
        customer = make_customer(company, name=f"{start}{FORMULA}")
        collected(make_issued(company, customer=customer), spoilt.people["owner"])
    answer = spoilt.browser("owner").get("/encaissements/mois.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    amounts = re.compile(r"-?\d+(,\d\d)?")

    assert len(rows) >= 7
    assert [cell for row in rows for cell in row if cell[:1] in {*"=+-@\t\r"} and not amounts.fullmatch(cell)] == []
    assert sum("HYPERLINK" in cell for row in rows for cell in row) == 5
