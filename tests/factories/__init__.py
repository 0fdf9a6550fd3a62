"""Small makers of believable objects, through the product's own verbs."""

from tests.factories.companies import make_company, make_user
from tests.factories.credits import make_credit, make_credit_draft
from tests.factories.customers import make_customer
<<<<<<< ours
from tests.factories.invoices import comment, line, make_draft, make_issued, section, subtotal
from tests.factories.quotes import accept, make_quote, make_quote_draft, option
||||||| base
from tests.factories.invoices import line, make_draft, make_issued
=======
from tests.factories.invoices import line, make_draft, make_issued
from tests.factories.openings import make_opening, opening_row
>>>>>>> theirs

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
    "make_opening",
    "make_user",
    "option",
    "section",
    "subtotal",
    "opening_row",
]
