"""What may be done with money. Verbs that call a provider run outside any transaction, and open their own."""

from reglo.payments.services.apply_event import apply_event
from reglo.payments.services.apply_snapshot import apply_snapshot
from reglo.payments.services.check_account import Check, check_account
from reglo.payments.services.check_accounts import check_accounts
from reglo.payments.services.close_attempt import close_attempt
from reglo.payments.services.compare_balances import compare_balances
from reglo.payments.services.confirm_payout import (
    PayoutNotPaid,
    ReceivedOutOfBounds,
    confirm_payout,
    undo_confirm_payout,
)
from reglo.payments.services.connect_account import AnotherAccountConnected, connect_account
from reglo.payments.services.disconnect_account import PaymentsUnderWay, disconnect_account
from reglo.payments.services.list_recent import list_recent
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
from reglo.payments.services.record_payout import record_payout
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.services.retake_difference import NoBalance, retake_difference
from reglo.payments.services.return_from_provider import return_from_provider
from reglo.payments.services.start_payment import NotPayable, start_payment
from reglo.payments.services.sweep import sweep
from reglo.payments.services.take_object import take_object
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
    "NoBalance",
    "NotPayable",
    "NothingToCollect",
    "PaymentsUnderWay",
    "PayoutNotPaid",
    "PermissionsMissing",
    "PracticeKeyInRealCompany",
    "ReceivedOutOfBounds",
    "apply_event",
    "apply_snapshot",
    "check_account",
    "check_accounts",
    "close_attempt",
    "compare_balances",
    "confirm_payout",
    "connect_account",
    "disconnect_account",
    "list_recent",
    "propose_account",
    "prune_inbox",
    "receive_event",
    "record_collection",
    "record_payout",
    "refresh_attempt",
    "retake_difference",
    "return_from_provider",
    "start_payment",
    "sweep",
    "take_object",
    "undo_collection",
    "undo_confirm_payout",
]
