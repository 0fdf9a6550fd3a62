"""What we did to a document (stored), and what others did to it (derived)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError


class DocumentKind(TextChoices):
    """What a row of `Invoice` is; in UNTDID 1001 380 and 381. An opening is an invoice of a former tool, unpaid when
    it was taken over: it keeps its number, and is in none of our series nor in the chain."""

    INVOICE = "invoice", _("Facture")
    CREDIT_NOTE = "credit_note", _("Avoir")
    OPENING = "opening", _("Facture reprise")


class SeriesKind(TextChoices):
    """What has a series of numbers of its own. `numbering.py` says how each is spelled."""

    INVOICE = "invoice", _("Factures")
    DEPOSIT = "deposit", _("Factures d’acompte")
    CREDIT_NOTE = "credit_note", _("Avoirs")
    QUOTE = "quote", _("Devis")


class InvoiceStatus(TextChoices):
    DRAFT = "draft", _("Brouillon")
    ISSUED = "issued", _("Finalisée")
    CREDITED = "credited", _("Annulée par avoir")


INVOICE_MOVES: dict[InvoiceStatus, frozenset[InvoiceStatus]] = {
    InvoiceStatus.DRAFT: frozenset({InvoiceStatus.ISSUED}),
    InvoiceStatus.ISSUED: frozenset({InvoiceStatus.CREDITED}),
    InvoiceStatus.CREDITED: frozenset(),
}


class InvoiceState(TextChoices):
    """The one word shown for a document. Draft, issued and credited are ours; the others are derived.

    Issued is that of a credit note: nobody owes it, so nothing else can be said of it.
    """

    DRAFT = "draft", _("Brouillon")
    ISSUED = "issued", _("Émis")
    DUE = "due", _("À payer")
    PENDING = "pending", _("Paiement en cours")
    PARTLY_PAID = "partly_paid", _("Payée en partie")
    PAID = "paid", _("Payée")
    OVERDUE = "overdue", _("En retard")
    DISPUTED = "disputed", _("Contestée")
    CREDITED = "credited", _("Annulée par avoir")


class InvalidMove(RegloError):
    code = "invalid_move"
    status = 409
    message = _("Ce document est déjà « %(from_status)s » : cette action n’est plus possible.")
