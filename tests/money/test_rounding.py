from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reglo.money import allocate, round_half_up


@pytest.mark.parametrize(
    ("value", "rounded"), [("2.5", 3), ("2.4999", 2), ("-2.5", -3), ("0.5", 1), ("-0.4", 0), ("3", 3)]
)
def test_half_up(value: str, rounded: int):
    assert round_half_up(Decimal(value)) == rounded


def test_the_largest_remainders_take_the_last_cents():
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(5, [3, 7]) == [2, 3]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]


def test_weights_of_zero_give_all_to_the_first():
    assert allocate(7, [0, 0]) == [7, 0]


def test_a_negative_weight_is_refused():
    with pytest.raises(ValueError, match="no negative"):
        allocate(7, [1, -1])


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**12), min_size=1, max_size=50))
def test_a_split_loses_nothing(total: int, weights: list[int]):
    parts = allocate(total, weights)

    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)
    whole = sum(weights)
    if whole:
        assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))
