"""What became of the debt of an issued invoice: credited by us; settled, on its way or disputed by others."""

from django.db import models
from django.db.models.expressions import CombinedExpression

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.invoicing.models.invoice import Invoice


def owed(prefix: str = "") -> CombinedExpression:
    """In SQL, what `Settlement.owed_minor` is; the same text everywhere, so that the index of what is owed serves."""
    gross, deducted, credited = (
        models.F(f"{prefix}{name}") for name in ("gross_minor", "deducted_minor", "credited_minor")
    )
    return gross - deducted - credited


class Settlement(models.Model):
    """One row per issued invoice, changed only by `services.apply_settlement`; `verify` recomputes it.

    A credit note has none: it is owed to nobody, it lowers what another document owes.
    """

    invoice = models.OneToOneField(Invoice, primary_key=True, on_delete=models.PROTECT, related_name="settlement")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    # That of the invoice, frozen with it: what is owed is listed without reading what is paid.
    edited_at = models.DateTimeField()
    due_date = models.DateField()  # the invoice's too; with instalments, that of the first not wholly paid
    gross_minor = MinorField()
    deducted_minor = MinorField(default=0)  # by deposits that were invoiced before; nothing once it is cancelled
    # Of a deposit: VAT that waited for the money, and that the delivery of its goods made due whatever is paid.
    delivered_vat_minor = MinorField(default=0)
    credited_minor = MinorField(default=0)  # by the credit notes issued for it
    credited_vat_on_receipts_minor = MinorField(default=0)  # theirs, of the VAT that waits for the money
    settled_minor = MinorField(default=0)
    pending_minor = MinorField(default=0)
    disputed_minor = MinorField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)  # when it last became wholly paid

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_minor__gte=0, settled_minor__lte=owed()),
                name="settled_within_the_total",
            ),
            models.CheckConstraint(
                condition=models.Q(deducted_minor__gte=0, delivered_vat_minor__gte=0),
                name="deducted_is_not_negative",
            ),
            models.CheckConstraint(condition=models.Q(credited_minor__gte=0), name="credited_is_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["company", "-edited_at", "-invoice", "due_date"],
                condition=models.Q(settled_minor__lt=owed()),
                name="unsettled_latest_first",
            )
        ]

    def __str__(self) -> str:
        return f"{self.settled_minor}/{self.gross_minor}"

    @property
    def remaining_minor(self) -> int:
        return self.owed_minor - self.settled_minor

    @property
    def owed_minor(self) -> int:
        """What the invoice asks for, less the deposits that it deducts and its credit notes."""
        return self.gross_minor - self.deducted_minor - self.credited_minor

    @property
    def is_settled(self) -> bool:
        return self.settled_minor >= self.owed_minor
