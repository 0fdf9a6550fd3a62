"""What may be done with money. Verbs that call a provider run outside any transaction, and open their own."""

from reglo.payments.services.allocate_surplus import (
    NoSurplusLeft,
    SurplusNotForThisInvoice,
    allocate_surplus,
)
from reglo.payments.services.apply_event import apply_event
from reglo.payments.services.apply_snapshot import apply_snapshot
from reglo.payments.services.check_account import Check, check_account
from reglo.payments.services.check_accounts import check_accounts
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
from reglo.payments.services.pursue_refund import pursue_refund
from reglo.payments.services.receive_event import receive_event
from reglo.payments.services.record_collection import (
    CashAboveLimit,
    CollectionInFuture,
    CollectionOutOfBounds,
    NothingToCollect,
    record_collection,
)
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.services.refresh_refund import refresh_refund
from reglo.payments.services.refund_payment import (
    NotRefundable,
    RefundedMeanwhile,
    RefundOutOfBounds,
    SurplusGone,
    refund_payment,
)
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
    "NoSurplusLeft",
    "NotPayable",
    "NotRefundable",
    "NothingToCollect",
    "PaymentsUnderWay",
    "PermissionsMissing",
    "PracticeKeyInRealCompany",
    "RefundOutOfBounds",
    "RefundedMeanwhile",
    "SurplusGone",
    "SurplusNotForThisInvoice",
    "allocate_surplus",
    "apply_event",
    "apply_snapshot",
    "check_account",
    "check_accounts",
    "close_attempt",
    "connect_account",
    "disconnect_account",
    "propose_account",
    "prune_inbox",
    "pursue_refund",
    "receive_event",
    "record_collection",
    "refresh_attempt",
    "refresh_refund",
    "refund_payment",
    "return_from_provider",
    "start_payment",
    "sweep",
    "undo_collection",
]
