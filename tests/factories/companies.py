from datetime import UTC, datetime
from itertools import count
from typing import Any

from reglo.companies.models import Company, User
from reglo.invoicing.services import found_company
from reglo.ledger.services import confirm_accounts

FOUNDED_AT = datetime(2025, 9, 1, 8, 0, tzinfo=UTC)
_numbers = count(1)


def make_user(email: str = "", *, name: str = "Alice Martin", password: str = "une phrase de passe") -> User:
    return User.objects.create_user(email or f"alice{next(_numbers)}@example.test", password, name=name)


def make_company(*, owner: User | None = None, practice: bool = True, **fields: Any) -> Company:
    """A company ready to issue: identity complete, accounts confirmed."""
    usual: dict[str, Any] = {
        "name": "Atelier Lumen",
        "legal_form": "sarl",
        "share_capital": "8 000 €",
        "rcs_city": "Lyon",
        "siren": "732829320",
        "siret": "73282932000074",
        "vat_number": "FR44732829320",
        "address": "12 rue des Carmes",
        "postal_code": "69001",
        "city": "Lyon",
        "email": "bonjour@atelier-lumen.test",
        "iban": "FR7630006000011234567890189",
        "bic": "AGRIFRPP",
        "mediator": "CNPM Médiation Consommation, 42400 Saint-Chamond",
    }
    company = found_company(owner=owner or make_user(), practice=practice, now=FOUNDED_AT, **{**usual, **fields})
    confirm_accounts(company_id=company.id, now=FOUNDED_AT)
    return company
