"""The document and its lines. A draft is free; what is issued is frozen, by the database itself."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.customers.models import Customer
from reglo.database.fields import MinorField
from reglo.invoicing.models.head import DocumentHead
from reglo.invoicing.models.line import DocumentLine
from reglo.invoicing.states import INVOICE_MOVES, DocumentKind, InvalidMove, InvoiceState, InvoiceStatus
from reglo.money import Money


class Invoice(DocumentHead):
    """An invoice, a deposit invoice, or the credit note that `corrects` one: amounts are positive in each, `kind` says
    which way they go.

    `frozen` is the whole document as canonical JSON, written at issue: what the PDF prints and the chain proves.
    """

    kind = models.CharField(max_length=12, choices=DocumentKind.choices, default=DocumentKind.INVOICE)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="invoices")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="invoices")
    status = models.CharField(max_length=10, choices=InvoiceStatus.choices, default=InvoiceStatus.DRAFT)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()  # the last save of a draft, then the issue: lists are in this order
    discarded_at = models.DateTimeField(null=True, blank=True)  # a draft thrown away, which *Annuler* brings back
    card_allowed = models.BooleanField(_("paiement par carte"), default=False)
    card_limit_minor = MinorField(_("proposer la carte jusqu’à"), null=True, blank=True)
    partial_allowed = models.BooleanField(_("paiement en plusieurs fois"), default=False)

    # The customer certified, on the quote or the contract, that the works are in a home of more than two years.
    works_certified = models.BooleanField(_("travaux certifiés par le client"), default=False)

    asked_as = models.CharField(max_length=100, null=True, blank=True)  # what asked for it: the same asks once
    # The accepted quote of which it invoices all or a part.
    quote = models.ForeignKey(
        "invoicing.Quote", null=True, blank=True, on_delete=models.PROTECT, related_name="invoices", db_index=False
    )
    has_deductions = models.BooleanField(default=False)  # whether it has `deductions`: most have none to read
    situation = models.PositiveSmallIntegerField(null=True, blank=True)  # of the works of its quote: 1, 2, 3…
    # Of a credit note only.
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="credit_notes", db_index=False
    )
    reason = models.CharField(_("motif de l’avoir"), max_length=300, blank=True)

    # The part of the VAT that falls due when the money arrives; that it takes back, of a credit note.
    vat_on_receipts_minor = MinorField(default=0)

    series = models.CharField(max_length=30, blank=True)
    number = models.CharField(_("numéro"), max_length=35, null=True, blank=True)
    issue_date = models.DateField(_("date d’émission"), null=True, blank=True)
    due_date = models.DateField(_("échéance"), null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    customer_name = models.CharField(max_length=200, blank=True)  # as frozen, for lists and search
    frozen = models.TextField(blank=True)
    chain_position = models.BigIntegerField(null=True, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("facture")
        constraints = [
            *DocumentHead.Meta.constraints,
            models.UniqueConstraint(fields=["company", "number"], name="invoice_numbers_are_unique"),
            models.UniqueConstraint(fields=["company", "chain_position"], name="chain_positions_are_unique"),
            models.UniqueConstraint(
                fields=["company", "asked_as"],
                condition=models.Q(asked_as__isnull=False),
                name="documents_are_asked_for_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["invoice", "deposit", "opening"], corrects=None)
                | models.Q(kind="credit_note", corrects__isnull=False),
                name="a_credit_note_corrects_an_invoice",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="opening")
                | (models.Q(series="", chain_position=None, status="issued") & models.Q(number__isnull=False)),
                name="an_opening_is_in_no_series_of_ours",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft", number=None)
                | (
                    ~models.Q(status="draft")
                    & models.Q(number__isnull=False, issue_date__isnull=False, due_date__isnull=False)
                ),
                name="invoice_number_comes_with_issue",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-edited_at", "-id"], name="invoices_latest_first"),
            models.Index(fields=["company", "customer", "-edited_at", "-id"], name="invoices_of_customer"),
            models.Index(
                fields=["company", "-edited_at", "-id"], condition=models.Q(status="draft"), name="drafts_latest_first"
            ),
            models.Index(
                fields=["company", "-edited_at", "-id"],
                condition=models.Q(kind="credit_note"),
                name="credit_notes_latest_first",
            ),
            models.Index(
                fields=["company", "-edited_at", "-id"],
                condition=models.Q(kind="opening"),
                name="openings_latest_first",
            ),
            models.Index(
                fields=["corrects"], condition=models.Q(corrects__isnull=False), name="credit_notes_of_an_invoice"
            ),
            models.Index(fields=["quote"], condition=models.Q(quote__isnull=False), name="invoices_of_a_quote"),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Brouillon"))

    @property
    def is_draft(self) -> bool:
        return self.status == InvoiceStatus.DRAFT

    @property
    def is_credit_note(self) -> bool:
        return self.kind == DocumentKind.CREDIT_NOTE

    @property
    def is_deposit(self) -> bool:
        return self.kind == DocumentKind.DEPOSIT

    @property
    def is_opening(self) -> bool:
        """Issued by a former tool, and taken over unpaid."""
        return self.kind == DocumentKind.OPENING

    @property
    def has_settlement(self) -> bool:
        """Whether others can owe it, pay it, dispute it."""
        return not self.is_draft and not self.is_credit_note

    @property
    def remaining(self) -> Money:
        """What is still owed; the whole total of a draft, nothing of a credit note."""
        if self.is_credit_note:
            return Money(0, self.currency)
        return Money(self.gross_minor if self.is_draft else self.settlement.remaining_minor, self.currency)

    @property
    def promises_card(self) -> bool:
        """Whether the paper may say that the whole total can be paid by card: allowed, and within the limit."""
        limit = self.company.card_limit_minor if self.card_limit_minor is None else self.card_limit_minor
        return self.card_allowed and (limit is None or self.gross_minor <= limit)

    def move_to(self, status: InvoiceStatus) -> None:
        """The only way to change `status`. Moving to the present status is a no-op. Raises InvalidMove."""
        if self.status == status:
            return
        if status not in INVOICE_MOVES[InvoiceStatus(self.status)]:
            raise InvalidMove(from_status=InvoiceStatus(self.status).label)
        self.status = status

    def state_on(self, today: date) -> InvoiceState:
        """The one word shown on `today`, the company's date."""
        if self.status == InvoiceStatus.DRAFT:
            return InvoiceState.DRAFT
        if self.is_credit_note:
            return InvoiceState.ISSUED
        if self.status == InvoiceStatus.CREDITED:
            return InvoiceState.CREDITED
        settlement = self.settlement
        if settlement.disputed_minor:
            return InvoiceState.DISPUTED
        if settlement.is_settled:
            return InvoiceState.PAID
        if settlement.pending_minor:
            return InvoiceState.PENDING
        if settlement.due_date < today:  # of the next instalment, where there are several
            return InvoiceState.OVERDUE
        return InvoiceState.PARTLY_PAID if settlement.settled_minor else InvoiceState.DUE


class InvoiceLine(DocumentLine):
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")

    class Meta:
        constraints = [
            *DocumentLine.Meta.constraints,
            models.UniqueConstraint(fields=["invoice", "rank"], name="invoice_line_ranks_are_unique"),
        ]
