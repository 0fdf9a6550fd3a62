from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from reglo.catalog.models import Product
from reglo.catalog.services import keep_product
from reglo.companies.models import Company
from reglo.companies.states import Nature

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def keep(company: Company, **said: Any) -> Product:
    usual: dict[str, Any] = {
        "description": "Pose",
        "nature": Nature.SERVICES,
        "unit": "h",
        "unit_price": Decimal(40),
        "price_includes_vat": False,
        "vat_rate": Decimal(20),
    }
    return keep_product(company_id=company.id, now=NOW, **{**usual, **said})


def test_the_same_article_is_kept_once(company: Company):
    first = keep(company)

    assert keep(company, description=" Pose ") == first
    assert keep(company, unit_price=Decimal(41)) != first
    assert Product.objects.count() == 2


def test_what_was_put_away_is_kept_anew(company: Company):
    first = keep(company)
    Product.objects.update(archived_at=NOW)

    assert keep(company) != first


def test_a_long_description_is_cut(company: Company):
    assert len(keep(company, description="x" * 600).description) == 500
