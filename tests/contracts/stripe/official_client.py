"""The official Stripe command line, installed once from npm under var/ at the version that our lock pins."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PINNED = Path(__file__).parent / "cli"
INSTALLED = ROOT / "var" / "stripe-cli"


class Unavailable(Exception):
    """The reason, in one line, why the official client cannot run here."""


def install() -> Path:
    """The path of its program. Raises Unavailable."""
    if shutil.which("npm") is None:
        raise Unavailable("npm is not installed: the official Stripe client cannot be fetched")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (PINNED / "package-lock.json").read_bytes()
        mark = INSTALLED / "installed.json"
        if not mark.exists() or mark.read_bytes() != wanted:
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(PINNED / name, INSTALLED / name)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=INSTALLED, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                said = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
                raise Unavailable(f"npm could not fetch the official Stripe client: {' '.join(said[:3])}")
            mark.write_bytes(wanted)
    programs = sorted(INSTALLED.glob("node_modules/@stripe/cli-*/bin/stripe"))
    if not programs:
        raise Unavailable("the official Stripe client has no program for this machine")
    return programs[0]


def trigger(program: Path, event: str, *flags: str, api: str, key: str, home: Path) -> subprocess.CompletedProcess[str]:
    """`stripe trigger EVENT` against `api`; `flags` such as "--override", "payment_intent:amount=12000"."""
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "STRIPE_CLI_TELEMETRY_OPTOUT": "1"}
    command = [str(program), "trigger", event, "--api-base", api, "--api-key", key, *flags]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
