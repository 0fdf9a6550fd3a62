"""Around the editor of a document, whichever its kind: where its buttons lead, what it is called."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from reglo.dashboard.forms.draft import DocumentForm
from reglo.dashboard.forms.lines import LineForm
from reglo.invoicing.models import Invoice, Quote
from reglo.money import Money


@dataclass(frozen=True, slots=True)
class EditorPages:
    """`document_id`, `edit_url`, `discard_url` and `preview_url` are empty until something was typed."""

    kind: str  # of `NEW_URLS`; also the name of the form's field that holds the document
    title: str
    lines_caption: str
    autosave: str
    finalise: str
    terms: str  # the template under the lines
    terms_saved: str  # what of it follows from the typing
    new_url: str
    list_url: str
    document_id: int | None = None
    edit_url: str = ""
    discard_url: str = ""
    discard_words: str = ""
    preview_url: str = ""


NEW_URLS = {"invoice": "dashboard:invoice_new", "quote": "dashboard:quote_new"}


def new_url_of(kind: str) -> str:
    """Where a new document of this kind is typed; an invoice where the kind is not one of ours."""
    return reverse(NEW_URLS.get(kind, NEW_URLS["invoice"]))


def invoice_pages(invoice: Invoice) -> EditorPages:
    key = invoice.pk
    return EditorPages(
        kind="invoice",
        title=_("Brouillon de facture") if key else _("Nouvelle facture"),
        lines_caption=_("Lignes de la facture"),
        autosave=_("S’enregistre toute seule"),
        finalise=_("Finaliser la facture"),
        terms="dashboard/invoices/terms.html",
        terms_saved="dashboard/invoices/terms_saved.html",
        new_url=new_url_of("invoice"),
        list_url=reverse("dashboard:invoices"),
        document_id=key,
        edit_url=reverse("dashboard:invoice_edit", args=[key]) if key else "",
        discard_url=reverse("dashboard:invoice_discard", args=[key]) if key else "",
        discard_words=_("Supprimer ce brouillon"),
        preview_url=reverse("dashboard:invoice_preview_pages", args=[key]) if key else "",
    )


def quote_pages(quote: Quote) -> EditorPages:
    key = quote.pk
    discard = "quote_drop_revision" if quote.is_being_revised else "quote_discard"
    return EditorPages(
        kind="quote",
        title=_quote_title(quote),
        lines_caption=_("Lignes du devis"),
        autosave=_("S’enregistre tout seul"),
        finalise=_("Finaliser le devis"),
        terms="dashboard/quotes/terms.html",
        terms_saved="dashboard/quotes/terms_saved.html",
        new_url=new_url_of("quote"),
        list_url=reverse("dashboard:quotes"),
        document_id=key,
        edit_url=reverse("dashboard:quote_edit", args=[key]) if key else "",
        discard_url=reverse(f"dashboard:{discard}", args=[key]) if key else "",
        discard_words=_("Abandonner cette version") if quote.is_being_revised else _("Supprimer ce brouillon"),
        preview_url=reverse("dashboard:quote_preview_pages", args=[key]) if key else "",
    )


def _quote_title(quote: Quote) -> str:
    if not quote.pk:
        return _("Nouveau devis")
    if quote.latest is None or quote.is_draft:
        return _("Brouillon de devis")
    return _("Devis %(number)s, version %(version)s") % {"number": quote.number, "version": quote.latest.number}


def amounts_beside(form: DocumentForm, minors: Sequence[int], currency: str) -> list[tuple[LineForm, Money | None]]:
    """Each line of a saved form with its amount; None beside a line that is not there."""
    amounts = dict(zip((line.prefix for line in form.kept), (Money(minor, currency) for minor in minors), strict=True))
    return [(line, amounts.get(line.prefix)) for line in form.rows]


def stored_amounts_beside(
    form: DocumentForm, minors: Sequence[int], currency: str
) -> list[tuple[LineForm, Money | None]]:
    """The same of a form that shows what is stored, its blank lines last."""
    amounts: list[Money | None] = [Money(minor, currency) for minor in minors]
    rows = form.rows
    amounts += [None] * (len(rows) - len(amounts))
    return list(zip(rows, amounts, strict=True))


def by_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def go(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if by_htmx(request) else HttpResponseRedirect(url)
