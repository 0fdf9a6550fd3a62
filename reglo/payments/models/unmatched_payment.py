"""Money that a customer paid on the account and that no invoice of ours asked for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.errors import RegloError
from reglo.money import Money
from reglo.payments.models.payment import Payment
from reglo.payments.models.provider_account import ProviderAccount
from reglo.payments.states import UNMATCHED_MOVES, Method, UnmatchedState


class UnmatchedPaymentDecided(RegloError):
    code = "unmatched_payment_decided"
    status = 409
    message = _("Ce paiement est déjà « %(state)s ».")


class UnmatchedPayment(models.Model):
    """A successful charge as the provider told it, once per charge. It is in no book until a person attaches it.

    `install` names the installation that asked for the money, where it is another one of ours; empty: a sale made
    outside Réglo.
    """

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="unmatched_payments")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="unmatched_payments")
    external_id = models.CharField(max_length=100)  # "ch_…"
    amount_minor = MinorField()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=15, choices=Method.choices)
    method_detail = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=200, blank=True)
    payer_email = models.CharField(max_length=254, blank=True)
    install = models.CharField(max_length=200, blank=True)
    refunded_minor = MinorField(default=0)  # what went back, as last told
    paid_at = models.DateTimeField()
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=UnmatchedState.choices, default=UnmatchedState.OPEN)
    reason = models.CharField(max_length=200, blank=True)  # why it is ignored
    payment = models.OneToOneField(
        Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="unmatched_payment"
    )  # its row in the books, once attached
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("paiement sans facture")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_unmatched_payment_per_charge"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="unmatched_payments_are_positive"),
            models.CheckConstraint(
                condition=models.Q(state=UnmatchedState.ATTACHED, payment__isnull=False)
                | (~models.Q(state=UnmatchedState.ATTACHED) & models.Q(payment=None)),
                name="attached_is_in_the_books",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "state", "-paid_at"], name="unmatched_by_date"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.state}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_minor, self.currency)

    def move_to(self, state: UnmatchedState) -> None:
        """The only way to change `state`. Moving to the present state is a no-op. Raises UnmatchedPaymentDecided."""
        if self.state == state:
            return
        if state not in UNMATCHED_MOVES[UnmatchedState(self.state)]:
            raise UnmatchedPaymentDecided(state=UnmatchedState(self.state).label)
        self.state = state
