"""Create a company with its books: people, ledger and chains together, or none of it."""

from datetime import datetime

from django.db import transaction

from reglo.companies.models import Company, User
from reglo.companies.services.create_company import create_company
from reglo.invoicing.models import DocumentChain
from reglo.ledger.services import open_ledger


def found_company(*, owner: User, practice: bool, name: str, now: datetime, **fields: object) -> Company:
    """The company, its owner's membership, its account map and its two chains. `practice` is fixed for ever."""
    with transaction.atomic():
        company = create_company(owner=owner, practice=practice, name=name, now=now, **fields)
        open_ledger(company=company)
        DocumentChain.objects.create(company=company)
    return company
