"""The inbox: what providers told us, kept before anything is done about it."""

from django.db import models

from reglo import secrets
from reglo.companies.models import Company
from reglo.payments.models.endpoint import Endpoint
from reglo.payments.models.provider_account import ProviderAccount
from reglo.payments.states import NoticeState


class ProviderEvent(models.Model):
    """One notification, once per endpoint whatever the number of deliveries; missed ones are fetched into it too.

    It is a nudge: of the body only the object's id is used, and that object is asked for at the provider. The raw
    body and headers are kept encrypted, for support, and pruned.
    """

    id = models.UUIDField(primary_key=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="events")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="events")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    event_id = models.CharField(max_length=100)  # "evt_…"
    kind = models.CharField(max_length=100)  # "charge.succeeded"
    object_kind = models.CharField(max_length=60)  # "charge"
    object_id = models.CharField(max_length=100)  # "ch_…"
    happened_at = models.DateTimeField()  # by the provider's clock
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.RECEIVED)
    applied_at = models.DateTimeField(null=True, blank=True)
    sealed_request = models.TextField(blank=True)  # {"headers": …, "body": …}; empty when fetched, or pruned

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="one_notice_per_event"),
        ]
        indexes = [
            models.Index(fields=["account", "-received_at"], name="notices_by_date"),
            models.Index(
                fields=["received_at"], condition=models.Q(state=NoticeState.RECEIVED), name="notices_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"

    def seal_request(self, text: str) -> None:
        self.sealed_request = secrets.seal(text, context=self.seal_context("sealed_request"))

    def open_request(self) -> str:
        """The request as it came, JSON. Raises SealBroken."""
        return secrets.open_sealed(self.sealed_request, context=self.seal_context("sealed_request"))

    def seal_context(self, column: str) -> str:
        """What ties a ciphertext to this row and column."""
        return f"payments.provider_event:{self.id}:{column}"
