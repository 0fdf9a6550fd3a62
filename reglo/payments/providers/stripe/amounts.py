"""Stripe's whole numbers are ISO 4217 minor units, with exceptions."""

from reglo.money import Money, exponent

# Stripe keeps two decimals, always zero, for a currency that has none (docs.stripe.com/currencies, special cases).
_STRIPE_EXPONENTS = {"ISK": 2}


def to_stripe(money: Money) -> int:
    return money.minor * _factor(money.currency)


def from_stripe(amount: int, currency: str) -> Money:
    """`currency` in any case. Raises UnknownCurrency."""
    code = currency.upper()
    whole, cut = divmod(amount, _factor(code))
    assert not cut, f"Stripe gave {amount} {code}, finer than the currency"
    return Money(whole, code)


def _factor(currency: str) -> int:
    iso = exponent(currency)
    return int(10 ** (_STRIPE_EXPONENTS.get(currency, iso) - iso))
