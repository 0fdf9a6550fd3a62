"""What we did to a document or a quote (stored), and what others did to it, or time (derived)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError


class DocumentKind(TextChoices):
    """What a row of `Invoice` is; in UNTDID 1001 380, 386 and 381. Deposits are numbered among the invoices unless the
    company chose a series for them. An opening is an invoice of a former tool, unpaid when it was taken over: it keeps
    its number, and is in none of our series nor in the chain."""

    INVOICE = "invoice", _("Facture")
    DEPOSIT = "deposit", _("Facture d’acompte")
    CREDIT_NOTE = "credit_note", _("Avoir")
    OPENING = "opening", _("Facture reprise")


QUOTE = "quote"  # what a document says it is where it is no row of `Invoice`


class SeriesKind(TextChoices):
    """What has a series of numbers of its own. `numbering.py` says how each is spelled."""

    INVOICE = "invoice", _("Factures")
    DEPOSIT = "deposit", _("Factures d’acompte")
    CREDIT_NOTE = "credit_note", _("Avoirs")
    QUOTE = "quote", _("Devis")


class LineKind(TextChoices):
    """What a line of a document is. Only an article is sold: the others have no amount of their own, rate or nature."""

    ARTICLE = "article", _("Article")
    SECTION = "section", _("Section")  # a title over the lines that follow
    SUBTOTAL = "subtotal", _("Sous-total")  # of the articles since the last section or subtotal; never typed
    COMMENT = "comment", _("Commentaire")


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


class QuoteStatus(TextChoices):
    DRAFT = "draft", _("Brouillon")
    SENT = "sent", _("Envoyé")
    ACCEPTED = "accepted", _("Accepté")
    REFUSED = "refused", _("Refusé")
    CANCELLED = "cancelled", _("Annulé")


# A new version puts a refused quote before the customer again; who refused may also accept, which staff records.
QUOTE_MOVES: dict[QuoteStatus, frozenset[QuoteStatus]] = {
    QuoteStatus.DRAFT: frozenset({QuoteStatus.SENT}),
    QuoteStatus.SENT: frozenset({QuoteStatus.ACCEPTED, QuoteStatus.REFUSED, QuoteStatus.CANCELLED}),
    QuoteStatus.REFUSED: frozenset({QuoteStatus.SENT, QuoteStatus.ACCEPTED, QuoteStatus.CANCELLED}),
    QuoteStatus.ACCEPTED: frozenset({QuoteStatus.CANCELLED}),
    QuoteStatus.CANCELLED: frozenset(),
}


class QuoteState(TextChoices):
    """The one word shown for a quote. Expired is derived from `valid_until` and the company's date."""

    DRAFT = "draft", _("Brouillon")
    SENT = "sent", _("Envoyé")
    EXPIRED = "expired", _("Expiré")
    ACCEPTED = "accepted", _("Accepté")
    REFUSED = "refused", _("Refusé")
    CANCELLED = "cancelled", _("Annulé")


class QuoteOutcome(TextChoices):
    ACCEPTED = "accepted", _("Accepté")
    REFUSED = "refused", _("Refusé")


class DecisionChannel(TextChoices):
    """How the answer came. All but the first are written down by staff."""

    PORTAL = "portal", _("en ligne")
    PHONE = "phone", _("par téléphone")
    LETTER = "letter", _("par courrier signé")
    EMAIL = "email", _("par e-mail")
    IN_PERSON = "in_person", _("de vive voix")
