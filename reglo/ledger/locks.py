"""Locks return rows. The entry chain is the last lock of every verb (DESIGN: lock order)."""

from reglo.database.prepared import Parameter, PreparedRead
from reglo.ledger.models import EntryChain

_CHAIN = PreparedRead(lambda: EntryChain.objects.select_for_update().filter(company_id=Parameter("company_id")))


def lock_entry_chain(company_id: int) -> EntryChain:
    [chain] = _CHAIN(company_id=company_id)
    return chain
