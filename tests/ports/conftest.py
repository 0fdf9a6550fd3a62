import pytest


@pytest.fixture(autouse=True)
def clock() -> None:
    """These tests are about the clock port itself: it stays as it is."""
