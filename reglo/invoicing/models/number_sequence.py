"""Counters: the last number of a series, and the head of the chain of issued documents."""

from django.db import models

from reglo.companies.models import Company


class NumberSequence(models.Model):
    """The last number given in a series of a company. Only `numbering.take_number` moves it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=30)  # "F2026-", "ESSAI-F2026-"
    last_number = models.BigIntegerField()
    last_date = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "series"], name="one_counter_per_series")]

    def __str__(self) -> str:
        return f"{self.series}{self.last_number:04d}"


class DocumentChain(models.Model):
    """The head of a company's chain of issued documents, locked between the number and the entry chain."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.PROTECT, related_name="document_chain")
    position = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.company_id}:{self.position}"
