"""Golden files: what was read and found right by a person, compared to the letter.

`REGLO_GOLDEN=rewrite pytest tests/golden` writes them anew: read the difference before it is committed.
"""

import os
from pathlib import Path

FILES = Path(__file__).resolve().parent / "files"


def same(name: str, text: str) -> None:
    """`text` is, to the letter, the golden file of that name."""
    path = FILES / name
    if os.environ.get("REGLO_GOLDEN") == "rewrite":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    assert path.exists(), f"{path.relative_to(FILES.parents[2])} is missing: REGLO_GOLDEN=rewrite writes it"
    assert text == path.read_bytes().decode("utf-8")
