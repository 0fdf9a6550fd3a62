"""What an invoice deducts of the deposits that were invoiced before it."""

from django.db import models

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.invoicing.models.invoice import Invoice
from reglo.money import Money


class Deduction(models.Model):
    """`invoice` deducts `deposit`: `asked_minor` of it, all that is possible where None. The amounts are given at
    issue, then never changed; which share of each rate they take is in the frozen content of the invoice.

    Those of an invoice that was cancelled by credit notes count no more: its deposits can be deducted again.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="deductions")
    deposit = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="deducted_by")
    asked_minor = MinorField(null=True, blank=True)
    net_minor = MinorField(default=0)
    vat_minor = MinorField(default=0)
    gross_minor = MinorField(default=0)
    goods_vat_minor = MinorField(default=0)  # of vat_minor: due at the delivery, whatever is paid of the deposit

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "deposit"], name="a_deposit_is_deducted_once_per_invoice"),
            models.CheckConstraint(
                condition=models.Q(gross_minor__gte=0, net_minor__gte=0, vat_minor__gte=0, goods_vat_minor__gte=0),
                name="a_deduction_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deposit_id} → {self.invoice_id}: {self.gross_minor}"

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.deposit.currency)
