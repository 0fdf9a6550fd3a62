"""A running sandbox for each test, and the official SDK to talk to it, with every request and answer checked on the wire."""

from collections.abc import Callable, Iterator

import pytest
import stripe

from sandbox.server import RunningSandbox, start
from sandbox.stripe import seed
from tests.contracts.stripe.wire import CheckedWire
from tests.sandbox.receiver import Receiver

Client = Callable[..., stripe.StripeClient]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    directory = tmp_path_factory.mktemp("sandbox")
    world = start(directory, clock_file=directory / "offset")
    yield world
    world.stop()


@pytest.fixture
def world(running: RunningSandbox) -> RunningSandbox:
    """The seeded world, with a courier that waits to be told."""
    running.world.clock.set_offset(0)
    running.reset()
    running.hold()
    return running


@pytest.fixture
def client(world: RunningSandbox) -> Client:
    """`client(key)`: the official SDK with that key, the seller's restricted one by default."""

    def build(key: str = seed.SELLER_RESTRICTED_KEY, **options: object) -> stripe.StripeClient:
        addresses = {"api": world.url, "connect": world.url}
        return stripe.StripeClient(key, base_addresses=addresses, http_client=CheckedWire(), **options)

    return build


@pytest.fixture
def shop(client: Client) -> stripe.StripeClient:
    return client()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running
