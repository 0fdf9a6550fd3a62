"""Starts and stops the sandbox: pages and API, post office, courier, all in threads of the calling process."""

import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.application import Application
from sandbox.clock import Clock
from sandbox.loopback import is_loopback
from sandbox.mailbox.smtp import PostOffice
from sandbox.store import Store
from sandbox.stripe.courier import Courier
from sandbox.stripe.seed import seed
from sandbox.stripe.tries import Receipt
from sandbox.world import World


class PortBusy(Exception):
    """Somebody else listens there."""


class NotLoopback(Exception):
    """The sandbox was asked to be reachable from outside this machine."""


class QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the server's own name for it
        """Requests are seen on the pages; the terminal belongs to whoever started us, except for our own faults."""
        if type == "error":
            print(message % args, file=sys.stderr)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date of every answer is the world's, so that a client can compare clocks."""
        application = self.server.app
        assert isinstance(application, Application)
        return formatdate(application.world.clock.now(), usegmt=True)


@dataclass
class RunningSandbox:
    """A running world. Everything a test may want beyond HTTP is a method here."""

    url: str
    smtp_port: int
    world: World
    courier: Courier
    _server: BaseWSGIServer
    _serving: threading.Thread
    _post_office: PostOffice

    def hold(self) -> None:
        """Nothing is delivered and no fee told until `deliver` or `release`."""
        self.courier.hold()

    def release(self) -> None:
        self.courier.release()

    def deliver(self, *, newest_first: bool = False) -> list[tuple[str, Receipt]]:
        """Tell the fees and deliver all that waits, now, held or not. Returns (event, receipt) pairs in order."""
        return self.courier.work(at_once=True, newest_first=newest_first)

    def reset(self) -> None:
        """Back to the seeded world."""
        reset(self.world)

    def stop(self) -> None:
        self._server.shutdown()
        self._serving.join(timeout=5)
        self._server.server_close()
        self._post_office.stop()
        self.courier.stop()
        self.world.store.close()


def reset(world: World) -> None:
    with world.store.transaction() as db:
        world.store.empty()
        seed(db, world.clock.now())


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one. Raises NotLoopback, PortBusy."""
    if not is_loopback(host):
        raise NotLoopback(f"Le bac à sable n’écoute que sur cette machine : {host} est refusé.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise PortBusy(f"Le port {port} est déjà pris par un autre programme. Choisissez-en un autre.") from error
    return listening


def start(
    state: Path | str,
    port: int = 0,
    smtp_port: int = 0,
    *,
    host: str = "127.0.0.1",
    clock_file: Path | None = None,
    machine_clock: Callable[[], float] = time.time,
) -> RunningSandbox:
    """Start the sandbox on `state`, a directory whose file `sandbox.sqlite3` outlives it.

    `machine_clock` (seconds since 1970) stands in for the machine's. Raises PortBusy, NotLoopback.
    """
    directory = Path(state)
    directory.mkdir(parents=True, exist_ok=True)
    web = listen(host, port)
    try:
        smtp = listen(host, smtp_port)
    except PortBusy:
        web.close()
        raise
    world = World(
        Store(directory / "sandbox.sqlite3"), Clock(clock_file, machine_clock), smtp_port=smtp.getsockname()[1]
    )
    with world.store.transaction() as db:
        seed(db, world.clock.now())
    courier = Courier(world)
    server = make_server(
        host,
        web.getsockname()[1],
        Application(world, courier),
        threaded=True,
        request_handler=QuietHandler,
        fd=web.fileno(),
    )
    web.close()
    serving = threading.Thread(target=server.serve_forever, args=(0.1,), name="sandbox-web", daemon=True)
    post_office = PostOffice(world, smtp)
    serving.start()
    post_office.start()
    courier.start()
    return RunningSandbox(f"http://{host}:{server.port}", world.smtp_port, world, courier, server, serving, post_office)
