from typing import Any

import pytest
from django.test import RequestFactory

from reglo.portal.models import TryCount
from reglo.portal.rate_limits import Limit, TooManyTries, visitor
from reglo.portal.tasks import forget_tries
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock

pytestmark = pytest.mark.django_db
THREE = Limit("essai", most=3, seconds=600)


def times(number: int, who: str = "192.0.2.1") -> None:
    for _try in range(number):
        THREE.count(who)


def test_the_fourth_of_three_is_refused_until_the_window_ends(clock: FrozenClock):
    times(3)
    with pytest.raises(TooManyTries):
        THREE.count("192.0.2.1")
    THREE.count("192.0.2.2")
    clock.advance(minutes=10)
    times(3)


def test_a_try_that_succeeded_is_taken_back():
    for _try in range(10):
        THREE.count("192.0.2.1")
        THREE.take_back("192.0.2.1")

    assert TryCount.objects.get().counted == 0


def test_a_try_whose_window_ended_takes_nothing_from_the_next(clock: FrozenClock):
    times(1)
    clock.advance(minutes=10)
    times(1)
    THREE.take_back("192.0.2.1")

    THREE.take_back("192.0.2.1")

    assert sorted(TryCount.objects.values_list("counted", flat=True)) == [0, 1]


def test_windows_that_ended_are_forgotten(clock: FrozenClock):
    times(1)
    forget_tries(now=clock_port.now())
    assert TryCount.objects.count() == 1

    clock.advance(minutes=10)
    forget_tries(now=clock_port.now())

    assert not TryCount.objects.exists()


def test_no_address_of_a_visitor_is_kept():
    times(1, "192.0.2.1")

    assert "192.0.2.1" not in str(list(TryCount.objects.values()))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "198.51.100.7", "192.0.2.1"),  # nobody in front of us: the header is the visitor's own words
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        (1, "1.1.1.1, 2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),  # one visitor has 64 bits of addresses
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "😀", "😀"),
    ],
)
def test_a_visitor_is_who_the_trusted_proxies_say(settings: Any, proxies: int, forwarded: str, seen: str):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="192.0.2.1")

    assert visitor(request) == seen
