"""A payment that its payer contests, and the funds that moved for it."""

from django.conf import settings
from django.db import models

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.money import Money
from reglo.payments.models.payment import Payment
from reglo.payments.models.provider_account import ProviderAccount
from reglo.payments.states import DISPUTE_MOVES, OVER_AGAINST_US, UNDER_WAY, DisputeOutcome, DisputeState


class Dispute(models.Model):
    """A dispute as the provider tells it, once per dispute id.

    `withdrawn_minor` is what its moves add up to, funds gone being positive; `lost_minor`, the part of it that was
    written off. Both are in `withdrawn_currency`, the account's, which its first move tells.
    """

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="disputes")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="disputes")
    external_id = models.CharField(max_length=100)  # "dp_…"
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    state = models.CharField(max_length=15, choices=DisputeState.choices)
    amount_minor = MinorField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=60, blank=True)  # the provider's word: "product_not_received"
    refundable = models.BooleanField(default=False)
    evidence_due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    withdrawn_minor = MinorField(default=0)
    withdrawn_currency = models.CharField(max_length=3, blank=True)
    outcome = models.CharField(max_length=15, choices=DisputeOutcome.choices, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lost_minor = MinorField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_row_per_dispute"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="disputes_are_positive"),
            models.CheckConstraint(
                condition=models.Q(outcome="", outcome_at=None, lost_minor=0)
                | (~models.Q(outcome="") & models.Q(outcome_at__isnull=False, lost_minor__gte=0)),
                name="dispute_outcome_has_its_date",
            ),
        ]
        indexes = [models.Index(fields=["company", "outcome", "state"], name="disputes_by_state")]

    def __str__(self) -> str:
        return f"{self.external_id} {self.state}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def withdrawn(self) -> Money:
        return Money(self.withdrawn_minor, self.withdrawn_currency or self.currency)

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def awaits_choice(self) -> bool:
        """The bank kept the money, and the owner has not said yet what becomes of the debt."""
        return self.state in OVER_AGAINST_US and self.withdrawn_minor > 0 and not self.outcome

    @property
    def gone_minor(self) -> int:
        """What it took of the payment's documents and *trop-perçu*, once decided; a loss took from neither."""
        return self.withdrawn_minor - self.lost_minor if self.outcome else 0

    def can_move_to(self, state: DisputeState) -> bool:
        return state in DISPUTE_MOVES[DisputeState(self.state)]


class DisputeMove(models.Model):
    """Funds taken (negative) or given back for a dispute; the fee is negative where the provider gives it back."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="moves")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=100)  # "txn_…"
    amount_minor = MinorField()
    fee_minor = MinorField(default=0)
    currency = models.CharField(max_length=3)  # of the account
    moved_at = models.DateTimeField()
    moved_on = models.DateField()  # that instant, as the company's date
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_row_per_dispute_move"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.amount_minor}"
