"""What may be done with money. Verbs that call a provider run outside any transaction, and open their own."""

from reglo.payments.services.allocate_surplus import (
    NoSurplusLeft,
    SurplusNotForThisInvoice,
    allocate_surplus,
)
from reglo.payments.services.apply_event import apply_event, apply_events
from reglo.payments.services.apply_snapshot import apply_snapshot
from reglo.payments.services.attach_payment import (
    CurrencyDiffers,
    NothingOwed,
    PaymentNotThere,
    attach_payment,
)
from reglo.payments.services.check_account import Check, check_account
from reglo.payments.services.check_accounts import check_accounts
from reglo.payments.services.choose_methods import choose_methods
from reglo.payments.services.close_attempt import close_attempt
from reglo.payments.services.compare_balances import compare_balances
from reglo.payments.services.confirm_payout import (
    PayoutNotPaid,
    ReceivedOutOfBounds,
    confirm_payout,
    undo_confirm_payout,
)
from reglo.payments.services.connect_account import AnotherAccountConnected, connect_account
from reglo.payments.services.credit_invoice import credit_invoice
from reglo.payments.services.credit_refunds import credit_refunds
from reglo.payments.services.disconnect_account import PaymentsUnderWay, disconnect_account
from reglo.payments.services.finalise_credit_note import finalise_credit_note
from reglo.payments.services.ignore_payment import ignore_payment
from reglo.payments.services.list_recent import list_recent
from reglo.payments.services.missed_events import store_history, store_missed_events
from reglo.payments.services.note_unmatched import note_unmatched
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
from reglo.payments.services.record_payout import record_payout
from reglo.payments.services.recreate_endpoint import recreate_endpoint
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.services.refresh_refund import refresh_refund
from reglo.payments.services.refund_payment import (
    NotRefundable,
    RefundedMeanwhile,
    RefundOutOfBounds,
    SurplusGone,
    refund_payment,
)
from reglo.payments.services.renew_secret import SecretJustRenewed, SecretNotRenewable, renew_secret
from reglo.payments.services.retake_difference import NoBalance, retake_difference
from reglo.payments.services.return_from_provider import return_from_provider
from reglo.payments.services.settle_lost_dispute import (
    DisputeAwaitsNoChoice,
    NothingToReclaim,
    settle_lost_dispute,
)
from reglo.payments.services.start_payment import NotPayable, start_payment
from reglo.payments.services.sweep import sweep
from reglo.payments.services.take_object import take_object
from reglo.payments.services.take_over_account import take_over_account
from reglo.payments.services.undo_collection import (
    CollectionAlreadyUndone,
    CollectionNotUndoable,
    undo_collection,
)
from reglo.payments.services.unignore_payment import unignore_payment

__all__ = [
    "AccountTaken",
    "AnotherAccountConnected",
    "CashAboveLimit",
    "Check",
    "CollectionAlreadyUndone",
    "CollectionInFuture",
    "CollectionNotUndoable",
    "CollectionOutOfBounds",
    "CurrencyDiffers",
    "DisputeAwaitsNoChoice",
    "LiveKeyInPracticeCompany",
    "NoBalance",
    "NoSurplusLeft",
    "NotPayable",
    "NotRefundable",
    "NothingOwed",
    "NothingToCollect",
    "NothingToReclaim",
    "PaymentNotThere",
    "PaymentsUnderWay",
    "PayoutNotPaid",
    "PermissionsMissing",
    "PracticeKeyInRealCompany",
    "ReceivedOutOfBounds",
    "RefundOutOfBounds",
    "RefundedMeanwhile",
    "SecretJustRenewed",
    "SecretNotRenewable",
    "SurplusGone",
    "SurplusNotForThisInvoice",
    "allocate_surplus",
    "apply_event",
    "apply_events",
    "apply_snapshot",
    "attach_payment",
    "check_account",
    "check_accounts",
    "choose_methods",
    "close_attempt",
    "compare_balances",
    "confirm_payout",
    "connect_account",
    "credit_invoice",
    "credit_refunds",
    "disconnect_account",
    "finalise_credit_note",
    "ignore_payment",
    "list_recent",
    "note_unmatched",
    "propose_account",
    "prune_inbox",
    "pursue_refund",
    "receive_event",
    "record_collection",
    "record_payout",
    "recreate_endpoint",
    "refresh_attempt",
    "refresh_refund",
    "refund_payment",
    "renew_secret",
    "retake_difference",
    "return_from_provider",
    "settle_lost_dispute",
    "start_payment",
    "store_history",
    "store_missed_events",
    "sweep",
    "take_object",
    "take_over_account",
    "undo_collection",
    "undo_confirm_payout",
    "unignore_payment",
]
