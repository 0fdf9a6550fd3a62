"""What our fonts show, and how we name what they do not."""

import pytest

from reglo.typefaces import FAMILY, font_folders, missing_characters, name_character


def test_french_and_its_neighbours_are_shown() -> None:
    assert missing_characters("Œuvre à 1\u202f240,00\u00a0€ — « Été », l’îlot, ß, ł, ő, ș, Ǆ?".replace("Ǆ", "ǆ")) == []


def test_every_printable_character_of_latin_1_and_extended_a_is_shown() -> None:
    latin = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x149), *range(0x14A, 0x180)]))
    assert missing_characters(latin) == []


def test_punctuation_arrows_greek_and_cyrillic_are_shown() -> None:
    assert missing_characters("…–—‘’“”„•′″‰←↑→↓½²³°µΩ Привет") == []


def test_lines_and_tabs_are_layout_not_characters() -> None:
    assert missing_characters("Pose\r\n\tde 6 luminaires\n") == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Bravo 😀", ["😀"]),
        ("فاتورة", ["ف", "ا", "ت", "و", "ر", "ة"]),
        ("שלום", ["ש", "ל", "ו", "ם"]),
        ("請求書", ["請", "求", "書"]),
    ],
)
def test_emoji_arabic_hebrew_and_chinese_are_missing(text: str, missing: list[str]) -> None:
    assert missing_characters(text) == missing


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad"])
def test_invisible_marks_are_missing(mark: str) -> None:
    assert missing_characters(f"a{mark}b") == [mark]


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ue000", "\ud800"])
def test_control_private_and_surrogate_code_points_are_missing(control: str) -> None:
    assert missing_characters(f"a{control}b") == [control]


def test_missing_characters_come_once_in_order_of_first_appearance() -> None:
    assert missing_characters("🎉 a 😀 b 🎉 😀") == ["🎉", "😀"]


def test_a_visible_character_is_named_with_its_code_point() -> None:
    assert name_character("😀") == "😀 (U+1F600)"


def test_an_invisible_character_is_named_by_its_code_point_alone() -> None:
    assert name_character("\u200f") == "U+200F"
    assert name_character("\x00") == "U+0000"


def test_the_font_folders_hold_the_family() -> None:
    names = [path.name for folder in font_folders() for path in folder.iterdir()]
    assert any(name.startswith(FAMILY) and name.endswith(".ttf") for name in names)
