"""One part in a process of its own: `python -m lab.part NAME ENGINE AMOUNT SEED RESULT`."""

import importlib
import json
import os
import sys
from pathlib import Path

from lab.results import Order, Result, Tell


def main(name: str, engine: str, amount: str, seed: str, result: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lab.settings"
    os.environ["REGLO_TEST_ENGINE"] = engine
    import django

    django.setup()
    found = run(name, Order(engine, int(amount), int(seed)), lambda line: print(f"{name} {line}", flush=True))
    Path(result).write_text(json.dumps(found.as_json()), encoding="utf-8")


def run(name: str, order: Order, tell: Tell) -> Result:
    result: Result = importlib.import_module(f"lab.{name}").run(order, tell)
    return result


if __name__ == "__main__":
    main(*sys.argv[1:])
