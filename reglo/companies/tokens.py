"""One-time links: the bearer holds a token of 256 bits, we keep its hash."""

import hashlib

from reglo.ports import ids


def new_token() -> tuple[str, str]:
    """A token to show once, and the hash to keep."""
    token = ids.new_token()
    return token, token_hash(token)


def token_hash(token: str) -> str:
    """SHA-256, hexadecimal: a token this long needs no slower hash."""
    return hashlib.sha256(token.encode()).hexdigest()
