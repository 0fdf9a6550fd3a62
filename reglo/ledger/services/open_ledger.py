"""Give a new company its accounts and the empty chain of its entries."""

from reglo.companies.models import Company
from reglo.ledger.chart import DEFAULT_CHART, FROM_THE_START
from reglo.ledger.models import AccountMapping, EntryChain


def open_ledger(*, company: Company) -> None:
    """Create the default account map and the entry chain, in the caller's transaction. Called once per company."""
    EntryChain.objects.create(company=company)
    AccountMapping.objects.bulk_create(
        AccountMapping(company=company, role=role, number=number, label=label, effective_date=FROM_THE_START)
        for role, (number, label) in DEFAULT_CHART.items()
    )
