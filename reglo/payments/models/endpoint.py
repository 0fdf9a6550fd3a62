"""Where a provider calls us."""

from datetime import datetime

from django.db import models

from reglo import secrets
from reglo.payments.models.provider_account import ProviderAccount


class Endpoint(models.Model):
    """`/hooks/<provider>/<token>`, for one account, or without account for all those of a Connect platform.

    The signature is the lock; the token only keeps strangers from knocking. A secret that was replaced is still
    accepted until `previous_until`.
    """

    id = models.UUIDField(primary_key=True)
    provider = models.CharField(max_length=20)
    live = models.BooleanField()
    account = models.ForeignKey(
        ProviderAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="endpoints"
    )
    token = models.CharField(max_length=43, unique=True)
    external_id = models.CharField(max_length=80, blank=True)  # "we_…"; empty before the provider knows it
    sealed_secret = models.TextField(blank=True)
    sealed_previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(removed_at=None), name="one_endpoint_per_account"
            ),
            models.UniqueConstraint(
                fields=["provider", "live"],
                condition=models.Q(removed_at=None, account=None),
                name="one_platform_endpoint_per_mode",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id or self.id}"

    def seal_secret(self, secret: str, *, previous_until: datetime | None = None) -> None:
        """Keep a new signing secret. The one before stays valid until `previous_until`, where that is given."""
        if previous_until is not None and self.sealed_secret:
            before = secrets.open_sealed(self.sealed_secret, context=self.seal_context("sealed_secret"))
            self.sealed_previous_secret = secrets.seal(before, context=self.seal_context("sealed_previous_secret"))
            self.previous_until = previous_until
        self.sealed_secret = secrets.seal(secret, context=self.seal_context("sealed_secret"))

    def accepted_secrets(self, now: datetime) -> tuple[str, ...]:
        """The current secret, then the previous one while it overlaps. Raises SealBroken."""
        accepted = []
        if self.sealed_secret:
            accepted.append(secrets.open_sealed(self.sealed_secret, context=self.seal_context("sealed_secret")))
        if self.sealed_previous_secret and self.previous_until is not None and now < self.previous_until:
            context = self.seal_context("sealed_previous_secret")
            accepted.append(secrets.open_sealed(self.sealed_previous_secret, context=context))
        return tuple(accepted)

    def is_readable(self, now: datetime) -> bool:
        """Whether the keys of this installation open its secrets."""
        try:
            self.accepted_secrets(now)
        except secrets.SealBroken:
            return False
        return True

    def forget_secret(self) -> None:
        """Nothing is known of it at the provider any more; its address stays."""
        self.external_id = self.sealed_secret = self.sealed_previous_secret = ""
        self.previous_until = None
        self.save(update_fields=["external_id", "sealed_secret", "sealed_previous_secret", "previous_until"])

    def seal_context(self, column: str) -> str:
        """What ties a ciphertext to this row and column."""
        return f"payments.endpoint:{self.id}:{column}"
