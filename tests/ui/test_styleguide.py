import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.http import Http404
from django.test import RequestFactory

import reglo.ui
from reglo.ui import specimens
from reglo.ui.views import styleguide

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Structure(HTMLParser):
    """Collects ids, what points to them, and elements that are left open or closed twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.pointers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"for", "aria-labelledby", "aria-describedby", "commandfor"}:
                self.pointers.extend((value or "").split())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """<path/> of an SVG: opened and closed at once."""

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def page(name: str) -> str:
    return styleguide(RequestFactory().get("/"), name).content.decode()


@pytest.mark.parametrize("name", specimens.PAGES)
def test_every_page_is_sound_html(name: str) -> None:
    structure = Structure()
    structure.feed(page(name))
    assert (structure.wrong, structure.open) == ([], [])
    assert len(structure.ids) == len(set(structure.ids))
    assert set(structure.pointers) <= set(structure.ids)


def test_every_component_is_shown() -> None:
    templates = Path(reglo.ui.__file__).parent / "templates"
    shown = "".join(path.read_text(encoding="utf-8") for path in templates.rglob("*.html"))
    for component in (templates / "cotton").glob("*.html"):
        assert re.search(rf"<c-{component.stem.replace('_', '-')}\b", shown), component.stem


def test_every_shape_and_every_drawing_is_shown() -> None:
    templates = Path(reglo.ui.__file__).parent / "templates" / "ui"
    assert {kind for kind, _ in specimens.PILLS} == {path.stem for path in (templates / "shapes").iterdir()}
    shown = (templates / "specimens" / "empty.html").read_text(encoding="utf-8")
    for drawing in (templates / "drawings").iterdir():
        assert f'drawing="{drawing.stem}"' in shown


def test_no_component_is_left_unrendered() -> None:
    for name in specimens.PAGES:
        assert "<c-" not in page(name)
        assert "{{" not in page(name)


def test_an_unknown_page_is_not_found() -> None:
    with pytest.raises(Http404):
        page("nothing")


def test_the_portal_says_what_how_much_and_by_when_before_its_one_button() -> None:
    text = " ".join(re.sub(r"<[^>]+>", " ", page("portal").split("<main")[1]).split())
    assert text.index("Facture F2026-0143") < text.index(
        "1\u202f240,00\u00a0€".replace("\u202f", " ").replace("\u00a0", " ")
    )
    assert "à régler avant le 15 décembre Payer 1 240,00 € par carte Payer par virement" in text
