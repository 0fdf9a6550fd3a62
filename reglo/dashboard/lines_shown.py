"""What the address of the editor asks for among its lines, and *Ajouter au catalogue*."""

from typing import Any

from django.utils.translation import gettext as _

from reglo.catalog.services import keep_product
from reglo.companies.states import Nature
from reglo.dashboard.access import StaffRequest
from reglo.dashboard.asked import whole_number
from reglo.dashboard.catalogue_lines import price_of, products_for
from reglo.dashboard.forms.draft import DocumentForm
from reglo.invoicing.states import LineKind
from reglo.ports import clock
from reglo.ui.notices import notify, notify_failure


def lines_asked(request: StaffRequest, form: DocumentForm) -> dict[str, Any]:
    """For a page that shows a draft as it is: `?ligne=section` one more line, `?article=3` the articles for the third,
    `?colle=4-15` those just pasted, which *Annuler* takes away."""
    if kind := request.GET.get("ligne"):
        form.add_blank(LineKind(kind) if kind in LineKind.values else LineKind.ARTICLE)
    rows = form.rows
    context: dict[str, Any] = {}
    asked = whole_number(request.GET.get("article", ""))
    if asked and asked <= len(rows) and rows[asked - 1].is_article:
        line = rows[asked - 1]
        context |= {
            "asked_line": line.prefix,
            "suggestions": [
                (product, price_of(product, with_vat=form.document.prices_include_vat))
                for product in products_for(request.company, str(line["description"].value() or ""))
            ],
        }
    first, _dash, last = request.GET.get("colle", "").partition("-")
    ranks = range(whole_number(first) or 1, min(whole_number(last) or 0, len(rows)) + 1)
    for rank in ranks:
        rows[rank - 1].initial["pasted"] = True
    return {**context, "pasted": len(ranks)}


def keep_line(request: StaffRequest, form: DocumentForm, *, with_vat: bool) -> None:
    """*Ajouter au catalogue*: the line whose button was pressed, which is saved already."""
    company = request.company
    chosen = next((line for line in form.kept if line.prefix == request.POST["keep"] and line.is_article), None)
    line = chosen.line() if chosen else None
    if line is None or not line.description.strip():
        notify_failure(request, _("Décrivez d’abord ce que vous vendez : cette ligne est vide."))
        return
    keep_product(
        company_id=company.id,
        description=line.description,
        nature=Nature(line.nature),
        unit=line.unit,
        unit_price=line.unit_price,
        price_includes_vat=with_vat,
        vat_rate=line.vat_rate,
        now=clock.now(),
    )
    notify(request, _("Article ajouté au catalogue."))
