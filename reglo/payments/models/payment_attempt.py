"""Somebody is trying to pay."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.errors import RegloError
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models.provider_account import ProviderAccount
from reglo.payments.states import ATTEMPT_MOVES, PENDING_STATES, AttemptState, Method, OfferedMethods


class AttemptAlreadyOver(RegloError):
    code = "attempt_already_over"
    status = 409
    message = _("Ce paiement est déjà « %(state)s ».")


class PaymentAttempt(models.Model):
    """Its id is committed before the provider is called, and is the idempotency key of that call."""

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="payment_attempts")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="attempts")
    state = models.CharField(max_length=12, choices=AttemptState.choices, default=AttemptState.UNKNOWN)
    amount_minor = MinorField()
    currency = models.CharField(max_length=3)
    external_id = models.CharField(max_length=100, null=True, blank=True)  # "cs_…", once the provider answered
    offers = models.CharField(
        max_length=20, choices=OfferedMethods.choices, default=OfferedMethods.CARD
    )  # at its birth
    method = models.CharField(max_length=15, choices=Method.choices, blank=True)  # the one last tried on the page
    redirect_url = models.TextField(blank=True)  # the hosted page, while it is open
    failure = models.CharField(max_length=100, blank=True)  # the provider's own code: "card_declined"
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_attempt_per_provider_object"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="attempts_are_positive"),
        ]
        indexes = [
            models.Index(
                fields=["account", "created_at"],
                condition=models.Q(state__in=[AttemptState.UNKNOWN, AttemptState.OPEN, AttemptState.PROCESSING]),
                name="pending_attempts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING_STATES

    @property
    def is_debit(self) -> bool:
        """Whether a bank account was given: the money takes days, and may be refused at their end."""
        return self.method == Method.SEPA_DEBIT

    def can_move_to(self, state: AttemptState) -> bool:
        return state in ATTEMPT_MOVES[AttemptState(self.state)]

    def move_to(self, state: AttemptState) -> None:
        """The only way to change `state`. Moving to the present state is a no-op. Raises AttemptAlreadyOver."""
        if self.state == state:
            return
        if not self.can_move_to(state):
            raise AttemptAlreadyOver(state=AttemptState(self.state).label)
        self.state = state


class AttemptLine(models.Model):
    """A document that the attempt would pay, and how much of it. A document has one open line at most."""

    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="lines")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="attempt_lines")
    amount_minor = MinorField()
    open = models.BooleanField(default=True)  # true while the attempt is pending

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(open=True), name="one_open_attempt_per_document"
            ),
            models.UniqueConstraint(fields=["attempt", "invoice"], name="one_line_per_document"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} → {self.invoice_id}"
