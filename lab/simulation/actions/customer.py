"""The customers: several browsers, *Payer* pressed twice, an old page paid, a stranger's address tried."""

import re

from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from lab.outside.house import Page
from lab.simulation.actions.table import Actions
from lab.simulation.reading import read
from lab.simulation.stage import Browser, Stage

ACTIONS = Actions("customer")
LINK = re.compile(r"/p/l/[\w-]+")
PROOF = re.compile(rb"[0-9a-f]{32}\.[0-9a-f]{64}")
PAGE = re.compile(rb"checkout\.stripe\.com/c/pay/(cs_[0-9a-f]+)")
DOCUMENT = re.compile(r"/p/factures/([0-9a-f-]{36})")


@ACTIONS.add(8)
def open_link(stage: Stage) -> None:
    if found := _letter(stage):
        customer, path = found
        _open(stage, stage.browser(customer, stage.draw.randint(0, 1)), path)


@ACTIONS.add(2)
def scanner(stage: Stage) -> None:
    """A mail scanner opens the link, reads ahead, and posts whatever form it finds, without its proof."""
    if found := _letter(stage):
        customer, path = found
        stranger = Client(SERVER_NAME="localhost", SERVER_PORT="8000")
        stranger.head(path)
        answer = stranger.get(path)
        read(stage, customer, answer)
        if match := DOCUMENT.search(answer.headers.get("Location", "")):
            unproven = stranger.post(reverse("portal:pay", args=[match[1]]))
            if unproven.status_code not in {403, 404}:
                stage.faults.append(f"proof: a form without its proof was answered {unproven.status_code}")


@ACTIONS.add(5)
def look(stage: Stage) -> None:
    if browser := _with_document(stage):
        document = stage.draw.choice(browser.documents)
        read(stage, browser.customer, browser.client.get(reverse("portal:invoice", args=[document])))


@ACTIONS.add(1)
def keep_paper(stage: Stage) -> None:
    if browser := _with_document(stage):
        document = stage.draw.choice(browser.documents)
        paper = stage.draw.choice(("portal:invoice_paper", "portal:duplicate_paper"))
        read(stage, browser.customer, browser.client.get(reverse(paper, args=[document])))


@ACTIONS.add(12)
def pay(stage: Stage) -> None:
    for _ in range(3):  # until one is found that can be paid
        browser = _with_document(stage)
        if browser is None or _press_pay(stage, browser, stage.draw.choice(browser.documents), times=1):
            return


@ACTIONS.add(3)
def pay_twice(stage: Stage) -> None:
    if browser := _with_document(stage):
        _press_pay(stage, browser, stage.draw.choice(browser.documents), times=2)


@ACTIONS.add(12)
def card(stage: Stage) -> None:
    """On the hosted page: paid, refused, or by a debit that takes days. Any page ever shown, as long as it is open."""
    house, now = stage.outside.house, stage.outside.clock.true
    if not _shown_and_open(stage):
        pay(stage)
    open_pages = _shown_and_open(stage)
    if not open_pages:
        return
    page = stage.draw.choice(open_pages)
    match stage.draw.choice(("pay", "pay", "pay", "pay", "refuse", "debit")):
        case "pay":
            house.pay(page, now=now, draw=stage.draw)
        case "refuse":
            house.refuse(page, now=now, draw=stage.draw)
        case "debit":
            house.debit(page, now=now, draw=stage.draw)


@ACTIONS.add(5)
def come_back(stage: Stage) -> None:
    """From the hosted page, by its own address, in this browser or in the bank's."""
    browsers = [browser for browser in stage.browsers.values() if browser.pages]
    if not browsers:
        return
    browser = stage.draw.choice(browsers)
    page = stage.outside.house.pages[stage.draw.choice(browser.pages)]
    address = stage.draw.choice((page.success, page.success, page.cancel)).removeprefix("http://localhost:8000")
    client = browser.client if stage.draw.random() < 0.7 else Client(SERVER_NAME="localhost", SERVER_PORT="8000")
    read(stage, browser.customer, client.get(address))


@ACTIONS.add(3)
def try_a_strangers(stage: Stage) -> None:
    """The address of somebody else's document, without having been given it."""
    owners = [browser for browser in stage.browsers.values() if browser.documents]
    others = list(stage.browsers.values())
    if not owners:
        return
    owner, other = stage.draw.choice(owners), stage.draw.choice(others)
    document = stage.draw.choice(owner.documents)
    if owner.customer == other.customer:
        return
    answer = other.client.get(reverse("portal:invoice", args=[document]))
    read(stage, other.customer, answer)
    if answer.status_code != 404:
        stage.faults.append(f"I8: {other.customer} got {answer.status_code} for a document of {owner.customer}")


def _shown_and_open(stage: Stage) -> list[Page]:
    """Every hosted page that somebody was sent to and may still pay on."""
    shown = [page for browser in stage.browsers.values() for page in browser.pages]
    return [stage.outside.house.pages[page] for page in shown if stage.outside.house.pages[page].state == "open"]


def _letter(stage: Stage) -> tuple[str, str] | None:
    """A mail that arrived: to whom, and the path of its link."""
    letters = [mail for mail in stage.outside.mail.taken if not mail.to.startswith("owner@")]  # theirs are alerts
    if not letters:
        return None
    mail = stage.draw.choice(letters)
    match = LINK.search(mail.text)
    assert match, "every mail carries its link"
    return mail.to, match[0]


def _open(stage: Stage, browser: Browser, path: str) -> None:
    answer = browser.client.get(path)
    read(stage, browser.customer, answer)
    match = DOCUMENT.search(answer.headers.get("Location", ""))
    if match is None:
        return
    if match[1] not in browser.documents:
        browser.documents.append(match[1])
    read(stage, browser.customer, browser.client.get(match[0]))


def _with_document(stage: Stage) -> Browser | None:
    """A browser that was shown a document; it opens its mail first where none was."""
    browsers = [browser for browser in stage.browsers.values() if browser.documents]
    if not browsers or stage.draw.random() < 0.3:
        open_link(stage)
        browsers = [browser for browser in stage.browsers.values() if browser.documents]
    return stage.draw.choice(browsers) if browsers else None


def _press_pay(stage: Stage, browser: Browser, document: str, *, times: int) -> bool:
    """Whether the page offered it. A document that is shown no more is forgotten."""
    shown = browser.client.get(reverse("portal:invoice", args=[document]))
    read(stage, browser.customer, shown)
    if shown.status_code == 404:
        browser.documents.remove(document)
        return False
    proof = PROOF.search(shown.content)
    if proof is None or reverse("portal:pay", args=[document]).encode() not in shown.content:
        return False
    for _ in range(times):
        answer: HttpResponseBase = browser.client.post(
            reverse("portal:pay", args=[document]), {"preuve": proof[0].decode()}
        )
        if answer.status_code == 303:
            answer = browser.client.get(answer.headers["Location"])
        read(stage, browser.customer, answer)
        match = PAGE.search(getattr(answer, "content", b""))
        if match and match[1].decode() not in browser.pages:
            browser.pages.append(match[1].decode())
    return True
