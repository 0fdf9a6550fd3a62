"""A mail about a document."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo import secrets
from reglo.companies.models import Company
from reglo.delivery.models.portal_link import PortalLink, one_of
from reglo.delivery.states import MESSAGE_MOVES, MessageKind, MessageState
from reglo.errors import RegloError
from reglo.invoicing.models import Invoice, Quote
from reglo.payments.models import Payment


class MessageAlreadySent(RegloError):
    code = "message_already_sent"
    status = 409
    message = _("Cet e-mail est déjà « %(state)s ».")


class Message(models.Model):
    """Its `message_id` is fixed when it is prepared: sent twice after a crash, it is the same mail.

    `body` is plain text in which the line `[link_label]` stands for the link. The link's token is needed until the
    mail left, perhaps after several tries: it is kept encrypted until then, and erased.
    """

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    # One of the two.
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="messages")
    quote = models.ForeignKey(Quote, null=True, on_delete=models.PROTECT, related_name="messages")
    payment = models.ForeignKey(Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(PortalLink, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.PREPARED)
    message_id = models.CharField(max_length=120, unique=True)
    to = models.EmailField(_("destinataire"), blank=True)
    subject = models.CharField(_("objet"), max_length=400)
    body = models.TextField(_("message"), max_length=10_000)
    link_label = models.CharField(max_length=80)
    attach_pdf = models.BooleanField(_("joindre le PDF"), default=True)
    sealed_token = models.TextField(blank=True)
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    sending_at = models.DateTimeField(
        null=True, blank=True
    )  # the last try began: committed before the server is called
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)  # a sentence for a person

    class Meta:
        verbose_name = _("e-mail")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"],
                condition=models.Q(state=MessageState.PREPARED, kind=MessageKind.INVOICE),
                name="one_prepared_mail_per_invoice",
            ),
            models.UniqueConstraint(
                fields=["quote"],
                condition=models.Q(state=MessageState.PREPARED, kind=MessageKind.QUOTE),
                name="one_prepared_mail_per_quote",
            ),
            models.CheckConstraint(
                condition=(~models.Q(kind=MessageKind.QUOTE) & models.Q(invoice__isnull=False, quote=None))
                | models.Q(kind=MessageKind.QUOTE, invoice=None, quote__isnull=False),
                name="a_mail_is_about_one_document",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=models.Q(kind=MessageKind.RECEIPT),
                name="one_receipt_per_payment",
            ),
            models.CheckConstraint(
                condition=(~models.Q(kind=MessageKind.RECEIPT) & models.Q(payment=None))
                | models.Q(kind=MessageKind.RECEIPT, payment__isnull=False),
                name="a_receipt_is_for_a_payment",
            ),
        ]
        indexes = [models.Index(fields=["company", "invoice"], name="messages_by_invoice")]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}: {self.state}"

    @property
    def document(self) -> Invoice | Quote:
        return one_of(self.invoice, self.quote)

    @property
    def frozen(self) -> str:
        """The content of its document as text: of a quote, of the version that the customer sees."""
        if self.quote is None:
            assert self.invoice is not None, "a mail is about a document"
            return self.invoice.frozen
        assert self.quote.offered is not None, "only what is finalised is mailed"
        return self.quote.offered.frozen

    @property
    def placeholder(self) -> str:
        """The line of the body that becomes the link: « [Voir et payer la facture] »."""
        return f"[{self.link_label}]"

    def move_to(self, state: MessageState) -> None:
        """The only way to change `state`. Moving to the present state is a no-op. Raises MessageAlreadySent."""
        if self.state == state:
            return
        if state not in MESSAGE_MOVES[MessageState(self.state)]:
            raise MessageAlreadySent(state=MessageState(self.state).label)
        self.state = state

    def seal_token(self, token: str) -> None:
        self.sealed_token = secrets.seal(token, context=self.seal_context("sealed_token"))

    def open_token(self) -> str:
        """The token of its link, until the mail left. Raises SealBroken."""
        return secrets.open_sealed(self.sealed_token, context=self.seal_context("sealed_token"))

    def seal_context(self, column: str) -> str:
        """What ties a ciphertext to this row and column."""
        return f"delivery.message:{self.id}:{column}"
