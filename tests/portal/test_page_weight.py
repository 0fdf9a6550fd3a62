"""The page that earns the money is light: at most 52 kB gzipped, all in."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders

from reglo.invoicing.models import Invoice
from tests.portal.conftest import Browser


def test_the_payment_page_weighs_at_most_52_kb(payable: Invoice, browser: Browser) -> None:
    page = browser.client.get(browser.page).content
    paths = re.findall(rb'(?:href|src)="/static/([^"]+)"', page)
    assert any(b"htmx" in path for path in paths)
    assert len(paths) >= 8
    weight = len(gzip.compress(page))
    for path in paths:
        found = finders.find(path.decode())
        assert isinstance(found, str), path
        weight += len(gzip.compress(Path(found).read_bytes()))
    assert weight <= 52_000


def test_nothing_comes_from_elsewhere(payable: Invoice, browser: Browser) -> None:
    page = browser.client.get(browser.page).content.decode()
    loaded = re.findall(r'<(?:script|img|link|iframe|form)[^>]+(?:src|href|action)="([^"]+)"', page)
    assert loaded
    assert [address for address in loaded if not address.startswith(("/", "data:"))] == []
    assert " style=" not in page
    assert "<script>" not in page
