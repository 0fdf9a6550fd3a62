"""*Ajouter au catalogue*: a line becomes an article, so that it is not typed again."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from reglo.catalog.models import Product
from reglo.companies.locks import lock_company
from reglo.companies.states import Nature

LONGEST_DESCRIPTION = 500


def keep_product(
    *,
    company_id: int,
    description: str,
    nature: Nature,
    unit: str,
    unit_price: Decimal,
    price_includes_vat: bool,
    vat_rate: Decimal,
    now: datetime,
) -> Product:
    """The article with this description, cut at 500 characters: a new one, or the one that says the same already."""
    said = {
        "description": description.strip()[:LONGEST_DESCRIPTION],
        "nature": nature,
        "unit": unit,
        "unit_price": unit_price,
        "price_includes_vat": price_includes_vat,
        "vat_rate": vat_rate,
    }
    with transaction.atomic():
        lock_company(company_id)
        known = Product.objects.filter(company_id=company_id, archived_at=None, **said).order_by("id").first()
        return known or Product.objects.create(company_id=company_id, created_at=now, **said)
