"""The lab: `python -m lab [gate|long] [PART…]`, `python -m lab replay …`, `python -m lab plant …`.

    python -m lab                      the gate: what `make lab` runs; PART… limits it
    python -m lab long                 a night: what `make lab-long` runs
    python -m lab replay sqlite 42     play one seed again, step by step
    python -m lab replay FILE.json     play a kept failure again
    python -m lab plant NAME           find a planted bug from fresh seeds, and keep its shrunk trace

REGLO_LAB_SEED  the fresh seed, to have a run again; the gate takes that of the committed files
REGLO_REQUIRE   postgresql: what cannot run without it then fails
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from lab import plan, report
from lab.plan import Job
from lab.report import Outcome
from lab.results import Result

FOLDER = Path("var/lab")
SIDE_BY_SIDE = 2
REQUIRED = set(filter(None, os.environ.get("REGLO_REQUIRE", "").split(",")))


def main(words: list[str]) -> int:
    command, names = (words[0], words[1:]) if words else ("gate", [])
    match command:
        case "gate" | "long":
            return run_plan(command, set(names))
        case "replay" | "plant":
            engine = names[0] if names and names[0] in {"sqlite", "postgresql"} else _engine_of(names)
            os.environ.update(DJANGO_SETTINGS_MODULE="lab.settings", REGLO_TEST_ENGINE=engine)
            import django

            django.setup()
            from lab import bench_top

            return bench_top.replay(names) if command == "replay" else bench_top.plant(names)
        case _:
            print(__doc__)
            return 2


def _engine_of(names: list[str]) -> str:
    if names and names[0].endswith(".json"):
        return str(json.loads(Path(names[0]).read_text(encoding="utf-8"))["engine"])
    return "sqlite"


def run_plan(which: str, parts: set[str]) -> int:
    of_the_tree = plan.seed_of_the_tree() if which == "gate" else None
    seed = int(os.environ.get("REGLO_LAB_SEED") or of_the_tree or plan.fresh_seed())
    jobs = [job for job in getattr(plan, which)(seed) if not parts or job.part in parts]
    print(f"lab {which}: {len(jobs)} jobs, {SIDE_BY_SIDE} side by side; fresh seed {seed}", flush=True)
    began = time.monotonic()
    outcomes = sorted(run_all(jobs), key=lambda outcome: jobs.index(outcome.job))
    good = report.write(outcomes, seed=seed, seconds=time.monotonic() - began)
    print("the lab found nothing" if good else "THE LAB FAILED", flush=True)
    return 0 if good else 1


def run_all(jobs: list[Job]) -> Iterator[Outcome]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    waiting = list(jobs)
    running: dict[Job, tuple[subprocess.Popen[bytes], Path, float]] = {}
    try:
        while waiting or running:
            while waiting and _fits_beside(running, waiting[0]):
                job = waiting.pop(0)
                running[job] = _start(job, jobs.index(job))
            for job, (process, file, began) in list(running.items()):
                if process.poll() is not None:
                    del running[job]
                    yield _outcome(job, process.returncode, file, time.monotonic() - began)
            time.sleep(0.1)
    finally:
        for process, _file, _began in running.values():
            process.terminate()
            process.wait()


def _fits_beside(running: Collection[Job], job: Job) -> bool:
    if job.alone or any(other.alone for other in running):
        return not running
    return len(running) < SIDE_BY_SIDE


def _start(job: Job, number: int) -> tuple["subprocess.Popen[bytes]", Path, float]:
    file = FOLDER / f"{number}.json"
    file.unlink(missing_ok=True)
    order = job.order
    words = [job.part, order.engine, str(order.amount), str(order.seed), str(file)]
    process = subprocess.Popen([sys.executable, "-m", "lab.part", *words])  # noqa: S603 (the lab itself)
    return process, file, time.monotonic()


def _outcome(job: Job, code: int, file: Path, seconds: float) -> Outcome:
    if file.exists():
        result = Result.from_json(json.loads(file.read_text(encoding="utf-8")))
    else:
        result = Result(violations=[f"the part died (exit {code}): python -m lab gate {job.part}"])
    result.counts["seconds"] = round(seconds)
    return Outcome(job, result, required=job.order.engine in {"sqlite", *REQUIRED})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
