"""Runs the test suite on every engine that answers and in a browser, then says what ran.

    scripts/test.py            everything
    scripts/test.py sqlite     one part: sqlite, postgresql or browser

REGLO_TEST_POSTGRESQL  address of the PostgreSQL server (default postgresql://postgres@127.0.0.1:5432/postgres)
REGLO_REQUIRE          parts that must run, separated by commas: a missing one then fails instead of being left out
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = os.environ.setdefault("REGLO_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
REQUIRED = set(filter(None, os.environ.get("REGLO_REQUIRE", "").split(",")))
PARTS = {
    "sqlite": ["-m", "not browser", "-n", "2"],
    "postgresql": ["-m", "not browser", "-n", "2"],
    "browser": ["tests/browser", "-m", "browser", "-n", "2"],
}


def main(names: list[str]) -> int:
    os.chdir(ROOT)
    results: dict[str, tuple[str, bool]] = {}
    for name in names or list(PARTS):
        reason = missing(name)
        if reason:
            wanted = {"browser": "chromium"}.get(name, name) in REQUIRED
            results[name] = (f"not run: {reason}", not wanted)
            continue
        print(f"\n=== {name} ===", flush=True)
        began = time.monotonic()
        engine = "postgresql" if name == "postgresql" else "sqlite"
        code = subprocess.call(
            [sys.executable, "-m", "pytest", *PARTS[name]],
            env={**os.environ, "REGLO_TEST_ENGINE": engine, "REGLO_CHROMIUM": chromium() or ""},
        )
        results[name] = (f"{'passed' if code == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", code == 0)

    print("\nWhat ran:")
    for name, (sentence, _good) in results.items():
        print(f"  {label(name):<48} {sentence}")
    return 0 if all(good for _sentence, good in results.values()) else 1


def label(name: str) -> str:
    match name:
        case "sqlite":
            import sqlite3

            return f"engine SQLite {sqlite3.sqlite_version}"
        case "postgresql":
            return f"engine PostgreSQL {postgresql_version() or ''}"
        case _:
            found = chromium()
            if found is None:
                return "browser Chromium"
            told = subprocess.run(
                [found, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
            )
            return f"browser {told.stdout.strip()}"


def missing(name: str) -> str:
    """Why a part cannot run, empty when it can."""
    if name == "postgresql" and postgresql_version() is None:
        return "no PostgreSQL answers (REGLO_TEST_POSTGRESQL changes the address)"
    if name == "browser" and chromium() is None and not install_chromium():
        return "no Chromium here; install it with: apt-get install -y chromium"
    return ""


def postgresql_version() -> str | None:
    import psycopg

    try:
        with psycopg.connect(POSTGRESQL, connect_timeout=3) as connection:
            row = connection.execute("SHOW server_version").fetchone()
            return str(row[0]).split()[0] if row else None
    except psycopg.Error:
        return None


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def install_chromium() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing Chromium…", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.call(["apt-get", "update", "-qq"], **quiet)
    subprocess.call(["apt-get", "install", "-y", "-qq", "chromium"], **quiet)
    subprocess.call(["apt-get", "install", "-y", "-qq", "chromium-l10n"], **quiet)  # so that it speaks French
    return chromium() is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
