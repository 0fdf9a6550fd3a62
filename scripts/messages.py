"""Translations: `scripts/messages.py update` brings the English catalogue up to the sources, `compile` makes it usable.

Sources are French (the msgid is the sentence on screen). Python and templates are read with Babel, without other tools.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "reglo/locale/en/LC_MESSAGES/django.po"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}


def main(verb: str) -> int:
    if verb == "update":
        update()
    compile_catalogue()
    return 0


def sources() -> Catalog:
    """Every message of the product, with the files that say it."""
    catalogue = Catalog(domain="django", charset="utf-8")
    for file, text in _texts():
        found = extract("python", io.BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"})
        for _line, message, _comments, context in found:
            catalogue.add(message, locations=[(str(file.relative_to(ROOT)), None)], context=context)
    return catalogue


def translations() -> Catalog:
    if not PO.exists():
        return Catalog(
            locale="en",
            domain="django",
            charset="utf-8",
            project="Réglo",
            header_comment="# English words of Réglo. The French sentence is the key.",
            fuzzy=False,
        )
    with PO.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def update() -> None:
    catalogue = translations()
    catalogue.update(sources(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)


def compile_catalogue() -> None:
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, translations())


def untranslated() -> list[str]:
    """The messages of the sources that English lacks."""
    known = translations()
    lacking = []
    for message in sources():
        if not message.id:
            continue
        english = known.get(message.id, message.context)
        if english is None or not all(english.string if isinstance(english.string, tuple) else (english.string,)):
            lacking.append(str(message.id))
    return lacking


def _texts() -> Iterator[tuple[Path, str]]:
    """Python files as they are; templates turned into Python by Django itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.utils.translation.template import templatize

    django.setup()
    for file in sorted((ROOT / "reglo").rglob("*.py")):
        yield file, file.read_text(encoding="utf-8")
    for pattern in ("*.html", "*.txt", "*.svg"):
        for file in sorted((ROOT / "reglo").rglob(f"templates/**/{pattern}")):
            python = templatize(file.read_text(encoding="utf-8"), origin=str(file))
            yield file, "\n".join(line.strip() for line in python.splitlines())


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(*sys.argv[1:2] or ["compile"]))
