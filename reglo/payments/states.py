"""Words of payments that are stored, and the moves that are allowed between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccountMode(TextChoices):
    """Simulated is a test account of the sandbox; wherever test is said, simulated is meant too."""

    LIVE = "live", _("Réel")
    TEST = "test", _("Test")
    SIMULATED = "simulated", _("Simulé")


class AccountState(TextChoices):
    """Only an active account takes payments."""

    PENDING = "pending", _("Connexion commencée")
    ACTIVE = "active", _("Connecté")
    BROKEN = "broken", _("Clé refusée")
    DISCONNECTED = "disconnected", _("Déconnecté")


ACCOUNT_MOVES: dict[AccountState, frozenset[AccountState]] = {
    AccountState.PENDING: frozenset({AccountState.ACTIVE, AccountState.DISCONNECTED}),
    AccountState.ACTIVE: frozenset({AccountState.PENDING, AccountState.BROKEN, AccountState.DISCONNECTED}),
    AccountState.BROKEN: frozenset({AccountState.PENDING, AccountState.ACTIVE, AccountState.DISCONNECTED}),
    AccountState.DISCONNECTED: frozenset({AccountState.PENDING}),
}


class OfferedMethods(TextChoices):
    """What a payer may choose from on the provider's page, a setting of the account."""

    CARD = "card", _("Carte seule")
    CARD_AND_DEBIT = "card_and_debit", _("Carte et prélèvement SEPA")


class AttemptState(TextChoices):
    """Where somebody's try to pay stands. Unknown: committed here, and the provider has not answered yet."""

    UNKNOWN = "unknown", _("Réponse attendue")
    OPEN = "open", _("Page de paiement ouverte")
    PROCESSING = "processing", _("Paiement en cours")
    PAID = "paid", _("Payé")
    FAILED = "failed", _("Refusé")
    EXPIRED = "expired", _("Abandonné")
    CANCELED = "canceled", _("Annulé")


PENDING_STATES = frozenset({AttemptState.UNKNOWN, AttemptState.OPEN, AttemptState.PROCESSING})

_ENDINGS = frozenset({AttemptState.PAID, AttemptState.FAILED, AttemptState.EXPIRED, AttemptState.CANCELED})

# What ended without money can still be paid: money that arrives late is booked. What is paid stays paid: the way back
# is a refund or a dispute, each a fact of its own.
ATTEMPT_MOVES: dict[AttemptState, frozenset[AttemptState]] = {
    AttemptState.UNKNOWN: _ENDINGS | {AttemptState.OPEN, AttemptState.PROCESSING},
    AttemptState.OPEN: _ENDINGS | {AttemptState.PROCESSING},
    AttemptState.PROCESSING: _ENDINGS,
    AttemptState.PAID: frozenset(),
    AttemptState.FAILED: frozenset({AttemptState.PAID}),
    AttemptState.EXPIRED: frozenset({AttemptState.PAID}),
    AttemptState.CANCELED: frozenset({AttemptState.PAID}),
}


class Method(TextChoices):
    """How money came. The first two come from a provider, the others are entered by hand."""

    CARD = "card", _("Carte bancaire")
    SEPA_DEBIT = "sepa_debit", _("Prélèvement SEPA")
    TRANSFER = "transfer", _("Virement")
    CHEQUE = "cheque", _("Chèque")
    CASH = "cash", _("Espèces")
    CARD_TERMINAL = "card_terminal", _("Carte (terminal)")
    OTHER = "other", _("Autre")


BY_HAND = (Method.TRANSFER, Method.CHEQUE, Method.CASH, Method.CARD_TERMINAL, Method.OTHER)


class RefundState(TextChoices):
    """Where a refund stands. Requested: committed here, and the provider has not answered yet."""

    REQUESTED = "requested", _("En cours")
    PENDING = "pending", _("En cours")
    SUCCEEDED = "succeeded", _("Remboursé")
    FAILED = "failed", _("Échoué")
    CANCELED = "canceled", _("Annulé")


# What may still move money, or has moved it: all that counts against the payment.
COUNTED_REFUNDS = frozenset({RefundState.REQUESTED, RefundState.PENDING, RefundState.SUCCEEDED})
REFUNDS_UNDER_WAY = frozenset({RefundState.REQUESTED, RefundState.PENDING})

# The bank may send back a refund that had left; nothing else undoes an ending.
REFUND_MOVES: dict[RefundState, frozenset[RefundState]] = {
    RefundState.REQUESTED: frozenset(
        {RefundState.PENDING, RefundState.SUCCEEDED, RefundState.FAILED, RefundState.CANCELED}
    ),
    RefundState.PENDING: frozenset({RefundState.SUCCEEDED, RefundState.FAILED, RefundState.CANCELED}),
    RefundState.SUCCEEDED: frozenset({RefundState.FAILED}),
    RefundState.FAILED: frozenset(),
    RefundState.CANCELED: frozenset(),
}


class UnmatchedState(TextChoices):
    """What was decided about a payment that came without invoice."""

    OPEN = "open", _("À rattacher")
    ATTACHED = "attached", _("Rattaché")
    IGNORED = "ignored", _("Ignoré")


UNMATCHED_MOVES: dict[UnmatchedState, frozenset[UnmatchedState]] = {
    UnmatchedState.OPEN: frozenset({UnmatchedState.ATTACHED, UnmatchedState.IGNORED}),
    UnmatchedState.IGNORED: frozenset({UnmatchedState.OPEN, UnmatchedState.ATTACHED}),
    UnmatchedState.ATTACHED: frozenset(),  # it is in the books: the way back is a refund
}


class DisputeState(TextChoices):
    """Where a contested payment stands at the customer's bank. It says nothing of money: only moves of funds do."""

    INQUIRY = "inquiry", _("Demande d’information")
    OPEN = "open", _("Réponse attendue")
    UNDER_REVIEW = "under_review", _("En cours d’examen")
    WON = "won", _("Gagnée")
    LOST = "lost", _("Perdue")
    CLOSED = "closed", _("Close sans suite")


# A loss can be turned by an appeal; nothing follows a win. No way leads back, so that older truth read late is left.
DISPUTE_MOVES: dict[DisputeState, frozenset[DisputeState]] = {
    DisputeState.INQUIRY: frozenset(
        {DisputeState.OPEN, DisputeState.UNDER_REVIEW, DisputeState.WON, DisputeState.LOST, DisputeState.CLOSED}
    ),
    DisputeState.OPEN: frozenset({DisputeState.UNDER_REVIEW, DisputeState.WON, DisputeState.LOST, DisputeState.CLOSED}),
    DisputeState.UNDER_REVIEW: frozenset({DisputeState.WON, DisputeState.LOST, DisputeState.CLOSED}),
    DisputeState.CLOSED: frozenset({DisputeState.WON, DisputeState.LOST}),
    DisputeState.LOST: frozenset({DisputeState.WON}),
    DisputeState.WON: frozenset(),
}

# What the seller can still answer, and what the bank has decided against him.
UNDER_WAY = frozenset({DisputeState.INQUIRY, DisputeState.OPEN, DisputeState.UNDER_REVIEW})
OVER_AGAINST_US = frozenset({DisputeState.LOST, DisputeState.CLOSED})


class DisputeOutcome(TextChoices):
    """What the owner made of money that a dispute took for good; empty until he chose."""

    RECLAIMED = "reclaimed", _("Réclamé à nouveau")
    WRITTEN_OFF = "written_off", _("Passé en perte")


class PayoutState(TextChoices):
    """Where the money that the provider sent to the bank stands."""

    IN_TRANSIT = "in_transit", _("En route")
    PAID = "paid", _("Versé")
    FAILED = "failed", _("Échoué")
    CANCELED = "canceled", _("Annulé")


# A bank may send back, days later, what was said to have arrived.
PAYOUT_MOVES: dict[PayoutState, frozenset[PayoutState]] = {
    PayoutState.IN_TRANSIT: frozenset({PayoutState.PAID, PayoutState.FAILED, PayoutState.CANCELED}),
    PayoutState.PAID: frozenset({PayoutState.FAILED}),
    PayoutState.FAILED: frozenset(),
    PayoutState.CANCELED: frozenset(),
}


class MovementKind(TextChoices):
    """What moved the provider's balance."""

    CHARGE = "charge", _("Vente")
    REFUND = "refund", _("Remboursement")
    DISPUTE = "dispute", _("Paiement contesté")
    FEE = "fee", _("Frais")
    PAYOUT = "payout", _("Autre virement")
    ADJUSTMENT = "adjustment", _("Ajustement")
    OTHER = "other", _("Autre")


class DifferenceKind(TextChoices):
    """How the provider's balance and our books disagree about one object."""

    MISSING_HERE = "missing_here", _("Absent de Réglo")
    MISSING_THERE = "missing_there", _("Absent chez Stripe")
    AMOUNTS = "amounts", _("Montants différents")


class RefundReason(TextChoices):
    CUSTOMER = "customer", _("À la demande du client")
    TWICE = "twice", _("Payé deux fois, ou en trop")
    OTHER = "other", _("Autre raison")


class NoticeState(TextChoices):
    """What became of a notification in the inbox."""

    RECEIVED = "received", _("Reçue")
    APPLIED = "applied", _("Appliquée")
    IGNORED = "ignored", _("Sans objet")
