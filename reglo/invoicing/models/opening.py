"""What comes with an invoice taken over from a former tool: the file it came in, and its paper."""

from django.conf import settings
from django.db import models

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.files.models import StoredFile
from reglo.invoicing.models.invoice import Invoice


class OpeningImport(models.Model):
    """Invoices that came in together, all of them or none. Undone, they are gone, and this row says when."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="opening_imports")
    form_id = models.UUIDField()  # of the form that asked for it: pressed twice, it is done once
    name = models.CharField(max_length=200, blank=True)  # of the file
    count = models.PositiveIntegerField()
    remaining_minor = MinorField()
    currency = models.CharField(max_length=3)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "form_id"], name="openings_are_imported_once")]

    def __str__(self) -> str:
        return f"{self.name or self.form_id}: {self.count}"

    @property
    def asked_as(self) -> str:
        """How what its documents were `asked_as` begins."""
        return f"opening:{self.pk}:"


class OpeningPaper(models.Model):
    """The PDF of the former tool, as a person attached it: it may be replaced, and is not ours to prove."""

    invoice = models.OneToOneField(Invoice, primary_key=True, on_delete=models.CASCADE, related_name="opening_paper")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.file_id[:12]}…"
