"""The usual units of a French business, as data: what a line proposes, and the code that an e-invoice wants (BT-130).

Any other unit may be typed: it is printed as it is, and is « one » (C62) to a machine.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """`symbol` is printed; `code` is that of UN/ECE recommendation 20."""

    symbol: str
    code: str


UNITS = (
    Unit("h", "HUR"),
    Unit("j", "DAY"),
    Unit("semaine", "WEE"),
    Unit("mois", "MON"),
    Unit("an", "ANN"),
    Unit("forfait", "LS"),
    Unit("u", "C62"),
    Unit("pièce", "H87"),
    Unit("lot", "SET"),
    Unit("ensemble", "SET"),
    Unit("m", "MTR"),
    Unit("ml", "LM"),  # mètre linéaire
    Unit("m²", "MTK"),
    Unit("m³", "MTQ"),
    Unit("kg", "KGM"),
    Unit("t", "TNE"),
    Unit("L", "LTR"),
    Unit("km", "KMT"),
    Unit("kWh", "KWH"),
)
ONE = "C62"


def unit_code(symbol: str) -> str:
    """The code of a unit as it was typed; that of « one » for what is not in the list."""
    typed = symbol.strip().casefold()
    return next((unit.code for unit in UNITS if unit.symbol.casefold() == typed), ONE)
