"""Money given back through a provider."""

from django.db import models

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.payments.models.payment import Payment
from reglo.payments.models.provider_account import ProviderAccount
from reglo.payments.states import REFUND_MOVES, RefundState


class Refund(models.Model):
    """A refund as the provider tells it, once per refund id."""

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="refunds")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="refunds")
    external_id = models.CharField(max_length=100)  # "re_…"
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    state = models.CharField(max_length=10, choices=RefundState.choices)
    amount_minor = MinorField()
    currency = models.CharField(max_length=3)
    refunded_at = models.DateTimeField()
    refunded_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_row_per_refund"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="refunds_are_positive"),
        ]
        indexes = [models.Index(fields=["company", "refunded_on"], name="refunds_by_date")]

    def __str__(self) -> str:
        return f"{self.external_id} {self.state}"

    def can_move_to(self, state: RefundState) -> bool:
        return state in REFUND_MOVES[RefundState(self.state)]
