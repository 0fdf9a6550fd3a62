"""What may be done with money. Verbs that call a provider run outside any transaction, and open their own."""

from reglo.payments.services.apply_event import apply_event
from reglo.payments.services.apply_snapshot import apply_snapshot
from reglo.payments.services.check_account import Check, check_account
from reglo.payments.services.check_accounts import check_accounts
from reglo.payments.services.choose_methods import choose_methods
from reglo.payments.services.close_attempt import close_attempt
from reglo.payments.services.connect_account import AnotherAccountConnected, connect_account
from reglo.payments.services.disconnect_account import PaymentsUnderWay, disconnect_account
from reglo.payments.services.propose_account import (
    AccountTaken,
    LiveKeyInPracticeCompany,
    PermissionsMissing,
    PracticeKeyInRealCompany,
    propose_account,
)
from reglo.payments.services.prune_inbox import prune_inbox
from reglo.payments.services.receive_event import receive_event
from reglo.payments.services.record_collection import (
    CashAboveLimit,
    CollectionInFuture,
    CollectionOutOfBounds,
    NothingToCollect,
    record_collection,
)
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.services.return_from_provider import return_from_provider
from reglo.payments.services.start_payment import NotPayable, start_payment
from reglo.payments.services.sweep import sweep
from reglo.payments.services.undo_collection import (
    CollectionAlreadyUndone,
    CollectionNotUndoable,
    undo_collection,
)

__all__ = [
    "AccountTaken",
    "AnotherAccountConnected",
    "CashAboveLimit",
    "Check",
    "CollectionAlreadyUndone",
    "CollectionInFuture",
    "CollectionNotUndoable",
    "CollectionOutOfBounds",
    "LiveKeyInPracticeCompany",
    "NotPayable",
    "NothingToCollect",
    "PaymentsUnderWay",
    "PermissionsMissing",
    "PracticeKeyInRealCompany",
    "apply_event",
    "apply_snapshot",
    "check_account",
    "check_accounts",
    "choose_methods",
    "close_attempt",
    "connect_account",
    "disconnect_account",
    "propose_account",
    "prune_inbox",
    "receive_event",
    "record_collection",
    "refresh_attempt",
    "return_from_provider",
    "start_payment",
    "sweep",
    "undo_collection",
]
