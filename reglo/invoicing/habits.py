"""What a new document begins with: the customer's own habits, else those of the company."""

from dataclasses import dataclass

from reglo.companies.models import Company
from reglo.companies.states import TermsKind
from reglo.customers.models import Customer, Language


@dataclass(frozen=True, slots=True)
class Habits:
    terms_kind: TermsKind
    due_days: int
    language: Language
    order_reference: str
    attention: str

    def followed(self, before: "Habits", after: "Habits") -> "Habits":
        """These, with what is still as `before` become as `after`: what a person changed stays."""
        same_terms = (self.terms_kind, self.due_days) == (before.terms_kind, before.due_days)
        kept = {
            name: getattr(after if getattr(self, name) == getattr(before, name) else self, name)
            for name in ("language", "order_reference", "attention")
        }
        terms = after if same_terms else self
        return Habits(terms.terms_kind, terms.due_days, **kept)


def habits_of(company: Company, customer: Customer | None) -> Habits:
    """`customer` None: nobody is chosen yet."""
    kind, days = company.terms_kind, company.due_days
    if customer is not None and customer.terms_kind:
        kind, days = customer.terms_kind, customer.due_days or 0
    return Habits(
        TermsKind(kind),
        days,
        Language(customer.language) if customer else Language.FRENCH,
        customer.order_reference if customer else "",
        customer.attention if customer else "",
    )
