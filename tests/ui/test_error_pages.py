import pytest
from django.template import loader

PAGES = {
    "400": "Demande illisible",
    "403": "Accès refusé",
    "403_csrf": "Cette page avait expiré",
    "404": "Page introuvable",
    "405": "Action impossible ici",
    "413": "Envoi trop volumineux",
    "429": "Trop d’essais à la suite",
    "500": "Une erreur est survenue",
    "503": "Réglo revient dans un instant",
}


@pytest.mark.parametrize(("page", "heading"), PAGES.items())
def test_an_error_page_needs_no_context_and_no_database(page: str, heading: str) -> None:
    """Rendered without request nor context processor; pytest-django forbids the database here."""
    html = " ".join(loader.render_to_string(f"{page}.html").split())
    assert f"<h1>{heading}</h1>" in html
    assert f"<title> {heading} – Réglo </title>" in html


@pytest.mark.parametrize("page", PAGES)
def test_an_error_page_says_what_was_kept_and_what_to_do(page: str) -> None:
    words = " ".join(loader.render_to_string(f"{page}.html").split("<h1>")[1].split())
    assert any(kept in words for kept in ("Rien n", "enregistré", "Rien de ce qui"))
    assert words.count("<p>") == 2
    assert '<a href="/" class="button button-main"' in words or '<a class="button button-main" href="">' in words
