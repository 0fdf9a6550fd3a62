"""What a provider paid out to the bank, and what each payout is made of."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.money import Money
from reglo.payments.models.payment import Payment
from reglo.payments.models.provider_account import ProviderAccount
from reglo.payments.models.refund import Refund
from reglo.payments.states import PAYOUT_MOVES, MovementKind, PayoutState


class Payout(models.Model):
    """A payout as the provider tells it, once per payout id; negative where the provider took money from the bank.

    `gap_minor` is its amount less the sum of its lines: null until they are told (never, of one made by hand), zero
    where they explain it. What the bank statement will show is the date, the amount and the descriptor.
    """

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="payouts")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="payouts")
    external_id = models.CharField(max_length=100)  # "po_…"
    state = models.CharField(max_length=10, choices=PayoutState.choices)
    amount_minor = MinorField()
    currency = models.CharField(max_length=3)
    sent_at = models.DateTimeField()  # when the provider made it
    arrives_on = models.DateField()  # at the bank, as the provider expects it
    automatic = models.BooleanField()
    descriptor = models.CharField(max_length=60, blank=True)
    failure = models.CharField(max_length=100, blank=True)  # the provider's own code: "account_closed"
    gap_minor = MinorField(null=True, blank=True)
    received_on = models.DateField(_("reçu le"), null=True, blank=True)  # seen on the bank account by a person
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("virement")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_row_per_payout"),
            models.CheckConstraint(
                condition=models.Q(received_on=None) | models.Q(state=PayoutState.PAID), name="only_paid_is_received"
            ),
        ]
        indexes = [models.Index(fields=["company", "-sent_at", "-id"], name="payouts_by_date")]

    def __str__(self) -> str:
        return f"{self.external_id} {self.state}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def gap(self) -> Money | None:
        """What its lines do not explain, once they are told."""
        return None if self.gap_minor is None else Money(self.gap_minor, self.currency)

    @property
    def is_taken_apart(self) -> bool:
        return self.gap_minor is not None

    def can_move_to(self, state: PayoutState) -> bool:
        return state in PAYOUT_MOVES[PayoutState(self.state)]


class PayoutLine(models.Model):
    """A movement of the balance that a payout took along, once per movement id.

    `booked`: the books tell it by the payment, refund or payout it is; one that they do not know has an entry of its
    own, `payout-line:<id>`, which is reversed should they come to know it.
    """

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="lines")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=100)  # "txn_…"
    kind = models.CharField(max_length=10, choices=MovementKind.choices)
    gross_minor = MinorField()
    fee_minor = MinorField()
    net_minor = MinorField()
    currency = models.CharField(max_length=3)
    source_id = models.CharField(max_length=100, blank=True)  # "ch_…", "re_…"
    description = models.CharField(max_length=200, blank=True)
    moved_at = models.DateTimeField()
    moved_on = models.DateField()  # that instant, as the company's date
    booked = models.BooleanField()
    payment = models.ForeignKey(Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="payout_lines")
    refund = models.ForeignKey(Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="payout_lines")
    other_payout = models.ForeignKey(Payout, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_line_per_movement"),
            models.CheckConstraint(
                condition=models.Q(net_minor=models.F("gross_minor") - models.F("fee_minor")),
                name="payout_line_net_is_gross_less_fee",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "source_id"], condition=models.Q(booked=False), name="payout_lines_unknown"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.net_minor}"

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)

    @property
    def net(self) -> Money:
        return Money(self.net_minor, self.currency)
