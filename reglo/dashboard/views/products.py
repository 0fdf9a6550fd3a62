"""Articles: what fills a line in one choice."""

import re

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reglo.catalog.models import Product
from reglo.companies.permissions import Right
from reglo.dashboard.access import StaffRequest, staff
from reglo.dashboard.asked import whole_number
from reglo.dashboard.catalogue_lines import SUGGESTED, price_of, products_like
from reglo.dashboard.editing import new_url_of
from reglo.dashboard.forms.products import ProductForm
from reglo.dashboard.forms.vat_choice import token_of_line
from reglo.dashboard.paging import page_of
from reglo.money import Money
from reglo.ports import clock
from reglo.ui.notices import notify

_LINE = re.compile(r"[a-z]+-\d{1,4}", re.ASCII)


@staff(Right.READ)
def products(request: StaffRequest) -> HttpResponse:
    archived = request.GET.get("etat") == "archives"
    search = request.GET.get("q", "").strip()[:100]
    found = _found(request, search).filter(archived_at__isnull=not archived)

    def fetch(after: str, before: str, limit: int) -> list[Product]:
        return _by_description(found, after, before, limit)

    page = page_of(request.GET, fetch, lambda product: str(product.pk))
    currency = request.company.currency
    rows = [(product, Money.from_decimal(product.unit_price, currency)) for product in page.rows]
    context = {"page": page, "rows": rows, "search": search, "archived": archived}
    return render(request, "dashboard/products/list.html", context)


@staff(Right.WRITE)
def new(request: StaffRequest) -> HttpResponse:
    product = Product(company=request.company, created_at=clock.now())
    form = ProductForm(request.POST or None, instance=product, company=request.company)
    if form.is_valid():
        form.save()
        notify(request, _("Article ajouté."))
        return HttpResponseRedirect(reverse("dashboard:products"))
    return _file(request, form, _("Nouvel article"))


@staff(Right.WRITE)
def edit(request: StaffRequest, product_id: int) -> HttpResponse:
    product = get_object_or_404(Product, company=request.company, id=product_id)
    form = ProductForm(request.POST or None, instance=product, company=request.company)
    if form.is_valid():
        form.save()
        notify(request, _("Article enregistré. Les factures déjà écrites ne changent pas."))
        return HttpResponseRedirect(reverse("dashboard:products"))
    return _file(request, form, _("Modifier l’article"))


@staff(Right.WRITE)
def archive(request: StaffRequest, product_id: int) -> HttpResponse:
    """No longer propose it; documents keep what they say."""
    product = get_object_or_404(Product, company=request.company, id=product_id)
    if request.method == "POST":
        product.archived_at = clock.now()
        product.save(update_fields=["archived_at"])
        notify(request, _("Article archivé."), undo_url=reverse("dashboard:product_restore", args=[product.pk]))
    return HttpResponseRedirect(reverse("dashboard:products"))


@staff(Right.WRITE)
def restore(request: StaffRequest, product_id: int) -> HttpResponse:
    product = get_object_or_404(Product, company=request.company, id=product_id)
    if request.method == "POST":
        product.archived_at = None
        product.save(update_fields=["archived_at"])
        notify(request, _("Article rétabli."))
    return HttpResponseRedirect(reverse("dashboard:products"))


@staff(Right.WRITE)
def suggestions(request: StaffRequest) -> HttpResponse:
    """Articles that a line's description may become: a choice fills the line."""
    prefix = request.GET.get("line", "")
    search = request.GET.get(f"{prefix}-description", "").strip()[:100]
    with_vat = request.GET.get("prices_include_vat") == "1"
    found = products_like(request.company, search, most=SUGGESTED) if search else []
    context = {
        "prefix": prefix if _LINE.fullmatch(prefix) else "",
        "suggestions": [(product, price_of(product, with_vat=with_vat)) for product in found],
        "editor_url": new_url_of(request.GET.get("kind", "")),  # it knows its document, which is posted with it
        "live": True,
    }
    return render(request, "dashboard/products/suggestions.html", context)


<<<<<<< ours
||||||| base
def _typed_line(prefix: str, product: Product, with_vat: bool) -> dict[str, str]:
    """The fields of a line as if `product` had been typed there."""
    return {
        f"{prefix}-description": product.description,
        f"{prefix}-nature": product.nature,
        f"{prefix}-unit": product.unit,
        f"{prefix}-unit_price": typed(_price(product, with_vat), 2),
        f"{prefix}-vat_rate": plain(product.vat_rate),
        "refreshed_line": prefix,
    }


def _price(product: Product, with_vat: bool) -> Decimal:
    """The price in the invoice's own mode, to the cent where it has to be converted."""
    if product.price_includes_vat == with_vat:
        return product.unit_price
    factor = 1 + product.vat_rate / 100
    price = product.unit_price * factor if with_vat else product.unit_price / factor
    return Decimal(round_half_up(price * 100)) / 100


=======
def _typed_line(prefix: str, product: Product, with_vat: bool) -> dict[str, str]:
    """The fields of a line as if `product` had been typed there."""
    return {
        f"{prefix}-description": product.description,
        f"{prefix}-nature": product.nature,
        f"{prefix}-unit": product.unit,
        f"{prefix}-unit_price": typed(_price(product, with_vat), 2),
        f"{prefix}-vat_rate": token_of_line(product) or plain(product.vat_rate),
        "refreshed_line": prefix,
    }


def _price(product: Product, with_vat: bool) -> Decimal:
    """The price in the invoice's own mode, to the cent where it has to be converted."""
    if product.price_includes_vat == with_vat:
        return product.unit_price
    factor = 1 + product.vat_rate / 100
    price = product.unit_price * factor if with_vat else product.unit_price / factor
    return Decimal(round_half_up(price * 100)) / 100


>>>>>>> theirs
def _found(request: StaffRequest, search: str) -> QuerySet[Product]:
    every = Product.objects.filter(company=request.company)
    return every.filter(description__icontains=search) if search else every


def _by_description(found: QuerySet[Product], after: str, before: str, limit: int) -> list[Product]:
    """The articles just after one of them, or just before, by description."""
    number = whole_number(after or before)
    edge = found.filter(id=number).first() if number else None
    if edge and before:
        near = found.filter(Q(description__lt=edge.description) | Q(description=edge.description, id__lt=edge.pk))
        return list(near.order_by("-description", "-id")[:limit])[::-1]
    if edge:
        found = found.filter(Q(description__gt=edge.description) | Q(description=edge.description, id__gt=edge.pk))
    return list(found.order_by("description", "id")[:limit])


def _file(request: StaffRequest, form: ProductForm, title: str) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "dashboard/products/file.html", {"form": form, "title": title}, status=status)
