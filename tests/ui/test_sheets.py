import gzip
from pathlib import Path

import pytest

import reglo.ui
from reglo.ui.sheets import SCRIPTS, STYLES, script_paths, style_paths

STATIC = Path(reglo.ui.__file__).parent / "static"


def gzipped(paths: list[str]) -> int:
    """Bytes over the wire: each file is compressed by itself."""
    return sum(len(gzip.compress((STATIC / path).read_bytes())) for path in paths)


@pytest.mark.parametrize(("kind", "budget"), [("dashboard", 25_000), ("portal", 12_000), ("account", 12_000)])
def test_style_sheets_stay_within_their_budget(kind: str, budget: int) -> None:
    assert 0 < gzipped(style_paths(kind)) < budget


@pytest.mark.parametrize(("kind", "budget"), [("dashboard", 8_000), ("editor", 11_000)])
def test_our_scripts_stay_within_their_budget(kind: str, budget: int) -> None:
    assert 0 < sum((STATIC / path).stat().st_size for path in script_paths(kind)) < budget


def test_every_sheet_and_script_is_loaded_by_some_page() -> None:
    listed = {name for names in STYLES.values() for name in names} | {
        name for names in SCRIPTS.values() for name in names
    }
    assert listed == {path.stem for path in (STATIC / "ui").iterdir() if path.suffix in {".css", ".js"}}
