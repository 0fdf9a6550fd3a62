from collections.abc import Callable

import pytest
from django.test import Client

from reglo.companies.models import User

SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A browser where this person is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def browser(alice: User, company: object, sign_in: SignIn) -> Client:
    """Alice's, in her company."""
    return sign_in(alice)
