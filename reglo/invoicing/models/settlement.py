"""What became of the debt of an issued invoice: credited by us; settled, on its way or disputed by others."""

from django.db import models

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.invoicing.models.invoice import Invoice


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
    credited_minor = MinorField(default=0)  # by the credit notes issued for it
    credited_vat_on_receipts_minor = MinorField(default=0)  # theirs, of the VAT that waits for the money
    settled_minor = MinorField(default=0)
    pending_minor = MinorField(default=0)
    disputed_minor = MinorField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)  # when it last became wholly paid

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    settled_minor__gte=0, settled_minor__lte=models.F("gross_minor") - models.F("credited_minor")
                ),
                name="settled_within_the_total",
            ),
            models.CheckConstraint(condition=models.Q(credited_minor__gte=0), name="credited_is_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["company", "-edited_at", "-invoice", "due_date"],
                condition=models.Q(settled_minor__lt=models.F("gross_minor") - models.F("credited_minor")),
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
        """What the invoice asks for, less its credit notes."""
        return self.gross_minor - self.credited_minor

    @property
    def is_settled(self) -> bool:
        return self.settled_minor >= self.owed_minor
