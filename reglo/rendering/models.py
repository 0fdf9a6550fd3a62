"""Which file an issued document was printed to."""

from django.db import models

from reglo.companies.models import Company
from reglo.files.models import StoredFile
from reglo.invoicing.models import Invoice


class RenderedDocument(models.Model):
    """The PDF of an issued invoice, made once. `file_id` is the SHA-256 of its bytes."""

    invoice = models.OneToOneField(Invoice, primary_key=True, on_delete=models.PROTECT, related_name="rendered")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    rendered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.file_id[:12]}…"
