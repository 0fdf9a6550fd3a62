import pytest
from django.contrib.messages.storage.base import BaseStorage, Message
from django.template import loader
from django.test import RequestFactory

from reglo.ui.frame import Entry, Frame
from reglo.ui.notices import notify, notify_failure


class Box(BaseStorage):
    """Keeps the messages of one request."""

    def _get(self) -> tuple[list[Message], bool]:
        return [], True

    def _store(self, messages: list[Message], response: object) -> list[Message]:
        return []


def bar(frame: Frame) -> str:
    return " ".join(loader.render_to_string("ui/dashboard.html", {"frame": frame}).split())


@pytest.mark.parametrize(
    ("person", "initials"),
    [("Claire Martin", "CM"), ("claire@example.fr", "C"), ("Anne de La Tour", "AT"), ("", "")],
)
def test_initials(person: str, initials: str) -> None:
    assert Frame(company="A", home_url="/", entries=(), person=person).initials == initials


def test_the_frame_shows_only_what_it_is_given() -> None:
    bare = bar(Frame(company="Atelier Lumen", home_url="/", entries=()))
    for word in ("Configuration", "Nouvelle facture", "Rechercher", "Se déconnecter", "fictifs"):
        assert word not in bare
    full = bar(
        Frame(
            company="Atelier Lumen",
            home_url="/",
            entries=(Entry("Factures", "/factures/", "document-text", current=True),),
            practice=True,
            settings_url="/configuration/",
            search_url="/recherche/",
            new_invoice_url="/factures/nouvelle/",
            person="Claire Martin",
            sign_out_url="/sortir/",
        )
    )
    for word in ("Configuration", "Nouvelle facture", "Rechercher", "Se déconnecter", "fictifs"):
        assert word in full
    assert '<a class="frame-entry" href="/factures/" aria-current="page">' in full


def test_htmx_neither_evaluates_nor_injects_a_style() -> None:
    html = bar(Frame(company="A", home_url="/", entries=()))
    assert '"includeIndicatorStyles":false' in html
    assert '"allowEval":false' in html
    assert html.index('name="htmx-config"') < html.index("htmx-2.min.js")


def test_a_notice_may_be_undone_and_a_failure_stays() -> None:
    request = RequestFactory().get("/")
    request._messages = Box(request)
    notify(request, "Brouillon supprimé", undo_url="/undo/1")
    notify_failure(request, "Non envoyée")
    done, failed = request._messages
    assert (str(done), done.extra_tags, done.level_tag) == ("Brouillon supprimé", "/undo/1", "success")
    assert (str(failed), failed.level_tag) == ("Non envoyée", "error")
