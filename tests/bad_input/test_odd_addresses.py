"""Whatever is typed in the address bar: an answer, never a fault."""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.doors.conftest import (  # noqa: F401 (fixtures)
    Visitor,
    account,
    guides,
    house,
    nobody_tried_before,
    running,
    stripe,
    world,
)
from tests.harness.full_house import FullHouse
from tests.harness.routes import routes
from tests.harness.rows import taken_back

# Every name that a view reads from the query, and what should never stand there.
ASKED = (
    *("q", "apres", "avant", "etat", "mois", "ligne", "line", "line-description"),
    *("invoice", "facture", "client", "next", "state", "code"),
)
ODD = (
    "\0",
    "9" * 25,
    "9" * 5000,
    "-1",
    "²",
    "٣",
    "'; --",
    "1-" + "9" * 30,
    "9" * 17 + "-1",
    "//mal.test",
    "9999-12",
    "😀",
)
ODD_NUMBERS = ("9" * 25, "9" * 5000, str(2**63), "0")
# Files: they read no query, and are slow to draw.
NEVER_ASK = {f"dashboard:invoice_{name}" for name in ("pdf", "duplicate", "preview_pages")}
FIT_TO_SERVE = {"health_ready"}  # 503: no worker runs in a test


def without_a_fault(answer: object, name: str) -> bool:
    return getattr(answer, "status_code", 500) < 500 or name in FIT_TO_SERVE


def test_odd_queries_are_answered(house: FullHouse):  # noqa: F811 (the fixture)
    visitor = Visitor(house.browser("owner"))
    faults = []
    for route in routes():
        if route.name in NEVER_ASK:
            continue
        for odd in ODD:
            with taken_back():
                query = urlencode(dict.fromkeys(ASKED, odd), errors="surrogatepass")
                answer = visitor.knock("GET", f"{house.address(route)}?{query}")
                if not without_a_fault(answer, route.name):
                    faults.append((route.name, odd[:30]))

    assert faults == []


def test_numbers_beyond_every_row_are_not_found(house: FullHouse):  # noqa: F811 (the fixture)
    visitor = Visitor(house.browser("owner"))
    wrong = {}
    for route in routes():
        address = house.address(route)
        for odd in ODD_NUMBERS:
            far = re.sub(r"/\d+(?=/|\.png)", f"/{odd}", address)
            for method in ("GET", "POST") if far != address else ():
                with taken_back():
                    status = visitor.knock(method, far).status_code
                if status not in {404, 405, 409} and not route.name.startswith("mfa_"):
                    wrong[method, route.name, odd[:30]] = status

    assert wrong == {}


@pytest.mark.parametrize("address", ["/factures/%00", "/hooks/stripe/%00", "/p/l/%00", "/factures/?q=%00"])
def test_a_null_character_is_unreadable(house: FullHouse, address: str):  # noqa: F811 (the fixture)
    assert house.browser("owner").get(address).status_code == 400


@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_an_address_that_a_browser_invents_leads_home(db: None, header: str):
    headers = {header: "http://[mal", **({"HX-Request": "true"} if header != "Referer" else {})}
    answer = Client().post("/factures/", headers=headers)

    assert answer.headers.get("Location", answer.headers.get("HX-Redirect")) == "/compte/connexion/?next=%2F"


def test_a_file_under_another_name_is_no_invoice_to_verify(db: None):
    answer = Client().post("/p/verifier", {"autre": SimpleUploadedFile("facture.pdf", b"%PDF")})

    assert answer.status_code == 422
    assert "Ce champ est obligatoire." in answer.content.decode()
