"""Which parts run, how much of each and from which seed: for the gate of each change, and for a long night."""

import random
import subprocess
from dataclasses import dataclass

from lab.results import Order

QUARTER = 25  # percent of PostgreSQL's crash points in one gate; `quarter_of` says which
EVERY_POINT = 100


@dataclass(frozen=True)
class Job:
    part: str
    order: Order
    long: float = 1  # about how many minutes: the longest begins first
    alone: bool = False  # its figures are times, or its own processes take every core: nothing runs beside it


def gate(fresh: int) -> list[Job]:
    """The same seeds each time, and one fresh one; `fresh` also turns the quarter of PostgreSQL's crash points."""
    return _longest_first(
        Job("simulation", Order("sqlite", 50, 1), 3),
        Job("simulation", Order("sqlite", 50, 51), 3),
        Job("simulation", Order("sqlite", 1, fresh), 0.2),
        Job("simulation", Order("postgresql", 20, 1001), 2.5),
        Job("enumeration", Order("sqlite", EVERY_POINT, 0), 2),
        Job("enumeration", Order("postgresql", QUARTER, fresh), 1.5),
        Job("planted", Order("sqlite", 0, 0), 1),
        Job("interleavings", Order("postgresql", 100, 1), 1.5),
        Job("kills", Order("sqlite", 50, 1), 1),
        Job("kills", Order("postgresql", 50, 1), 1),
        Job("power_loss", Order("sqlite", 100, 1), 0.5),
    )


def long(fresh: int) -> list[Job]:
    """Fresh seeds everywhere."""
    turns = [Job("simulation", Order("sqlite", 250, fresh + 250 * turn), 9) for turn in range(19)]
    return _longest_first(
        *turns,
        Job("simulation", Order("postgresql", 250, fresh + 5000), 18),
        Job("enumeration", Order("sqlite", EVERY_POINT, 0), 1),
        Job("enumeration", Order("postgresql", EVERY_POINT, 0), 4),
        Job("planted", Order("sqlite", 25, fresh), 15),
        Job("interleavings", Order("postgresql", 500, fresh), 3),
        Job("kills", Order("sqlite", 200, fresh), 2),
        Job("kills", Order("postgresql", 200, fresh), 2),
        Job("backends", Order("postgresql", 40, fresh), 3),
        Job("power_loss", Order("sqlite", 1000, fresh), 1),
        Job("writers", Order("sqlite", 100_000, fresh), 15, alone=True),
        Job("writers", Order("postgresql", 100_000, fresh), 30, alone=True),
        Job("large_books", Order("sqlite", 1_000_000, fresh), 5, alone=True),
        Job("large_books", Order("postgresql", 1_000_000, fresh), 5, alone=True),
    )


def seed_of_the_tree() -> int | None:
    """The seed that these files have: every change tries a new one, and the same files always say the same.

    None where something is not committed, or nothing tells what is.
    """
    changed = _git("status", "--porcelain", "--untracked-files=no")
    tree = _git("rev-parse", "HEAD^{tree}")
    return None if changed or not tree else 10_000 + int(tree[:7], 16)


def fresh_seed() -> int:
    """One that nobody chose, printed so that the run can be had again."""
    return random.SystemRandom().randrange(10_000, 2**31)


def _git(*words: str) -> str:
    try:
        return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603, S607 (no word of a stranger's)
    except (OSError, subprocess.CalledProcessError):
        return ""


def _longest_first(*jobs: Job) -> list[Job]:
    return sorted(jobs, key=lambda job: (not job.alone, -job.long))
