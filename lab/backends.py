"""Backends of PostgreSQL killed under the writers: each death makes the whole server recover.

`amount` is the number of SIGKILLs. The server is a private one, made for this run in a temporary folder and removed
with it; the machine's own is never touched. `docs/algorithms/interleavings-and-kills.md`.
"""

import logging
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.db import connections

from lab.kills.books import Ledger
from lab.kills.crowd import Crowd
from lab.results import Order, Result, Tell
from lab.scratch import die_with_parent, leaving_cleanly, scratch

PATIENCE = 30.0  # seconds that a start or a recovery may take
CHECKED_EVERY = 5  # kills
SETTINGS = {
    "listen_addresses": "",  # the socket in its own folder only: no port of the machine is taken
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "restart_after_crash": "on",
    "max_connections": "40",
    "shared_buffers": "32MB",
    "logging_collector": "off",
}


@dataclass(frozen=True)
class Cluster:
    """A running server of ours. `folder` holds its data, its socket and its log."""

    folder: Path
    postmaster: int

    @property
    def address(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}&port=5432"

    def backends(self) -> list[int]:
        """The processes that serve the product's connections now."""
        with psycopg.connect(self.address, autocommit=True) as server:
            rows = server.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'reglo' AND datname IS NOT NULL"
                " AND backend_type = 'client backend' ORDER BY pid"
            ).fetchall()
        return [pid for (pid,) in rows]

    def wait_until_it_answers(self) -> float:
        """Seconds waited. Raises TimeoutError with the end of its log."""
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE:
            try:
                psycopg.connect(self.address, connect_timeout=3).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return time.monotonic() - began
        raise TimeoutError(f"PostgreSQL does not come back: {(self.folder / 'log').read_text()[-2000:]}")

    def crashes(self) -> int:
        """How many times it recovered, by its own log."""
        return (self.folder / "log").read_text(errors="replace").count("all server processes terminated")


def run(order: Order, tell: Tell) -> Result:
    if order.engine != "postgresql":
        return Result(missing="backends are PostgreSQL's")
    binaries = find_binaries()
    if binaries is None:
        return Result(missing="PostgreSQL's initdb and postgres are not on this machine (package postgresql)")
    if os.geteuid() == 0 and not _owner():
        return Result(missing="run by root, and there is no user postgres to run PostgreSQL as")
    with leaving_cleanly(), private_cluster(binaries) as cluster, using(cluster):
        return kill_backends(cluster, order, tell)


def find_binaries() -> Path | None:
    """The folder of initdb and postgres: what `pg_config` says, else the newest where Debian puts them."""
    told = shutil.which("pg_config")
    folders = []
    if told:
        said = subprocess.run([told, "--bindir"], capture_output=True, text=True, check=True)  # noqa: S603 (from the PATH)
        folders.append(Path(said.stdout.strip()))
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda folder: int(folder.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


@contextmanager
def private_cluster(binaries: Path) -> Iterator[Cluster]:
    """A new server, stopped and removed at the end, also after a failure; it dies with us if we are killed."""
    folder = Path(tempfile.mkdtemp(prefix="reglo_pg_"))
    server: subprocess.Popen[bytes] | None = None
    who: dict[str, Any] = {"user": _owner(), "group": _group(), "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        if who:
            shutil.chown(folder, _owner(), _group())
        data = folder / "data"
        made = [
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
        ]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **who)  # noqa: S603 (found above)
        given = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        with (folder / "log").open("ab") as log:
            server = subprocess.Popen(  # noqa: S603 (our own command)
                [binaries / "postgres", "-D", data, "-k", folder, "-p", "5432", *given],
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,  # Ctrl-C is for us: we stop it
                preexec_fn=lambda: die_with_parent(signal.SIGQUIT),
                **who,
            )
        cluster = Cluster(folder, server.pid)
        cluster.wait_until_it_answers()
        yield cluster
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Immediate shutdown: its data is thrown away."""
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextmanager
def using(cluster: Cluster) -> Iterator[None]:
    """The product's connections go to this server."""
    settings = connections.settings["default"]
    before = {name: settings.get(name) for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    connections.close_all()
    settings.update(HOST=str(cluster.folder), PORT="5432", USER="postgres", PASSWORD="", NAME="postgres")
    try:
        with scratch("postgresql", cluster.address):
            yield
    finally:
        connections.close_all()
        settings.update(before)


def kill_backends(cluster: Cluster, order: Order, tell: Tell) -> Result:
    """On the database in use, which is the cluster's."""
    result, random, faults = Result(), Random(order.seed), list[str]()
    logging.getLogger("reglo.events.worker").setLevel(logging.CRITICAL)  # that it loses its database is what we do
    with Crowd(order.seed, reconnects=True) as crowd:
        ledger = Ledger(crowd)
        for count in range(1, order.amount + 1):
            crowd.work_a_while()
            os.kill(_victim(cluster, random), signal.SIGKILL)
            result.counts["kills"] += 1
            _recovered(cluster, count)
            faults = ledger.broken()
            if count % CHECKED_EVERY == 0:
                faults += ledger.light()
                tell(f"{count} of {order.amount} kills, {crowd.told_so_far}, {len(faults)} violations")
            if faults:
                break
        crowd.stop()
        faults = faults or ledger.whole()
    again = f"python -m lab.part backends postgresql {order.amount} {order.seed} /dev/stdout"
    result.violations += [f"after {result.counts['kills']} kills: {fault}\n  again: {again}" for fault in faults]
    return result


def _victim(cluster: Cluster, random: Random) -> int:
    """A backend at work; one of the writers connects again within moments of the last recovery."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if pids := cluster.backends():
            return random.choice(pids)
        time.sleep(0.01)
    raise TimeoutError("no writer is connected")


def _recovered(cluster: Cluster, crashes: int) -> None:
    """The server noticed the death, ended everybody and came back: else the kill proves nothing."""
    end = time.monotonic() + PATIENCE
    while cluster.crashes() < crashes:
        if time.monotonic() > end:
            raise TimeoutError(f"{crashes} kills, {cluster.crashes()} recoveries")
        time.sleep(0.01)
    cluster.wait_until_it_answers()


def _owner() -> str | None:
    """Who runs PostgreSQL where we are root, which it refuses to be."""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


def _group() -> int:
    return pwd.getpwnam("postgres").pw_gid
