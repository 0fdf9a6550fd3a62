"""What a person finds on a page: its words, its links, its forms with their fields by label and their buttons.

Only the standard library, and only what the page says to somebody without JavaScript.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
SILENT = frozenset({"head", "script", "style", "template"})
CONTROLS = frozenset({"input", "select", "textarea", "button"})
REFRESH = re.compile(r"^\s*0\s*;\s*url=['\"]?(.+?)['\"]?$", re.IGNORECASE)


class Unexpected(Exception):
    """What was expected, and what was seen instead."""

    def __init__(self, expected: str, seen: str) -> None:
        self.expected, self.seen = expected, seen
        super().__init__(f"attendu : {expected} ; vu : {seen}")


def plain(text: str) -> str:
    """On one line, every kind of space and of apostrophe made the same."""
    return " ".join(text.split()).replace("’", "'")


@dataclass
class Node:
    tag: str
    given: dict[str, str]
    parent: "Node | None" = None
    inside: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.inside:
            if isinstance(child, Node):
                yield from child.walk()

    def around(self, tag: str) -> "Node | None":
        """The nearest element of that kind that holds this one."""
        node = self.parent
        while node is not None and node.tag != tag:
            node = node.parent
        return node

    def pieces(self) -> Iterator[str]:
        for child in self.inside:
            if isinstance(child, str):
                yield child
            elif child.tag not in SILENT:
                yield from child.pieces()

    @property
    def words(self) -> str:
        """All that is written inside, else what it is called, as `plain` writes it."""
        return plain("".join(self.pieces())) or plain(self.given.get("aria-label") or self.given.get("title", ""))


@dataclass
class Field:
    """A control of a form. `label` is what is read beside it; a box or a choice counts when `checked`."""

    name: str
    kind: str  # the type of an input, "select" or "textarea"
    value: str
    label: str
    checked: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)  # (value, words) of a select

    @property
    def counts(self) -> bool:
        return bool(self.name) and (self.checked if self.kind in {"checkbox", "radio"} else self.kind != "file")


@dataclass
class Button:
    words: str
    name: str
    value: str
    action: str  # empty: the form's


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def fill(self, label: str, value: str | bool) -> None:
        """Type, tick or choose in the field that says `label`, else in the first that begins with it."""
        for fits in (str.__eq__, str.startswith):
            for control in self.fields:
                if control.name and fits(control.label, plain(label)):
                    self._put(control, value)
                    return
        raise Unexpected(f"un champ « {label} »", _list([control.label for control in self.fields]) or "aucun champ")

    def _put(self, control: Field, value: str | bool) -> None:
        if control.kind == "radio":
            for other in self.fields:
                if other.kind == "radio" and other.name == control.name:
                    other.checked = other is control
        elif isinstance(value, bool):
            control.checked = value
        elif control.kind == "select":
            fitting = [option for option, said in control.options if said.startswith(plain(value))]
            if not fitting:
                raise Unexpected(f"« {value} » dans « {control.label} »", _list([said for _, said in control.options]))
            control.value = fitting[0]
        else:
            control.value = value


@dataclass
class Page:
    url: str
    text: str
    links: list[tuple[str, str]]  # (words, absolute address)
    forms: list[Form]
    leads_to: str = ""  # where it goes by itself

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def expect(self, *sentences: str) -> None:
        for sentence in sentences:
            if plain(sentence) not in self.text:
                raise Unexpected(f"« {sentence} » sur {self.path}", f"« {self.text[:800]} »")

    def link(self, wanted: str) -> str:
        """The address of the first link that says `wanted`, else of the first that begins with it."""
        for fits in (str.__eq__, str.startswith):
            for said, address in self.links:
                if fits(said, plain(wanted)):
                    return address
        raise Unexpected(f"un lien « {wanted} » sur {self.path}", _list([said for said, _ in self.links]))

    def form(self, wanted: str) -> tuple[Form, Button]:
        """The first form with a button that says `wanted`, else that begins with it."""
        for fits in (str.__eq__, str.startswith):
            for form in self.forms:
                for button in form.buttons:
                    if fits(button.words, plain(wanted)):
                        return form, button
        seen = _list([button.words for form in self.forms for button in form.buttons])
        raise Unexpected(f"un bouton « {wanted} » sur {self.path}", f"{seen} ; « {self.text[:600]} »")


def _list(said: list[str]) -> str:
    return ", ".join(f"« {words} »" for words in said if words)


def read_page(url: str, html: str) -> Page:
    tree = _Tree()
    tree.feed(html)
    tree.close()
    root = tree.root
    refresh = next((n for n in root.walk() if n.given.get("http-equiv", "").lower() == "refresh"), None)
    match = REFRESH.match(refresh.given.get("content", "")) if refresh else None
    return Page(
        url=url,
        text=root.words,
        links=[(n.words, urljoin(url, n.given["href"])) for n in root.walk() if n.tag == "a" and "href" in n.given],
        forms=_forms(root),
        leads_to=urljoin(url, match[1]) if match else "",
    )


def _forms(root: Node) -> list[Form]:
    forms = {id(n): Form(n.given.get("action", ""), n.given.get("method", "get").lower()) for n in _all(root, "form")}
    by_name = {n.given["id"]: forms[id(n)] for n in _all(root, "form") if "id" in n.given}
    labels = {n.given["for"]: n.words for n in _all(root, "label") if "for" in n.given}
    for node in (node for node in root.walk() if node.tag in CONTROLS and "disabled" not in node.given):
        around = node.around("form")
        form = by_name.get(node.given.get("form", "")) or (forms[id(around)] if around else None)
        if form is None:
            continue
        kind = (
            node.given.get("type", "submit" if node.tag == "button" else "text") if node.tag != "select" else "select"
        )
        if kind in {"submit", "image"}:
            given = node.given
            said = node.words or given.get("value", "")
            form.buttons.append(
                Button(said, given.get("name", ""), given.get("value", ""), given.get("formaction", ""))
            )
        elif node.tag != "button":
            form.fields.append(_field(node, kind, labels))
    return list(forms.values())


def _field(node: Node, kind: str, labels: dict[str, str]) -> Field:
    around = node.around("label")
    beside = labels.get(node.given.get("id", "")) or (around.words if around else "")
    label = (beside or plain(node.given.get("aria-label", ""))).removesuffix(" facultatif")
    made = Field(node.given.get("name", ""), kind, node.given.get("value", ""), label, "checked" in node.given)
    if kind in {"checkbox", "radio"} and "value" not in node.given:
        made.value = "on"
    if node.tag == "textarea":
        made.value = "".join(node.pieces()).removeprefix("\n")
    if node.tag == "select":
        options = _all(node, "option")
        made.options = [(option.given.get("value", option.words), option.words) for option in options]
        chosen = [value for (value, _), option in zip(made.options, options, strict=True) if "selected" in option.given]
        made.value = (chosen or [value for value, _ in made.options] or [""])[0]
    return made


def _all(root: Node, tag: str) -> list[Node]:
    return [node for node in root.walk() if node.tag == tag]


class _Tree(HTMLParser):
    """The page as a tree; an end without its beginning is ignored."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Node("#page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.inside.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.inside.append(Node(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self.here
        while node is not None and node.tag != tag:
            node = node.parent
        if node is not None and node.parent is not None:
            self.here = node.parent

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data)
