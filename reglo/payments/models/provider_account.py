"""A company's account at a payment provider."""

import json
from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo import secrets
from reglo.companies.models import Company
from reglo.errors import RegloError
from reglo.payments.states import ACCOUNT_MOVES, AccountMode, AccountState, OfferedMethods


class AccountNotReady(RegloError):
    code = "account_not_ready"
    status = 409
    message = _("Ce compte d’encaissement est « %(state)s » : cette action n’est pas possible maintenant.")


class ProviderAccount(models.Model):
    """Facts of the provider are unique within it. A practice company has test accounts only, a real one live ones
    only: a guard of the database compares them."""

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="provider_accounts")
    provider = models.CharField(max_length=20)  # key of the provider: "stripe"
    mode = models.CharField(max_length=10, choices=AccountMode.choices)
    external_id = models.CharField(max_length=80)  # "acct_…"
    state = models.CharField(max_length=15, choices=AccountState.choices, default=AccountState.PENDING)
    name = models.CharField(_("nom du compte"), max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    permissions = models.JSONField(default=list)  # [[name, French label, granted], …] of the last check
    sealed_secrets = models.TextField(blank=True)
    created_at = models.DateTimeField()
    connected_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    endpoint_ok = models.BooleanField(null=True, blank=True)  # whether the provider would call us, at the last check
    clock_skew_seconds = models.IntegerField(null=True, blank=True)  # ours minus the provider's, at the last check
    # The addresses from which this database asked for money, the present one last: `payments.installation`.
    installs = models.JSONField(default=list, blank=True)
    offers = models.CharField(
        _("moyens de paiement proposés"), max_length=20, choices=OfferedMethods.choices, default=OfferedMethods.CARD
    )
    cursor = models.CharField(max_length=200, blank=True)  # where the search for missed events stands
    listed_at = models.DateTimeField(null=True, blank=True)  # what was made before was looked through
    compared_at = models.DateTimeField(null=True, blank=True)  # the balance and our books were held together

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id", "mode"], name="one_row_per_provider_account"),
            models.UniqueConstraint(
                fields=["company", "provider"],
                condition=models.Q(state__in=[AccountState.ACTIVE, AccountState.BROKEN]),
                name="one_connected_account_per_provider",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id} ({self.mode})"

    @property
    def is_live(self) -> bool:
        return self.mode == AccountMode.LIVE

    @property
    def is_active(self) -> bool:
        return self.state == AccountState.ACTIVE

    def move_to(self, state: AccountState) -> None:
        """The only way to change `state`. Moving to the present state is a no-op. Raises AccountNotReady."""
        if self.state == state:
            return
        if state not in ACCOUNT_MOVES[AccountState(self.state)]:
            raise AccountNotReady(state=AccountState(self.state).label)
        self.state = state

    def keep_permissions(self, permissions: list[list[str | bool]]) -> None:
        """What the key may do now. Where that changed, all there is at the provider is looked through again."""
        if self.permissions != permissions:
            self.permissions, self.listed_at = permissions, None

    def seal_secrets(self, values: Mapping[str, str]) -> None:
        """Keep what opens the account, encrypted for this row and column."""
        self.sealed_secrets = secrets.seal(
            json.dumps(dict(values), sort_keys=True), context=self.seal_context("sealed_secrets")
        )

    def open_secrets(self) -> dict[str, str]:
        """What opens the account; empty once disconnected. Raises SealBroken."""
        if not self.sealed_secrets:
            return {}
        opened: dict[str, str] = json.loads(
            secrets.open_sealed(self.sealed_secrets, context=self.seal_context("sealed_secrets"))
        )
        return opened

    @property
    def is_readable(self) -> bool:
        """Whether the keys of this installation open its secrets."""
        try:
            self.open_secrets()
        except secrets.SealBroken:
            return False
        return True

    def seal_context(self, column: str) -> str:
        """What ties a ciphertext to this row and column."""
        return f"payments.provider_account:{self.id}:{column}"
