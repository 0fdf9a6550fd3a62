"""Locks return rows. The entry chain is the last lock of every verb (DESIGN: lock order)."""

from reglo.ledger.models import EntryChain


def lock_entry_chain(company_id: int) -> EntryChain:
    return EntryChain.objects.select_for_update().get(company_id=company_id)
