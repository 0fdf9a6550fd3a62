"""A fresh Réglo as it runs in production: migrated, served by granian, with its worker, beside the sandbox.

Its parts are other processes: these tests know nothing of them but what a browser, a command line and the sandbox's
control panel show.
"""

import json
import os
import socket
import subprocess
import urllib.parse
import urllib.request
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reglo.operations.demo.supervisor import (
    MANAGE,
    Demo,
    sandbox_command,
    settings_of,
    spawn,
    spawn_site,
    stop_all,
    wait_for,
    web_command,
)

MORNING = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)  # Tuesday, 9:30 in Paris


class Installation:
    """Started at once, on the story's first morning; `stop` ends its processes. `settings` are added to the usual ones."""

    def __init__(self, state: Path, **settings: str) -> None:
        port, sandbox_port, smtp_port = free_ports(3)
        self.parts = Demo(state=state, port=port, sandbox_port=sandbox_port, smtp_port=smtp_port)
        self.url, self.sandbox_url, self.smtp_port = self.parts.url, self.parts.sandbox_url, smtp_port
        state.mkdir(parents=True, exist_ok=True)
        self.environment = {**outside(), **settings_of(self.parts), **settings}
        self.move_to(MORNING)
        try:
            spawn(self.parts, "sandbox", sandbox_command(self.parts), self.environment)
            self.run("migrate")
            spawn_site(self.parts, self.environment)
            wait_for(f"{self.url}/health/live", self.parts, "web")
            wait_for(f"{self.sandbox_url}/_control/state", self.parts, "sandbox")
        except Exception:
            self.stop()
            raise

    def start_web(self) -> None:
        spawn(self.parts, "web", web_command(self.parts), self.environment)
        wait_for(f"{self.url}/health/live", self.parts, "web")

    def kill_web(self) -> None:
        """As a machine that fails does: no goodbye."""
        part = next(part for part in self.parts.processes if part[0] == "web")
        self.parts.processes.remove(part)
        os.killpg(part[1].pid, 9)
        part[1].wait()

    def stop(self) -> None:
        stop_all(self.parts)

    def run(self, *arguments: str) -> str:
        """What the command `reglo …` prints. Raises CalledProcessError when it refuses."""
        done = subprocess.run(
            [*MANAGE, *arguments], env=self.environment, stdout=subprocess.PIPE, check=True, encoding="utf-8"
        )
        return done.stdout

    def work(self) -> None:
        """Do all that waits at this hour."""
        self.run("worker", "--once")

    def move_to(self, instant: datetime) -> None:
        """The clock of every part shows `instant`, and goes on from there."""
        offset = int((instant - datetime.now(UTC)).total_seconds())
        self.clock_file.write_text(str(offset), encoding="ascii")

    def move_by(self, length: timedelta) -> None:
        offset = int(self.clock_file.read_text(encoding="ascii")) + int(length.total_seconds())
        self.clock_file.write_text(str(offset), encoding="ascii")

    @property
    def clock_file(self) -> Path:
        return self.parts.state / "clock"

    def control(self, path: str, **body: str) -> Any:
        """Press a button of the sandbox's control panel; what it answers."""
        request = urllib.request.Request(f"{self.sandbox_url}/_control/{path}", data=json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def observe(self, path: str, **narrowed: str) -> Any:
        """Read what the sandbox knows."""
        query = urllib.parse.urlencode(narrowed)
        with urllib.request.urlopen(f"{self.sandbox_url}/_control/{path}?{query}") as answer:
            return json.load(answer)


def outside() -> dict[str, str]:
    """The environment without what the test run itself is told."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("REGLO_", "DJANGO_"))}


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
