"""What *Contrôle avant émission* finds: something missing, or something to look at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A document with a blocking problem is not issued; a doubtful one is shown apart, and may be right."""

    BLOCKING = "blocking"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Problem:
    """`place` is where it is mended: company, accounts, customer, lines, invoice; `field` the field there."""

    place: str
    field: str
    message: str
    severity: Severity = Severity.BLOCKING


def doubt(place: str, field: str, message: str) -> Problem:
    return Problem(place, field, message, Severity.DOUBTFUL)


def blocking(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity is Severity.BLOCKING]


def doubtful(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity is Severity.DOUBTFUL]
