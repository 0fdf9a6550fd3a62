"""Post a balanced entry to a company's chain."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from reglo.database.prepared import insert, insert_all, update
from reglo.ledger.locks import lock_entry_chain
from reglo.ledger.models import Entry, EntryLine
from reglo.ledger.queries import AccountMap, account_map
from reglo.ledger.states import AccountRole, Journal
from reglo.ports import ids


@dataclass(frozen=True, slots=True)
class Posting:
    """A line to post: a positive `minor` debits the role's account, a negative one credits it; zero is left out."""

    role: AccountRole
    minor: int
    label: str = ""
    auxiliary: str = ""
    auxiliary_label: str = ""


def post_entry(
    *,
    company_id: int,
    journal: Journal,
    entry_date: date,
    piece: str,
    piece_date: date,
    label: str,
    source: str,
    postings: Sequence[Posting],
    now: datetime,
    reverses: Entry | None = None,
    accounts: AccountMap | None = None,
) -> Entry | None:
    """Post `postings` as one entry, in the caller's transaction, under the chain's lock; `accounts` where the caller
    has read the map already.

    Returns None when every posting is zero: there is nothing to write. The database refuses an unbalanced entry and a
    second one for the same `source`.
    """
    kept = [posting for posting in postings if posting.minor]
    if not kept:
        return None
    assert sum(posting.minor for posting in kept) == 0, f"unbalanced entry for {source}"
    numbers = (accounts or account_map(company_id=company_id)).on(entry_date)
    rows = [
        EntryRow(
            rank=rank,
            account=numbers[posting.role][0],
            account_label=numbers[posting.role][1],
            auxiliary=posting.auxiliary,
            auxiliary_label=posting.auxiliary_label,
            label=posting.label or label,
            debit_minor=max(posting.minor, 0),
            credit_minor=max(-posting.minor, 0),
        )
        for rank, posting in enumerate(kept, start=1)
    ]
    return append_entry(
        company_id=company_id,
        journal=journal,
        entry_date=entry_date,
        piece=piece,
        piece_date=piece_date,
        label=label,
        source=source,
        rows=rows,
        now=now,
        reverses=reverses,
    )


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line as it is stored, accounts resolved."""

    rank: int
    account: str
    account_label: str
    auxiliary: str
    auxiliary_label: str
    label: str
    debit_minor: int
    credit_minor: int


def append_entry(
    *,
    company_id: int,
    journal: str,
    entry_date: date,
    piece: str,
    piece_date: date,
    label: str,
    source: str,
    rows: Sequence[EntryRow],
    now: datetime,
    reverses: Entry | None,
) -> Entry:
    """Write resolved lines, then the entry that seals them, and move the chain's head."""
    chain = lock_entry_chain(company_id)
    entry = Entry(
        id=ids.new_uuid(),
        company_id=company_id,
        position=chain.position + 1,
        journal=journal,
        entry_date=entry_date,
        piece=piece,
        piece_date=piece_date,
        label=label,
        source=source,
        reverses=reverses,
        posted_at=now,
        previous_hash=chain.head,
    )
    entry.hash = hash_entry(entry, rows)
    insert_all([_line(entry.id, company_id, row) for row in rows])
    insert(entry)
    chain.position, chain.head = entry.position, entry.hash
    update(chain, "position", "head")
    return entry


def hash_entry(entry: Entry, rows: Sequence[EntryRow]) -> str:
    """SHA-256, hex, of the previous hash and the entry as canonical JSON (`docs/algorithms/chains.md`)."""
    text = json.dumps(
        [
            entry.previous_hash,
            entry.company_id,
            entry.position,
            entry.journal,
            entry.entry_date.isoformat(),
            entry.piece,
            entry.piece_date.isoformat(),
            entry.label,
            entry.source,
            [
                [
                    *(row.rank, row.account, row.account_label, row.auxiliary, row.auxiliary_label, row.label),
                    *(row.debit_minor, row.credit_minor),
                ]
                for row in rows
            ],
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _line(entry_id: UUID, company_id: int, row: EntryRow) -> EntryLine:
    return EntryLine(
        company_id=company_id,
        entry_id=entry_id,
        rank=row.rank,
        account=row.account,
        account_label=row.account_label,
        auxiliary=row.auxiliary,
        auxiliary_label=row.auxiliary_label,
        label=row.label,
        debit_minor=row.debit_minor,
        credit_minor=row.credit_minor,
    )
