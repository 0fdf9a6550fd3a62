"""A private PostgreSQL whose backends are killed: it recovers, the writers come back, and nothing stays behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from lab import backends
from lab.results import Order

ROOT = Path(__file__).resolve().parents[2]
BINARIES = backends.find_binaries()
needs_postgresql = pytest.mark.skipif(BINARIES is None, reason="initdb and postgres are not on this machine")


def left_behind() -> set[str]:
    return {path.name for path in Path("/tmp").glob("reglo_pg_*")}


@needs_postgresql
def test_killed_backends_lose_nothing_and_leave_nothing(tmp_path: Path):
    before = left_behind()
    answer = tmp_path / "result.json"

    run = subprocess.run(
        [sys.executable, "-m", "lab.part", "backends", "postgresql", "2", "1", str(answer)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )

    assert run.returncode == 0, run.stderr
    assert answer.read_text() == '{"counts": {"kills": 2, "violations": 0}, "violations": [], "missing": ""}'
    assert left_behind() == before


@needs_postgresql
def test_a_failure_in_the_middle_leaves_nothing():
    before = left_behind()
    assert BINARIES is not None

    seen: list[backends.Cluster] = []

    def fail(binaries: Path) -> None:
        with backends.private_cluster(binaries) as cluster:
            seen.append(cluster)
            with psycopg.connect(cluster.address) as server:
                assert server.execute("SHOW fsync").fetchone() == ("on",)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail(BINARIES)

    [cluster] = seen
    assert left_behind() == before
    assert not Path("/proc", str(cluster.postmaster)).exists()


@needs_postgresql
def test_a_death_is_seen_and_recovered_from():
    assert BINARIES is not None
    with backends.private_cluster(BINARIES) as cluster:
        with psycopg.connect(f"{cluster.address}&application_name=reglo", autocommit=True) as ours:
            assert cluster.backends() == [ours.info.backend_pid]
            os.kill(ours.info.backend_pid, signal.SIGKILL)
            with pytest.raises(psycopg.OperationalError):
                ours.execute("SELECT 1")
        backends._recovered(cluster, 1)

        assert cluster.crashes() == 1
        assert cluster.backends() == []


@needs_postgresql
def test_the_server_dies_with_whoever_is_killed(tmp_path: Path):
    code = (
        "import time, django; django.setup()\n"
        "from lab import backends\n"
        "with backends.private_cluster(backends.find_binaries()) as cluster:\n"
        "    print(cluster.postmaster, cluster.folder, flush=True); time.sleep(60)\n"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "lab.settings"}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=env) as run:
        assert run.stdout is not None
        postmaster, folder = run.stdout.readline().split()
        run.kill()

    end = time.monotonic() + 20
    while Path("/proc", postmaster).exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path("/proc", postmaster).exists()
    subprocess.run(["rm", "-r", folder], check=True)  # nobody is left to do it


def test_without_binaries_it_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(backends, "find_binaries", lambda: None)

    assert "initdb" in backends.run(Order("postgresql", 1, 1), print).missing
    assert backends.run(Order("sqlite", 1, 1), print).missing
