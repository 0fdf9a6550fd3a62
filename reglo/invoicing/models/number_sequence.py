"""How documents are numbered, the counters, and the head of the chain of issued documents."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.invoicing.states import SeriesKind


class NumberSequence(models.Model):
    """The last number given in a series of a company. Only `numbering.take_number` moves it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=30)  # "F2026-", "ESSAI-F2026-"
    digits = models.PositiveSmallIntegerField(default=4)  # of its last number, at least
    last_number = models.BigIntegerField()
    last_date = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "series"], name="one_counter_per_series")]

    def __str__(self) -> str:
        return f"{self.series}{self.last_number:0{self.digits}d}"


class SeriesFormat(models.Model):
    """The spelling of the series of a kind of document, from a day on. Append-only: the latest row dated no later than
    the day counts, so that the past keeps its own."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=SeriesKind.choices)
    pattern = models.CharField(_("préfixe"), max_length=40)  # "F{AAAA}-"; ESSAI- comes by itself
    digits = models.PositiveSmallIntegerField(_("nombre de chiffres"))
    effective_date = models.DateField(_("à partir du"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["company", "kind", "-effective_date", "-id"], name="formats_latest_first")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.pattern}"


class SeriesStart(models.Model):
    """A series that begins at another number than 1, said once, before its first document, with the reason why."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="series_starts")
    series = models.CharField(max_length=30)
    first_number = models.BigIntegerField()
    reason = models.CharField(_("motif"), max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "series"], name="a_series_starts_once")]

    def __str__(self) -> str:
        return f"{self.series}{self.first_number}"


class DocumentChain(models.Model):
    """The head of a company's chain of issued documents, locked between the number and the entry chain."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.PROTECT, related_name="document_chain")
    position = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.company_id}:{self.position}"
