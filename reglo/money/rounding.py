"""The only place that rounds (half-up, CIBS L131-2) and the only one that splits an amount."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def round_half_up(value: Decimal) -> int:
    """Nearest integer, halves away from zero: 2.5 → 3, -2.5 → -3."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` minor units in proportion to non-negative `weights`, losing nothing (largest remainder).

    Ties go to the earliest part. With weights that are all zero the first part takes everything.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("allocate wants at least one weight and no negative one")
    whole = sum(weights)
    if whole == 0:
        return [total] + [0] * (len(weights) - 1)
    sign = -1 if total < 0 else 1
    exact = [divmod(abs(total) * weight, whole) for weight in weights]
    parts = [quotient for quotient, _ in exact]
    missing = abs(total) - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda index: (-exact[index][1], index))
    for index in by_remainder[:missing]:
        parts[index] += 1
    assert sum(parts) == abs(total), "a split lost or made money"
    return [sign * part for part in parts]
