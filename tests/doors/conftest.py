"""A full house, and the browsers of everybody who may knock at it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from reglo.companies.models import Company, User
from reglo.payments.models import ProviderAccount
from tests.harness.full_house import FullHouse, full_house
from tests.harness.stripe_world import StripeWorld
from tests.payments.conftest import account, running, stripe, world  # noqa: F401 (fixtures)

Knock = Callable[..., Any]


@pytest.fixture(autouse=True)
def nobody_tried_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def guides(tmp_path: Path, settings: Any) -> Path:
    """A guide of one page and one picture."""
    (tmp_path / "images").mkdir()
    (tmp_path / "index.md").write_text("# Aide\n", encoding="utf-8")
    (tmp_path / "images" / "image.png").write_bytes(b"\x89PNG")
    settings.GUIDES_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def house(
    company: Company,
    alice: User,
    account: ProviderAccount,  # noqa: F811 (the fixture)
    stripe: StripeWorld,  # noqa: F811 (the fixture)
    settings: Any,
    guides: Path,
    request: pytest.FixtureRequest,
) -> FullHouse:
    """Its documents are in French, unless the module says `DOCUMENTS_IN`."""
    settings.PAYMENT_PAGE_ORIGINS = frozenset({stripe.sandbox.url})
    return full_house(
        company=company, owner=alice, account=account, language=getattr(request.module, "DOCUMENTS_IN", "fr")
    )


class Visitor:
    """One browser whose cookies are those of its arrival at each knock: what the knock before changed is forgotten."""

    def __init__(self, client: Client) -> None:
        self.client, self.cookies = client, client.cookies.copy()

    def knock(self, method: str, address: str, **options: Any) -> Any:
        self.client.cookies = self.cookies.copy()
        return self.client.generic(method, address, **options)

    def post(self, address: str, fields: dict[str, str], **options: Any) -> Any:
        self.client.cookies = self.cookies.copy()
        return self.client.post(address, fields, **options)
