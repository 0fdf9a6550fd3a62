"""A person at a keyboard, without a browser: opens pages, follows links, fills forms by what is written on them."""

import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin

from sandbox.page import Page, Unexpected, read_page

MOST_REFRESHES = 5
TIMEOUT_SECONDS = 60
# A refusal is a page that a person reads; any other error is the end of the visit.
REFUSALS = frozenset({402, 403, 409, 410, 422})


class Visitor:
    """One browser with its own cookies."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, url: str, given: list[tuple[str, str]] | None = None) -> Page:
        """GET, or POST what is `given`; redirections followed. Raises Unexpected unless a page answers."""
        page = self._page(url, urlencode(given).encode() if given is not None else None)
        for _ in range(MOST_REFRESHES):
            if page.leads_to:
                page = self._page(page.leads_to)
        return page

    def follow(self, page: Page, link: str) -> Page:
        return self.open(page.link(link))

    def press(self, page: Page, button: str, typed: dict[str, str | bool] | None = None) -> Page:
        """Fill the fields named by their labels, press the button, and see the next page."""
        form, pressed = page.form(button)
        for label, value in (typed or {}).items():
            form.fill(label, value)
        given = [(control.name, control.value) for control in form.fields if control.counts]
        if pressed.name:
            given.append((pressed.name, pressed.value))
        address = urljoin(page.url, pressed.action or form.action or page.url)
        if form.method == "get":
            return self.open(f"{address.split('?')[0]}?{urlencode(given)}")
        return self.open(address, given)

    def file(self, url: str, given: dict[str, str] | None = None) -> bytes:
        """What is downloaded from an address; POST when something is `given`."""
        return self._ask(url, urlencode(given).encode() if given is not None else None)[1]

    def _page(self, url: str, data: bytes | None = None) -> Page:
        answer, body = self._ask(url, data)
        return read_page(answer.url, body.decode("utf-8", errors="replace"))

    def _ask(self, url: str, data: bytes | None = None) -> tuple[Any, bytes]:
        request = urllib.request.Request(url, data=data, headers={"Accept-Language": "fr"})  # noqa: S310 (loopback)
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer, answer.read()
        except urllib.error.HTTPError as error:
            body = error.read()
            if error.code in REFUSALS:
                return error, body
            said = read_page(url, body.decode("utf-8", errors="replace")).text
            raise Unexpected(f"une page à {url}", f"erreur {error.code}, « {said[:800]} »") from error
        except OSError as error:
            raise Unexpected(f"une réponse de {url}", str(error)) from error
