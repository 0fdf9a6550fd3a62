"""Where the fonts of our documents are. They come as a dependency, so every machine prints the same page."""

from pathlib import Path

import fontpkg_inter

FAMILY = fontpkg_inter.FAMILY  # "Inter", one variable file: every weight, tabular figures, Latin, Greek, Cyrillic.


def font_folders() -> list[Path]:
    """The folders to hand to the typesetter, which must look nowhere else."""
    return [fontpkg_inter.ROOT / "files"]


def upright_font() -> Path:
    """The one file that our documents are set in."""
    return fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"
