from typing import Any

from reglo.companies.models import Company
from reglo.customers.models import Customer
from tests.factories.companies import FOUNDED_AT


def make_customer(company: Company, **fields: Any) -> Customer:
    """A professional customer of `company`, complete."""
    usual: dict[str, Any] = {
        "name": "Menuiserie Claire Fontaine",
        "siren": "552100554",
        "email": "claire@fontaine.test",
        "address": "3 place du Marché",
        "postal_code": "38000",
        "city": "Grenoble",
        "created_at": FOUNDED_AT,
    }
    return Customer.objects.create(company=company, **{**usual, **fields})
