"""Money given back through a provider."""

from django.conf import settings
from django.db import models

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.money import Money
from reglo.payments.models.payment import Payment
from reglo.payments.models.provider_account import ProviderAccount
from reglo.payments.states import REFUND_MOVES, REFUNDS_UNDER_WAY, RefundReason, RefundState


class Refund(models.Model):
    """A refund that we ordered, or that was made at the provider, once per refund id.

    The id of an order is committed before the provider is called, and is the idempotency key of that call.
    `refunded_at` is when the provider made it; until it tells, when we asked.
    """

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="refunds")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="refunds")
    external_id = models.CharField(max_length=100, null=True, blank=True)  # "re_…", once the provider answered
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    state = models.CharField(max_length=10, choices=RefundState.choices)
    amount_minor = MinorField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=10, choices=RefundReason.choices, blank=True)
    failure = models.CharField(max_length=100, blank=True)  # a code: the provider's own, or one of ours
    requested_at = models.DateTimeField(null=True, blank=True)  # null: made at the provider
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refunded_at = models.DateTimeField()
    refunded_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_row_per_refund"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="refunds_are_positive"),
            models.CheckConstraint(
                condition=models.Q(external_id__isnull=False)
                | models.Q(requested_at__isnull=False, state__in=[RefundState.REQUESTED, RefundState.FAILED]),
                name="a_refund_is_told_or_asked_for",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "refunded_on"], name="refunds_by_date"),
            models.Index(
                fields=["account", "recorded_at"],
                condition=models.Q(state__in=[RefundState.REQUESTED, RefundState.PENDING]),
                name="refunds_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id or self.id} {self.state}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_external(self) -> bool:
        """Made at the provider, not ordered here."""
        return self.requested_at is None

    @property
    def is_under_way(self) -> bool:
        return self.state in REFUNDS_UNDER_WAY

    def can_move_to(self, state: RefundState) -> bool:
        """What the provider never told of may turn out to be anything: it was perhaps given up too early."""
        return self.external_id is None or state in REFUND_MOVES[RefundState(self.state)]
