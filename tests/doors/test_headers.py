"""What every answer says to the browser, whoever asks; and what only asking must never do."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.architecture.route_expectations import ACCOUNT
from tests.doors.conftest import Visitor
from tests.harness.full_house import FullHouse
from tests.harness.routes import Route, routes
from tests.harness.rows import differences, everything, taken_back

CSP = {
    *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"),
    *("connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"),
    "manifest-src 'self'",
}
DRAWN = ("rendering_rendereddocument", "files_storedfile", "events_event", "events_eventcontent")
# The first look prepares a mail with its link, or gives the browser its session: safe to repeat, and counted here.
PREPARED_AT_A_LOOK = {
    **{
        f"dashboard:invoice_{name}": {"delivery_message", "delivery_portallink"} for name in ("send", "link", "pay_now")
    },
    **{f"dashboard:quote_{name}": {"delivery_message", "delivery_portallink"} for name in ("send", "link")},
    # A file that is wanted before the worker drew it is drawn by the same function.
    **{name: {*DRAWN} for name in ("dashboard:invoice_pdf", "portal:invoice_paper", "portal:credit_note_paper")},
    # The payer is back: the provider is asked, and its answer applied; a scanner that follows the link does no harm.
    "portal:come_back": {"payments_paymentattempt"},
    "portal:gave_up": {"payments_paymentattempt"},
    # allauth's copy of an address.
    "account_reset_password_from_key": {"account_emailaddress"},
    "account_reauthenticate": {"account_emailaddress"},
}


def pages(house: FullHouse, who: str, method: str = "GET") -> list[tuple[Route, Any]]:
    """The answer of every route to `who`; nothing that it wrote stays."""
    visitor = Visitor(house.browser(who))
    answers = []
    for route in routes():
        with taken_back():
            answers.append((route, visitor.knock(method, house.address(route))))
    return answers


@pytest.mark.parametrize("who", ["owner", "customer", "nobody"])
def test_every_answer_is_locked_down(house: FullHouse, who: str):
    loose = {}
    for route, answer in pages(house, who):
        headers = answer.headers
        wrong = []
        if {part.strip() for part in headers.get("Content-Security-Policy", "").split(";")} != CSP:
            wrong.append("CSP")
        if headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append("nosniff")
        if headers.get("Referrer-Policy") != ("no-referrer" if route.name == "portal:open_link" else "same-origin"):
            wrong.append(f"referrer {headers.get('Referrer-Policy')}")
        if "Server" in headers or "X-Powered-By" in headers:
            wrong.append("names its server")
        if wrong:
            loose[route.name] = wrong

    assert loose == {}


# Guides hold nothing private; a picture of a page and the logo stay in one's own browser, for an hour.
KEPT_A_WHILE = {
    f"dashboard:{name}" for name in ("help", "guide", "guide_picture", "invoice_page", "quote_page", "logo")
}


@pytest.mark.parametrize("who", ["owner", "customer"])
def test_pages_papers_and_links_are_never_kept_by_a_cache(house: FullHouse, who: str):
    kept = {}
    for route, answer in pages(house, who):
        private = (
            route.name.startswith(("portal:", "dashboard:")) or answer.headers.get("Content-Type") == "application/pdf"
        )
        bearer = route.name == "public_payment" or (route.name in ACCOUNT and answer.status_code == 200)
        if route.name in KEPT_A_WHILE:
            continue
        asked = answer.status_code != 405  # the page of a wrong method says nothing of anybody
        if asked and (private or bearer) and "no-store" not in answer.headers.get("Cache-Control", ""):
            kept[route.name] = (answer.status_code, answer.headers.get("Cache-Control"))

    assert kept == {}


def test_every_cookie_is_out_of_reach_of_scripts_and_of_other_sites(house: FullHouse):
    loose = set()
    for who in ("owner", "customer", "nobody"):
        for _route, answer in pages(house, who):
            loose |= {
                name
                for name, cookie in answer.cookies.items()
                if cookie["max-age"] != 0
                and (not cookie["httponly"] or cookie["samesite"] != "Lax" or cookie["domain"])
            }

    assert loose == set()


@pytest.mark.parametrize("who", ["owner", "customer", "nobody"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_only_asking_changes_nothing(house: FullHouse, who: str, method: str):
    visitor = Visitor(house.browser(who))
    before, changed = everything(), {}
    for route in routes():
        with taken_back():
            visitor.knock(method, house.address(route))
            tables = set(differences(before, everything())) - PREPARED_AT_A_LOOK.get(route.name, set())
        if tables:
            changed[route.name] = tables

    assert changed == {}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE"])
def test_other_methods_change_nothing_and_are_no_fault(house: FullHouse, method: str):
    visitor = Visitor(house.browser("owner"))
    before, wrong = everything(), {}
    for route in routes():
        with taken_back():
            answer = visitor.knock(method, house.address(route))
            tables = set(differences(before, everything())) - PREPARED_AT_A_LOOK.get(route.name, set())
        if tables or (answer.status_code >= 500 and route.name != "health_ready"):
            wrong[route.name] = (answer.status_code, tables)

    assert wrong == {}


@pytest.mark.parametrize("address", ["/reessayer/1/", "/p/factures/{public_id}/payer", "/compte/desactive/"])
def test_a_wrong_method_is_told_on_a_page(house: FullHouse, address: str):
    client = house.browser("owner")
    address = address.format(public_id=house.objects["public_id"])
    answer = client.post(address) if "desactive" in address else client.get(address)

    assert answer.status_code == 405
    assert "Action impossible ici" in answer.content.decode()
    assert answer.headers["Allow"]


@pytest.mark.parametrize(
    "host", ["mal.test", "localhost.mal.test", "localhost:8000@mal.test", "127.0.0.1", "[::1]", ""]
)
def test_a_forged_host_is_refused(house: FullHouse, host: str):
    for address in ("/", "/compte/connexion/", "/payer", "/compte/mot-de-passe/oublie/"):
        answer = Client(raise_request_exception=False).get(address, headers={"Host": host})
        assert answer.status_code == 400
        assert host not in answer.content.decode() or not host


def test_forwarded_headers_of_a_stranger_are_not_believed(house: FullHouse):
    forged = {"X-Forwarded-Host": "mal.test", "X-Forwarded-Proto": "https", "Forwarded": "host=mal.test"}
    for address in ("/", "/compte/connexion/", "/payer"):
        answer = Client().get(address, headers=forged)
        assert "mal.test" not in answer.content.decode()
        assert "mal.test" not in answer.headers.get("Location", "")


ELSEWHERE = (
    *(
        "https://mal.test/",
        "//mal.test",
        "///mal.test",
        "/\\mal.test",
        "\\\\mal.test",
        "http:mal.test",
        "javascript:alert(1)",
    ),
    *("https:///mal.test", "/%09/mal.test", "\t//mal.test", " //mal.test", "https://localhost:8000@mal.test/"),
)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_link_of_ours_leads_elsewhere(house: FullHouse, elsewhere: str):
    """`next=` wherever it is read: signing in and out, the choice of a company, taking a change back, the factors."""
    person = house.people["owner"]
    signing_in = Client()
    typed = {"login": person.email, "password": "une phrase de passe", "next": elsewhere}
    visitor = Visitor(house.browser("owner"))
    undo = house.address_of("dashboard:undo_change", "event_id")
    query = {"next": elsewhere}
    answers = [signing_in.post("/compte/connexion/", typed)]
    with taken_back():
        answers.append(visitor.post("/entreprises/", {"company": str(house.company.pk), "next": elsewhere}))
        answers.append(visitor.post("/compte/deconnexion/", query))
    visitor = Visitor(house.browser("owner"))
    answers.append(visitor.client.post(undo, query_params=query))
    answers.append(visitor.client.get("/compte/connexion/", query_params=query))
    answers.append(visitor.client.get("/compte/confirmer/", query_params=query))

    for answer in answers:
        location = answer.headers.get("Location", "/")
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))


def test_a_page_larger_than_accepted_is_told(house: FullHouse):
    body = "x=" + "a" * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = house.browser("owner").post("/compte/", body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413
    assert "Envoi trop volumineux" in answer.content.decode()


@pytest.mark.parametrize("address", ["/compte/connexion/", "/p/verifier", "/payer", "/factures/nouvelle/"])
@pytest.mark.parametrize("who", ["owner", "nobody"])
def test_a_file_larger_than_any_we_take_is_refused_unread(house: FullHouse, who: str, address: str):
    unread = BytesIO(b"--x")
    answer = house.browser(who).generic(
        "POST",
        address,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="8000001",
        **{"wsgi.input": unread},
    )

    assert answer.status_code == 413
    assert "Envoi trop volumineux" in answer.content.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert unread.tell() == 0
