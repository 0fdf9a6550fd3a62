"""Small makers of believable objects, through the product's own verbs."""

from tests.factories.companies import make_company, make_user
from tests.factories.credits import make_credit, make_credit_draft
from tests.factories.customers import make_customer
from tests.factories.invoices import line, make_draft, make_issued
from tests.factories.openings import make_opening, opening_row

__all__ = [
    "line",
    "make_company",
    "make_credit",
    "make_credit_draft",
    "make_customer",
    "make_draft",
    "make_issued",
    "make_opening",
    "make_user",
    "opening_row",
]
