"""An accent colour must be readable on white paper."""

from decimal import Decimal

import pytest

from reglo.rendering.accent import AccentTooLight, AccentUnknown, accent_contrast, check_accent


@pytest.mark.parametrize(
    ("accent", "contrast"),
    [("#000000", "21.00"), ("#ffffff", "1.00"), ("#0b7a4b", "5.39"), ("#767676", "4.54"), ("#777777", "4.48")],
)
def test_contrast_is_that_of_wcag(accent: str, contrast: str) -> None:
    assert accent_contrast(accent).quantize(Decimal("0.01")) == Decimal(contrast)


def test_upper_case_is_the_same_colour() -> None:
    assert accent_contrast("#0B7A4B") == accent_contrast("#0b7a4b")


def test_the_lightest_readable_grey_is_accepted_and_the_next_refused() -> None:
    check_accent("#767676")
    with pytest.raises(AccentTooLight) as refusal:
        check_accent("#777777")
    assert "contraste 4,4," in str(refusal.value)


@pytest.mark.parametrize("accent", ["", "green", "#0b7a4", "#0b7a4b0", "#0b7a4g", '#000000"', "#0b7a4b\n"])
def test_what_is_not_a_colour_is_refused(accent: str) -> None:
    with pytest.raises(AccentUnknown):
        accent_contrast(accent)
