"""An amount as a person types it from a paper: « 1 240,00 € », « 1240 », « 1.240,00 »."""

import re
from decimal import Decimal

from reglo.money import AmountTooLarge, Money

_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_TYPED = re.compile(r"(?P<whole>[0-9]{1,13})(?:[.,](?P<cents>[0-9]{1,2}))?")
_GROUPED = re.compile(r"(?<=\d)[.,](?=\d{3}(?:[.,]|$))")


def typed_amount(text: str, *, currency: str = "EUR") -> Money | None:
    """The amount, None where none can be read."""
    bare = _SPACES.sub("", text).upper().removesuffix("€").removesuffix(currency).removeprefix("€")
    found = _TYPED.fullmatch(_GROUPED.sub("", bare))
    if found is None:
        return None
    try:
        return Money.from_decimal(Decimal(f"{found['whole']}.{found['cents'] or '0'}"), currency)
    except AmountTooLarge:
        return None
