"""Alice's browser, and what a page says to the person who reads it."""

import html
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from reglo.companies.models import Company, User
from tests.payments.conftest import account, running, stripe, world  # noqa: F401 (fixtures)


@pytest.fixture(autouse=True)
def _nobody_tried_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def browser(alice: User, company: Company) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def said(answer: Any) -> str:
    """The page as read: entities resolved, ordinary spaces, one at a time."""
    return " ".join(html.unescape(answer.content.decode()).split())
