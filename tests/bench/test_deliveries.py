"""What the part of the badly told charges posts."""

from random import Random

from bench.deliveries import TIMES, Told, repeated


def test_every_charge_is_told_so_many_times_and_each_of_its_events_at_least_once() -> None:
    told = [
        Told(3 * charge + event, f"evt_{charge}_{event}", f"cs_{charge}", "")
        for charge in range(4)
        for event in range(3)
    ]

    posted = repeated(told, Random(1))

    assert len(posted) == 4 * TIMES
    assert set(posted) == set(told)
    assert [sum(one.charge == f"cs_{charge}" for one in posted) for charge in range(4)] == [TIMES] * 4
    assert posted != sorted(posted, key=lambda one: one.delivery)
