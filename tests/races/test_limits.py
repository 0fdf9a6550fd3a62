"""A burst of tries: exactly as many pass as the limit says, whatever the engine."""

import pytest

from reglo.portal.models import TryCount
from reglo.portal.rate_limits import Limit, TooManyTries
from tests.harness.racing import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_burst_passes_as_often_as_the_limit_says():
    limit = Limit("essai", most=5, seconds=600)

    raised = in_threads(*[lambda: limit.count("192.0.2.1")] * 16)

    assert [type(error) for error in raised] == [TooManyTries] * 11
    assert TryCount.objects.get().counted == 16
