"""Money that really moved, and the documents it settles. Append-only: what was wrong is undone by a mirror row."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models.payment_attempt import PaymentAttempt
from reglo.payments.models.provider_account import ProviderAccount
from reglo.payments.states import Method


class Payment(models.Model):
    """For Stripe a successful Charge, keyed by its id; entered by hand: no account, our own id.

    `fee_minor` and `settled_minor` (what the provider credits, before its fee) are null until the provider tells
    them; they are filled once. `surplus_minor` is what of it stands on the account of *trop-perçus*, in the company's
    currency: it moves with each entry, and `verify` recomputes it. The rest never changes. A row that `reverses`
    another has its negative amount.
    """

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="payments")
    account = models.ForeignKey(
        ProviderAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="payments"
    )
    external_id = models.CharField(max_length=100, null=True, blank=True)  # "ch_…"
    attempt = models.ForeignKey(
        PaymentAttempt, null=True, blank=True, on_delete=models.PROTECT, related_name="payments"
    )
    method = models.CharField(_("moyen de paiement"), max_length=15, choices=Method.choices)
    method_detail = models.CharField(max_length=60, blank=True)  # "Visa •••• 4242"
    amount_minor = MinorField()
    currency = models.CharField(max_length=3)
    paid_at = models.DateTimeField()  # when the money moved
    paid_on = models.DateField(_("date"))  # that instant, as the company's date
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("référence ou remarque"), max_length=200, blank=True)
    fee_minor = MinorField(null=True, blank=True)
    settled_minor = MinorField(null=True, blank=True)
    settled_currency = models.CharField(max_length=3, blank=True)  # of the fee too
    surplus_minor = MinorField(default=0)
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        verbose_name = _("encaissement")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_payment_per_charge"),
            models.CheckConstraint(
                condition=models.Q(account=None, external_id=None)
                | models.Q(account__isnull=False, external_id__isnull=False),
                name="payment_of_an_account_or_by_hand",
            ),
            models.CheckConstraint(
                condition=models.Q(reverses=None, amount_minor__gt=0)
                | models.Q(reverses__isnull=False, amount_minor__lt=0),
                name="payment_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "paid_on"], name="payments_by_date"),
            models.Index(
                fields=["company", "paid_on"], condition=~models.Q(surplus_minor=0), name="payments_with_surplus"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.method} {self.amount_minor}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def minor_in(self, currency: str) -> int:
        """The payment in `currency`: nothing while the provider has not told it, or credits another one."""
        if self.currency == currency:
            return self.amount_minor
        return self.settled_minor or 0 if self.settled_currency == currency else 0

    @property
    def fee(self) -> Money | None:
        """What the provider keeps, once it told us."""
        return None if self.fee_minor is None else Money(self.fee_minor, self.settled_currency)

    @property
    def is_by_hand(self) -> bool:
        return self.account_id is None


class Allocation(models.Model):
    """A part of a payment that settles an invoice; what no row allocates is *trop-perçu*. Negative rows undo."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    refund = models.ForeignKey(
        "payments.Refund", null=True, blank=True, on_delete=models.PROTECT, related_name="allocations"
    )  # the refund that took the money back (or brought it back, when it failed)
    dispute = models.ForeignKey(
        "payments.Dispute", null=True, blank=True, on_delete=models.PROTECT, related_name="allocations"
    )  # the lost dispute whose money is claimed again (or that was won after all)
    from_surplus = models.BooleanField(default=False)  # a person gave the *trop-perçu* to this invoice, later
    amount_minor = MinorField()
    allocated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_minor=0), name="allocations_are_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} → {self.invoice_id}: {self.amount_minor}"
