"""What may be done to the ledger."""

from reglo.ledger.services.confirm_accounts import confirm_accounts
from reglo.ledger.services.map_account import BadAccountNumber, map_account
from reglo.ledger.services.map_accounts import map_accounts, undo_map_accounts
from reglo.ledger.services.open_ledger import open_ledger
from reglo.ledger.services.post_entry import Posting, post_entry
from reglo.ledger.services.reverse_entry import reverse_entry

__all__ = [
    "BadAccountNumber",
    "Posting",
    "confirm_accounts",
    "map_account",
    "map_accounts",
    "open_ledger",
    "post_entry",
    "reverse_entry",
    "undo_map_accounts",
]
