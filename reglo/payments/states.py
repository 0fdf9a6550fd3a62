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
    PENDING = "pending", _("En cours")
    SUCCEEDED = "succeeded", _("Remboursé")
    FAILED = "failed", _("Échoué")
    CANCELED = "canceled", _("Annulé")


# The bank may send back a refund that had left; nothing else undoes an ending.
REFUND_MOVES: dict[RefundState, frozenset[RefundState]] = {
    RefundState.PENDING: frozenset({RefundState.SUCCEEDED, RefundState.FAILED, RefundState.CANCELED}),
    RefundState.SUCCEEDED: frozenset({RefundState.FAILED}),
    RefundState.FAILED: frozenset(),
    RefundState.CANCELED: frozenset(),
}


class NoticeState(TextChoices):
    """What became of a notification in the inbox."""

    RECEIVED = "received", _("Reçue")
    APPLIED = "applied", _("Appliquée")
    IGNORED = "ignored", _("Sans objet")
