from reglo.catalog.units import UNITS, unit_code


def test_a_known_unit_has_its_code_however_it_is_typed():
    assert [unit_code(symbol) for symbol in ("h", " H ", "m²", "ml", "forfait")] == ["HUR", "HUR", "MTK", "LM", "LS"]


def test_any_other_unit_is_one():
    assert unit_code("palette") == unit_code("") == "C62"


def test_each_symbol_is_there_once_and_fits_its_field():
    symbols = [unit.symbol.casefold() for unit in UNITS]

    assert len(set(symbols)) == len(symbols)
    assert max(map(len, symbols)) <= 20
