"""Whoever asks for English reads English: every page and file is walked, and no French word of ours is on it."""

import html
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import translation

from reglo.events.kinds import Kind
from reglo.events.models import Reaction
from tests.doors.conftest import Visitor
from tests.harness.full_house import FullHouse
from tests.harness.routes import routes
from tests.harness.rows import taken_back

# Words that French cannot do without and that no English sentence of ours has.
FRENCH = re.compile(
    r"\b(?:aucune?|avec|cette?|chaque|dans|de|des|du|elle|est|et|facture|factures|il|jour|la|le|les|leur|mais|notre|nous|ont"
    r"|ou|par|pas|payée?|peut|pour|que|qui|sa|sans|ses|son|sont|sur|un|une|vos|votre|vous)\b|\b(?:qu|[cdjlmns])[’'](?=\w)",
    re.IGNORECASE,
)
# French whoever reads: what is called so by law, the name of a language, of a country.
NAMES = (
    "Français",
    "livre des recettes",
    "Exonération, art. 261-4-4° du CGI",
    "d’après les débits",
    "Côte d’Ivoire",
    "Nature de l’opération\u00a0: prestation de services",  # a mention, in the language of the document
    "SA",
)
# The letter to a customer is in the language of the document.
<<<<<<< ours
LETTER = (
    "Voir et payer la facture",
    "Lire le devis et y répondre",
    "Vous trouverez ci-joint",
    "Ce lien vous est personnel",
)
||||||| base
LETTER = ("Voir et payer la facture", "Vous trouverez ci-joint", "Ce lien vous est personnel")
=======
LETTER = ("Voir et payer la facture", "Vous trouverez ci-joint", "Ce lien vous est personnel")
DOCUMENTS_IN = "en"  # the customer's pages speak as their documents do
>>>>>>> theirs
HIDDEN = re.compile(r"<(script|style|svg|textarea)\b.*?</\1>|<!--.*?-->", re.DOTALL)
SAID = re.compile(r'\b(?:title|alt|aria-label|placeholder|content)="([^"]*)"')


def words_of(page: str) -> str:
    """What is read on a page, its attributes included, one piece a line."""
    page = HIDDEN.sub(" ", page)
    return html.unescape("\n".join([re.sub(r"<[^>]*>", "\n", page), *SAID.findall(page)]))


def given() -> list[str]:
    """Every text that people typed or that documents froze, the longest first: it stays in its language."""
    texts: set[str] = set()
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField) and not field.choices
        ]
        for row in model._default_manager.values_list(*names):
            texts |= {piece for text in row if isinstance(text, str) for piece in text.splitlines() if len(piece) > 2}
    return sorted(texts, key=len, reverse=True)


def french_on(page: str) -> list[str]:
    for text in (*given(), *NAMES):
        page = page.replace(text, " ")
    lines = (line.strip() for line in page.splitlines())
    return [line for line in lines if FRENCH.search(line) and not line.removeprefix("[").startswith(LETTER)]


def walked(browser: Client, house: FullHouse) -> Iterator[tuple[str, str]]:
    """Each address with what it shows, asked for and posted empty."""
    visitor = Visitor(browser)
    for route in routes():
        for method in ("GET", "POST"):
            with taken_back():
                answer = visitor.knock(method, house.address(route), headers={"Accept-Language": "en"})
            kind = answer.headers.get("Content-Type", "")
            if kind.startswith("text/html"):
                yield f"{method} {route.name}", words_of(answer.content.decode())
            elif kind.startswith(("text/csv", "text/plain")):
                yield f"{method} {route.name}", answer.content.decode()


@pytest.mark.parametrize("who", ["owner", "accountant", "customer", "nobody"])
def test_no_french_reaches_a_page_in_english(house: FullHouse, who: str):
    seen = dict(walked(house.browser(who), house))

    assert len(seen) > 20
    assert {where: found for where, page in seen.items() if (found := french_on(page))} == {}


def test_french_would_be_seen(house: FullHouse):
    browser = house.browser("owner")

    assert french_on(words_of(browser.get("/configuration/banque/").content.decode())) != []


def test_every_event_has_its_english():
    with translation.override("fr"):
        french = {kind: str(kind.label) for kind in Kind}
    with translation.override("en"):
        assert [kind for kind in Kind if str(kind.label) == french[kind]] == []


def test_what_is_stuck_is_told_in_english(house: FullHouse):
    lost = "le programme s’est arrêté avant la fin, à chaque essai"
    Reaction.objects.filter(pk=house.objects["reaction_id"]).update(last_error=lost)

    page = house.browser("owner").get("/", headers={"Accept-Language": "en"}).content.decode()

    assert "the program stopped before the end, at every attempt" in page


def test_a_guide_tells_an_english_reader_that_it_is_in_french(house: FullHouse):
    browser = house.browser("owner")

    english, french = (browser.get("/aide/", headers={"Accept-Language": language}) for language in ("en", "fr"))

    assert "The guides are written in French." in english.content.decode()
    assert "Les guides sont écrits en français." not in french.content.decode()
