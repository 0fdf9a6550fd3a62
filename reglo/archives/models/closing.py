"""The totals of a period that is over, each tied to the one before. Append-only."""

from django.db import models

from reglo.archives.states import PeriodKind
from reglo.companies.models import Company
from reglo.database.fields import MinorField


class Closing(models.Model):
    """Of a day what the books came to hold in it: the documents and entries after those of the closing before, up to
    the two positions that it names. Of a month or a year the sum of its days. Amounts VAT included.

    `begins_at` and `ends_at` are the instants of the company's time zone when the period was closed, so that they never
    depend on a setting again.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="closings")
    position = models.BigIntegerField()  # 1, 2, 3… days, months and years in one chain
    kind = models.CharField(max_length=5, choices=PeriodKind.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    document_position = models.BigIntegerField()  # the last document of the chain that it counts
    entry_position = models.BigIntegerField()  # the last entry
    invoices_count = models.BigIntegerField()
    invoices_minor = MinorField()
    credit_notes_count = models.BigIntegerField()
    credit_notes_minor = MinorField()
    payments_count = models.BigIntegerField()
    payments_minor = MinorField()
    undone_count = models.BigIntegerField()  # payments undone by a mirror entry
    undone_minor = MinorField()
    refunds_count = models.BigIntegerField()
    refunds_minor = MinorField()  # what went back to payers; a refund that failed came back
    # Since the first day, this period included.
    perpetual_invoiced_minor = MinorField()  # invoices less credit notes
    perpetual_collected_minor = MinorField()  # payments less what was undone and refunded
    closed_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "position"], name="closing_positions_are_unique"),
            models.UniqueConstraint(fields=["company", "kind", "first_day"], name="a_period_is_closed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_day}"
