"""The colours of the tokens, computed: what is read is at least 4.5:1, what is only seen 3:1, in both schemes."""

import re
from pathlib import Path

import pytest

import reglo.ui

STATIC = Path(reglo.ui.__file__).parent / "static" / "ui"
PAIRS = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (STATIC / "tokens.css").read_text(encoding="utf-8"))
TOKENS = {name: colours for name, *colours in PAIRS}

READ = [
    *((word, ground) for word in ("ink", "soft", "green", "blue", "amber", "red") for ground in ("paper", "ground")),
    *((word, "ink-tint") for word in ("ink", "soft")),
    *((word, f"{word}-tint") for word in ("green", "blue", "amber", "red")),
    *(("ink", f"{word}-tint") for word in ("green", "blue", "amber", "red")),
    ("soft", "blue-tint"),  # a chosen line of a list
    ("on-fill", "green"),
    ("on-fill", "green-pressed"),
    ("paper", "ink"),  # a toast
]
SEEN = [("edge", "paper"), ("edge", "ground"), ("green", "line"), ("blue", "ink-tint")]


def luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("word", "ground"), READ)
def test_words_are_readable(word: str, ground: str, scheme: int) -> None:
    assert contrast(TOKENS[word][scheme], TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SEEN)
def test_shapes_are_visible(shape: str, ground: str, scheme: int) -> None:
    assert contrast(TOKENS[shape][scheme], TOKENS[ground][scheme]) >= 3


def test_no_other_sheet_names_a_colour() -> None:
    for sheet in STATIC.glob("*.css"):
        if sheet.name != "tokens.css":
            named = re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(", sheet.read_text(encoding="utf-8"))
            assert not named, sheet.name


def test_every_token_that_is_used_exists() -> None:
    defined = set(re.findall(r"(--[\w-]+):", (STATIC / "tokens.css").read_text(encoding="utf-8")))
    for sheet in STATIC.glob("*.css"):
        used = set(re.findall(r"var\((--[\w-]+)", sheet.read_text(encoding="utf-8")))
        assert used <= defined, sheet.name
