"""Where the fonts of our documents are. They come as a dependency, so every machine prints the same page."""

from pathlib import Path

import fontpkg_inter

# One variable file: every weight, tabular figures, Latin, Greek, Cyrillic.
FAMILY = "Inter"
_FOLDER = Path(fontpkg_inter.__file__).parent / "files"
UPRIGHT = _FOLDER / "Inter[opsz,wght].ttf"


def font_folders() -> list[Path]:
    """The folders to hand to the typesetter, which must look nowhere else."""
    return [_FOLDER]
