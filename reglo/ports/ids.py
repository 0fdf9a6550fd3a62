"""The one place that draws random identifiers and tokens."""

import base64
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_bytes: Callable[[int], bytes] = secrets.token_bytes


def new_uuid() -> uuid.UUID:
    """A random UUID (version 4): an identifier, not a secret."""
    return uuid.UUID(bytes=_bytes(16), version=4)


def new_token() -> str:
    """A secret of 256 bits, URL-safe, 43 characters."""
    return _urlsafe(_bytes(32))


def random_bytes(length: int) -> bytes:
    return _bytes(length)


@contextmanager
def use(source: Callable[[int], bytes]) -> Iterator[None]:
    """Draw from `source(length)` for the duration: the lab replays a seed."""
    global _bytes
    before, _bytes = _bytes, source
    try:
        yield
    finally:
        _bytes = before


def _urlsafe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
