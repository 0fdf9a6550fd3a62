"""Tokens are given once and kept as their hash; addresses that carry one are built here alone."""

import hashlib

from django.conf import settings
from django.urls import reverse


def hash_token(token: str) -> str:
    """SHA-256, hexadecimal. A token has 256 random bits: no salt nor slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_address(token: str) -> str:
    """The whole address of a secure link, from the one public address of the installation."""
    return f"{settings.BASE_URL}{reverse('portal:open_link', args=[token])}"
