"""What a provider's balance and our books do not say alike, and the times when nobody could ask."""

from django.db import models

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.money import Money
from reglo.payments.models.provider_account import ProviderAccount
from reglo.payments.states import DifferenceKind, MovementKind


class Difference(models.Model):
    """A payment, refund or dispute (`source_id`) of which one side does not tell what the other does.

    Amounts are net of fees, as they move the balance; null on the side that knows nothing. It stays when it is
    settled: `resolved_at` says when both sides agreed.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="differences")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=15, choices=DifferenceKind.choices)
    source_kind = models.CharField(max_length=10, choices=MovementKind.choices)
    source_id = models.CharField(max_length=100)  # "ch_…"
    theirs_minor = MinorField(null=True, blank=True)
    ours_minor = MinorField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    moved_at = models.DateTimeField()
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "source_id"], condition=models.Q(resolved_at=None), name="one_open_difference"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "moved_at"], condition=models.Q(resolved_at=None), name="open_differences")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"

    @property
    def theirs(self) -> Money | None:
        return None if self.theirs_minor is None else Money(self.theirs_minor, self.currency)

    @property
    def ours(self) -> Money | None:
        return None if self.ours_minor is None else Money(self.ours_minor, self.currency)


class Silence(models.Model):
    """From when to when nobody here asked the provider, and what was found once somebody did."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="silences")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    seen = models.PositiveIntegerField()  # objects listed
    lacking = models.PositiveIntegerField()  # of them, those that we had not heard of

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "from_at"], name="one_report_per_silence")]

    def __str__(self) -> str:
        return f"{self.from_at} – {self.until_at}: {self.lacking} / {self.seen}"
