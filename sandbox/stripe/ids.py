"""Names of things, in the shapes that the API gives them."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def token(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_id(prefix: str, length: int = 24) -> str:
    """`prefix` such as "cus", or "evt_1" where the first characters of the rest never change."""
    return f"{prefix}{'' if '_' in prefix else '_'}{token(length)}"
