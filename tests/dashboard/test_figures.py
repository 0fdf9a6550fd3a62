from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from reglo.dashboard.forms.figures import AmountField, FigureField, typed
from reglo.money import Money

FIELD = FigureField(max_digits=17, decimal_places=4, required=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 240,50", "1240.50"),
        ("1\u202f240,50\u00a0€", "1240.50"),
        ("1.240,50", "1240.50"),
        ("1,240.50", "1240.50"),
        ("1240.5", "1240.5"),
        (",5", "0.5"),
        ("-3", "-3"),
        ("\u22123", "-3"),
        ("20 %", "20"),
    ],
)
def test_figure_is_read_as_a_person_types_it(text: str, value: str) -> None:
    assert FIELD.clean(text) == Decimal(value)


@pytest.mark.parametrize("text", ["abc", "1e15", "NaN", "Infinity", "٣", "1,2,3.4.5", "--2", "0x10"])
def test_what_is_not_a_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValidationError, match=r"Écrivez un nombre, par exemple 1 240,50\."):
        FIELD.clean(text)


@pytest.mark.parametrize("text", ["1000000000000000", "9" * 10_000])
def test_absurd_figure_is_too_large(text: str) -> None:
    with pytest.raises(ValidationError, match="Ce nombre est trop grand"):
        FIELD.clean(text)


def test_nothing_typed_is_nothing() -> None:
    assert FIELD.clean("  ") is None


def test_amount_is_money() -> None:
    assert AmountField().clean("1 240,50") == Money(124050, "EUR")


@pytest.mark.parametrize(("text", "sentence"), [("-1", "montant positif"), ("1,234", "deux décimales")])
def test_amount_is_positive_and_to_the_cent(text: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        AmountField().clean(text)


def test_figure_is_shown_as_it_would_be_typed() -> None:
    assert typed(Decimal("1240.5000"), 2) == "1\u202f240,50"
    assert typed(Decimal("2.5000")) == "2,5"
    assert typed(Decimal("0.0835"), 2) == "0,0835"
    with translation.override("en"):
        assert typed(Decimal("1240.5"), 2) == "1\u202f240.50"


def test_what_is_shown_is_read_back_the_same() -> None:
    for text in ("1240.5", "0.0001", "9999999999999.9999", "1000"):
        assert FIELD.clean(typed(Decimal(text), 2)) == Decimal(text)


def test_a_comma_is_read_in_the_reader_s_language():
    field = FigureField(max_digits=12, decimal_places=4)

    with translation.override("en"):
        english = [field.clean(text) for text in ("1,240", "1,240.50", "12,5", "1,240,000")]
    french = [field.clean(text) for text in ("1,240", "1 240,50", "12,5")]

    assert english == [Decimal(1240), Decimal("1240.50"), Decimal("12.5"), Decimal(1240000)]
    assert french == [Decimal("1.240"), Decimal("1240.50"), Decimal("12.5")]
