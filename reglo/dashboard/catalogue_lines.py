"""From an article of the catalogue to a line as if it had been typed, and back."""

from decimal import Decimal

from reglo.catalog.models import Product
from reglo.companies.models import Company
from reglo.dashboard.forms.figures import typed
from reglo.invoicing.content import plain
from reglo.invoicing.states import LineKind
from reglo.money import round_half_up

SUGGESTED = 5
LISTED = 20  # by the button, which asks for all of them


def products_like(company: Company, search: str, *, most: int) -> list[Product]:
    """At most `most` articles whose description has `search` in it, by description."""
    found = Product.objects.filter(company=company, archived_at=None, description__icontains=search)
    return list(found.order_by("description", "id")[:most])


def products_for(company: Company, description: str) -> list[Product]:
    """Those like what is typed, or all where nothing is."""
    search = description.strip()[:100]
    return products_like(company, search, most=LISTED) or products_like(company, "", most=LISTED)


def typed_line(prefix: str, product: Product, *, with_vat: bool) -> dict[str, str]:
    """The fields of a line as if `product` had been typed there. Quantity and discount stay as they are."""
    return {
        f"{prefix}-kind": LineKind.ARTICLE.value,
        f"{prefix}-description": product.description,
        f"{prefix}-nature": product.nature,
        f"{prefix}-unit": product.unit,
        f"{prefix}-unit_price": typed(price_of(product, with_vat=with_vat), 2),
        f"{prefix}-vat_rate": plain(product.vat_rate),
    }


def price_of(product: Product, *, with_vat: bool) -> Decimal:
    """The price in the document's own mode, to the cent where it has to be converted."""
    if product.price_includes_vat == with_vat:
        return product.unit_price
    factor = 1 + product.vat_rate / 100
    price = product.unit_price * factor if with_vat else product.unit_price / factor
    return Decimal(round_half_up(price * 100)) / 100
