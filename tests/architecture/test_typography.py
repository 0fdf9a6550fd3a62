"""What people read is set as French is printed: `scripts/typography.py` says how, and sets it."""

import re

import pytest
from django.utils import translation

from reglo.events.kinds import Kind
from reglo.operations.reference import refusals
from scripts.messages import sources, translations
from scripts.typography import files, set_in_english, set_in_french, set_page, set_python
from tests.architecture.source import ROOT, name_of

NARROW, NO_BREAK = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("L'essai n'est qu'un jeu d'enfant aujourd'hui", "L’essai n’est qu’un jeu d’enfant aujourd’hui"),
        ("Pourquoi ? Parce que ; enfin !", f"Pourquoi{NARROW}? Parce que{NARROW}; enfin{NARROW}!"),
        (f"Pourquoi{NO_BREAK}?", f"Pourquoi{NARROW}?"),
        ("Le nom : « Lumen »", f"Le nom{NO_BREAK}: «{NO_BREAK}Lumen{NO_BREAK}»"),
        ("1,5 % de 10 €", f"1,5{NO_BREAK}% de 10{NO_BREAK}€"),
        ("https://exemple.fr/?a=1;b !important", "https://exemple.fr/?a=1;b !important"),
        ("it's the client's", "it's the client's"),
    ],
)
def test_the_rule(typed: str, printed: str):
    assert set_in_french(typed) == printed
    assert set_in_french(printed) == printed


def test_only_what_is_read_is_set():
    assert set_page("Dites `a ; b` ; puis `l'autre`") == f"Dites `a ; b`{NARROW}; puis `l'autre`"
    assert set_python('"""l\'un : l\'autre"""\nsql = "SELECT n WHERE n = ? "\n_("Quoi ?")\n').endswith(
        f'sql = "SELECT n WHERE n = ? "\n_("Quoi{NARROW}?")\n'
    )


def test_code_templates_sheets_and_guides_are_set():
    assert [
        name_of(path) for path, setter in files() if setter(path.read_text(encoding="utf-8")) != path.read_text()
    ] == []


def test_every_message_is_set_and_so_is_its_english():
    french = [str(part) for message in sources() if message.id for part in parts(message.id)]
    english = [str(part) for message in translations() if message.id for part in parts(message.string)]

    assert len(french) > 1000
    assert [sentence for sentence in french if set_in_french(sentence) != sentence] == []
    assert [sentence for sentence in english if set_in_english(sentence) != sentence] == []


def test_refusals_and_events_are_set():
    with translation.override("fr"):
        said = [str(error.message) for error in refusals()] + [str(kind.label) for kind in Kind]

    assert [sentence for sentence in said if set_in_french(sentence) != sentence] == []


def test_no_line_of_a_guide_begins_with_what_belongs_to_the_line_before():
    begun = re.compile(r"^(?:[:;?»]|!(?!\[))", re.MULTILINE)

    assert [path.name for path in (ROOT / "docs/user").glob("*.md") if begun.search(path.read_text("utf-8"))] == []


def parts(text: object) -> tuple[object, ...]:
    return tuple(text) if isinstance(text, tuple | list) else (text,)
