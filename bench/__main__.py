"""Run every part on every engine that answers, print one table, write `var/bench.json`.

    python -m bench [part...]      the parts: issuing, webhooks, deliveries, web, lists, pdf; all of them by default

A part that fails or takes too long prints *not measured*, its reason on the error stream, and the exit code is 1.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from bench import installation
from bench.figures import Figure

BOTH = ("sqlite", "postgresql")
PARTS = {"issuing": BOTH, "webhooks": BOTH, "deliveries": BOTH, "web": BOTH, "lists": BOTH, "pdf": ("",)}
# Seconds for one part on one engine: a million invoices are to be made, an environment to be installed.
PATIENCE = {"issuing": 110, "webhooks": 500, "deliveries": 1800, "web": 110, "lists": 900, "pdf": 400}
RESULTS = Path("var/bench.json")
HEADINGS = ("name", "engine", "value", "unit", "against", "ratio")


def main(wanted: list[str]) -> int:
    figures, failed = [], False
    for part in wanted or PARTS:
        for engine in PARTS[part]:
            if engine and not installation.answers(engine):
                figures.append(Figure(part, engine, None, "", "no server answers"))
                continue
            found = measured(part, engine)
            failed = failed or not found
            figures += found or [Figure(part, engine, None, "", "failed")]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([figure.as_json() for figure in figures], indent=1) + "\n", encoding="utf-8")
    print(table(figures))
    return 1 if failed else 0


def measured(part: str, engine: str) -> list[Figure]:
    """The figures of one part, run on its own; none when it failed or was stopped with all that it started."""
    print(f"… {part} {engine}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", f"bench.{part}", *([engine] if engine else [])]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True, env=installation.inherited()
    ) as process:
        try:
            output, _ = process.communicate(timeout=PATIENCE[part])
        except subprocess.TimeoutExpired:
            print(f"{part} {engine}: stopped after {PATIENCE[part]} seconds", file=sys.stderr)
            return []
        finally:
            end_group(process.pid)
    return [Figure(**row) for row in json.loads(output)] if process.returncode == 0 else []


def end_group(leader: int) -> None:
    """Whatever the part started and left behind."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def table(figures: list[Figure]) -> str:
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
