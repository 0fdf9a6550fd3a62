"""What a person sees: never a stranger's name or number, never an error page."""

from typing import Any

from lab.founding import HOUSES
from lab.simulation.stage import Stage

NAMES = {f"{name.lower()}@client.test": name for names in HOUSES.values() for name in names}


def read(stage: Stage, customer: str, answer: Any) -> None:
    """Note on the stage whatever `customer` should not have been answered."""
    if answer.status_code >= 500 and answer.status_code != 503 and answer.status_code != 502:
        stage.faults.append(f"{customer} got a page {answer.status_code}")
    text = answer.content.decode("utf-8", errors="replace")
    for address, name in NAMES.items():
        if address != customer and (name in text or address in text):
            stage.faults.append(f"I8: {customer} was shown {name}")
