"""A Django site served by granian with two workers on the loopback."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import requests

from bench import installation

START_SECONDS = 30


def site_settings(folder: Path, stripe: str) -> dict[str, str]:
    (folder / "clock").write_text("0", encoding="ascii")
    return {
        "REGLO_BASE_URL": free_address(),
        "REGLO_SIMULATION": "1",
        "REGLO_CLOCK_FILE": str(folder / "clock"),
        "REGLO_STRIPE_API": stripe,
    }


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://localhost:{probe.getsockname()[1]}"


@contextmanager
def ours(engine: str, name: str, settings: dict[str, str]) -> Iterator[None]:
    """Our site on the base `name`, until the block ends."""
    environment = {**installation.inherited(), **installation.settings_for(engine, name), **settings}
    with served(sys.executable, settings["REGLO_BASE_URL"], environment, "reglo.config.wsgi:application"):
        yield


@contextmanager
def served(python: str | Path, address: str, environment: dict[str, str], *application: str) -> Iterator[None]:
    """Any site that answers /health/live, until the block ends."""
    command = [
        *(python, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "2"),
        *("--host", "127.0.0.1", "--port", str(urlsplit(address).port), "--no-ws", "--log-level", "error"),
        *application,
    ]
    with subprocess.Popen(command, env=environment) as process:
        try:
            wait_for(f"{address}/health/live", process)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(address, timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(f"the site does not answer at {address}")
