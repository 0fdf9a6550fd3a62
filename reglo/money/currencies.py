"""ISO 4217 exponents: how many decimals the minor unit of a currency has."""

from reglo.errors import RegloError

# The currencies that our provider settles or that a French small business invoices in; an unknown one is refused.
_EXPONENTS = {
    "EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "CAD": 2, "AUD": 2, "NZD": 2, "SEK": 2, "NOK": 2, "DKK": 2, "PLN": 2,
    "CZK": 2, "HUF": 2, "RON": 2, "BGN": 2, "ISK": 0, "JPY": 0, "KRW": 0, "XPF": 0, "XOF": 0, "XAF": 0,
    "TND": 3, "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "MAD": 2, "DZD": 2, "TRY": 2, "BRL": 2, "MXN": 2, "SGD": 2,
    "HKD": 2, "CNY": 2, "INR": 2, "AED": 2, "ILS": 2, "ZAR": 2, "THB": 2,
}  # fmt: skip


class UnknownCurrency(RegloError):
    code = "unknown_currency"
    message = "La devise « %(currency)s » n’est pas prise en charge."


def exponent(currency: str) -> int:
    """Decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for TND. Raises UnknownCurrency."""
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrency(currency=currency) from None
