"""Double entry, append-only. It knows nothing of invoices.

An entry's lines are inserted first; inserting the entry seals them: a trigger refuses it unless they balance, and
refuses a line for an entry that exists (`database/guards.py`, ADR 0002).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.database.fields import MinorField
from reglo.ledger.states import AccountRole, Journal


class AccountMapping(models.Model):
    """The account a role is posted to, from `effective_date` on. The latest one not after the entry's date counts."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="account_mappings")
    role = models.CharField(max_length=20, choices=AccountRole.choices)
    number = models.CharField(_("numéro de compte"), max_length=12)
    label = models.CharField(_("intitulé"), max_length=120)
    effective_date = models.DateField(_("à partir du"))
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "role", "effective_date"], name="one_account_a_day")]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class EntryChain(models.Model):
    """The head of a company's chain of entries: locked last, moved by every posting."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.PROTECT, related_name="entry_chain")
    position = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.company_id}:{self.position}"


class Entry(models.Model):
    """A balanced set of lines. `source` says what caused it, once: `invoice:42`, `payment:<uuid>`."""

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="entries")
    position = models.BigIntegerField()  # 1, 2, 3… without hole, per company: the FEC's EcritureNum
    journal = models.CharField(max_length=2, choices=Journal.choices)
    entry_date = models.DateField()
    piece = models.CharField(max_length=60)
    piece_date = models.DateField()
    label = models.CharField(max_length=200)
    source = models.CharField(max_length=80)
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    posted_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "position"], name="entry_positions_are_unique"),
            models.UniqueConstraint(fields=["company", "source"], name="one_entry_per_source"),
        ]
        indexes = [models.Index(fields=["company", "entry_date"])]

    def __str__(self) -> str:
        return f"{self.journal} {self.position}"


class EntryLine(models.Model):
    """One side of an entry: a debit or a credit, in minor units of the company's currency, never both."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lines")
    rank = models.PositiveSmallIntegerField()
    account = models.CharField(max_length=12)
    account_label = models.CharField(max_length=120)
    auxiliary = models.CharField(max_length=40, blank=True)  # the customer's account in the FEC, "C42"
    auxiliary_label = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=200)
    debit_minor = MinorField(default=0)
    credit_minor = MinorField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "rank"], name="entry_line_ranks_are_unique"),
            models.CheckConstraint(
                condition=models.Q(debit_minor__gt=0, credit_minor=0) | models.Q(debit_minor=0, credit_minor__gt=0),
                name="entry_line_debit_or_credit",
            ),
        ]
        indexes = [models.Index(fields=["company", "account"])]

    def __str__(self) -> str:
        return f"{self.account} {self.debit_minor - self.credit_minor}"
