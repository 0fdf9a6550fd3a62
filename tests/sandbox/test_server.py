"""Starting, stopping, and coming back."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import stripe

from sandbox.server import NotLoopback, PortBusy, start
from sandbox.stripe import seed

ROOT = Path(__file__).resolve().parents[2]


def test_the_world_survives_a_restart(tmp_path: Path) -> None:
    first = start(tmp_path)
    client = stripe.StripeClient(seed.SELLER_RESTRICTED_KEY, base_addresses={"api": first.url})
    made = client.v1.customers.create({"name": "Claire"})
    first.stop()
    second = start(tmp_path)
    client = stripe.StripeClient(seed.SELLER_RESTRICTED_KEY, base_addresses={"api": second.url})
    assert client.v1.customers.retrieve(made.id).name == "Claire"
    second.stop()


def test_a_test_may_bring_its_own_clock(tmp_path: Path) -> None:
    world = start(tmp_path, machine_clock=lambda: 1_800_000_000.0)
    assert world.world.clock.now() == 1_800_000_000
    assert requests.get(f"{world.url}/v1/account", timeout=10).headers["Date"] == "Fri, 15 Jan 2027 08:00:00 GMT"
    world.stop()


def test_a_busy_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortBusy, match=str(port)):
            start(tmp_path, port=port)
        with pytest.raises(PortBusy, match=str(port)):
            start(tmp_path, smtp_port=port)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "example.com"])
def test_it_listens_on_this_machine_only(tmp_path: Path, host: str) -> None:
    with pytest.raises(NotLoopback):
        start(tmp_path, host=host)


def run(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_starts_says_where_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with run("--port", "0", "--smtp-port", "0", "--state", str(tmp_path)) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("Bac à sable : http://127.0.0.1:")
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_the_command_says_which_port_is_busy(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with run("--port", str(port), "--smtp-port", "0", "--state", str(tmp_path)) as process:
            _, complaint = process.communicate(timeout=20)
    assert process.returncode == 1
    assert complaint == f"Le port {port} est déjà pris par un autre programme. Choisissez-en un autre.\n"
