"""Small makers of believable objects, through the product's own verbs."""

from tests.factories.companies import make_company, make_user
from tests.factories.credits import make_credit, make_credit_draft
from tests.factories.customers import make_customer
from tests.factories.invoices import comment, line, make_draft, make_issued, section, subtotal
from tests.factories.quotes import accept, make_quote, make_quote_draft, option

__all__ = [
    "accept",
    "comment",
    "line",
    "make_company",
    "make_credit",
    "make_credit_draft",
    "make_customer",
    "make_draft",
    "make_issued",
    "make_quote",
    "make_quote_draft",
    "make_user",
    "option",
    "section",
    "subtotal",
]
