import pytest
from django.db import OperationalError, transaction

from reglo.database.retry import RETRIES, retry_on_conflict, run_verb

pytestmark = pytest.mark.django_db(transaction=True)


class Conflict(Exception):
    """As psycopg raises it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


class Verb:
    """Fails the first `failures` times with this SQLSTATE, then returns how often it was run."""

    def __init__(self, failures: int, sqlstate: str = "40001") -> None:
        self.failures = failures
        self.sqlstate = sqlstate
        self.runs = 0

    def __call__(self) -> int:
        self.runs += 1
        if self.runs <= self.failures:
            raise OperationalError("conflict") from Conflict(self.sqlstate)
        return self.runs


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_conflict_is_run_again(sqlstate: str):
    assert run_verb(Verb(failures=2, sqlstate=sqlstate)) == 3


def test_three_retries_and_no_more():
    verb = Verb(failures=10)

    with pytest.raises(OperationalError):
        run_verb(verb)

    assert verb.runs == 1 + RETRIES == 4


def test_another_error_is_not_a_conflict():
    verb = Verb(failures=1, sqlstate="55P03")

    with pytest.raises(OperationalError):
        run_verb(verb)

    assert verb.runs == 1


def test_inside_a_transaction_the_retry_belongs_to_the_outer_verb():
    verb = Verb(failures=1)

    with pytest.raises(OperationalError), transaction.atomic():
        run_verb(verb)

    assert verb.runs == 1


def test_the_decorator_passes_arguments_and_value_through():
    runs = []

    @retry_on_conflict
    def pay(amount: int, *, currency: str) -> str:
        runs.append(amount)
        if len(runs) == 1:
            raise OperationalError("conflict") from Conflict("40P01")
        return f"{amount} {currency}"

    assert pay(12, currency="EUR") == "12 EUR"
    assert runs == [12, 12]
