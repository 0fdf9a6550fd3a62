"""Words of mails and links that are stored, and the moves that are allowed between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageKind(TextChoices):
    INVOICE = "invoice", _("Facture")
    RECEIPT = "receipt", _("Reçu")
    REFUSAL = "refusal", _("Paiement non abouti")


class MessageState(TextChoices):
    """Where a mail stands. *Remis au serveur*: the next server took it. *Distribué*: its provider says so."""

    PREPARED = "prepared", _("Préparé")
    QUEUED = "queued", _("En attente d’envoi")
    SENT = "sent", _("Remis au serveur")
    DELIVERED = "delivered", _("Distribué")
    SEEN = "seen", _("Lien consulté")
    FAILED = "failed", _("Non distribué")


MESSAGE_MOVES: dict[MessageState, frozenset[MessageState]] = {
    MessageState.PREPARED: frozenset({MessageState.QUEUED}),
    MessageState.QUEUED: frozenset({MessageState.SENT, MessageState.FAILED}),
    MessageState.SENT: frozenset({MessageState.DELIVERED, MessageState.SEEN, MessageState.FAILED}),
    MessageState.DELIVERED: frozenset({MessageState.SEEN, MessageState.FAILED}),
    MessageState.SEEN: frozenset(),
    MessageState.FAILED: frozenset({MessageState.QUEUED}),
}


class AlertState(TextChoices):
    """Where an alert stands. What its server refuses for good is shown on the home page anyway."""

    QUEUED = "queued", _("En attente d’envoi")
    SENT = "sent", _("Remise au serveur")
    FAILED = "failed", _("Non distribuée")


class LinkRight(TextChoices):
    """What the bearer of a link may do with its one document."""

    VIEW = "view", _("Voir")
    VIEW_AND_PAY = "view_and_pay", _("Voir et payer")
    PAY_ONLY = "pay_only", _("Payer, sans voir le document")

    @property
    def may_view(self) -> bool:
        return self is not LinkRight.PAY_ONLY

    @property
    def may_pay(self) -> bool:
        return self is not LinkRight.VIEW


class Security(TextChoices):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls", _("STARTTLS (port 587, le plus courant)")
    TLS = "tls", _("TLS (port 465)")
    NONE = "none", _("Aucun (serveur sur cette machine)")
