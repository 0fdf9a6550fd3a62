"""The document and its lines. A draft is free; what is issued is frozen, by the database itself."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.companies.states import Nature, TermsKind
from reglo.customers.models import Customer, Language
from reglo.database.fields import MinorField
from reglo.invoicing.states import INVOICE_MOVES, DocumentKind, InvalidMove, InvoiceState, InvoiceStatus
from reglo.invoicing.terms import Part, PaymentTerms
from reglo.money import Money


class Invoice(models.Model):
    """An invoice, or the credit note that `corrects` one: amounts of both are positive, `kind` says which way they go.

    `frozen` is the whole document as canonical JSON, written at issue: what the PDF prints and the chain proves.
    """

    kind = models.CharField(max_length=12, choices=DocumentKind.choices, default=DocumentKind.INVOICE)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="invoices")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="invoices")
    status = models.CharField(max_length=10, choices=InvoiceStatus.choices, default=InvoiceStatus.DRAFT)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()  # the last save of a draft, then the issue: lists are in this order
    discarded_at = models.DateTimeField(null=True, blank=True)  # a draft thrown away, which *Annuler* brings back
    revision = models.PositiveIntegerField(
        default=0
    )  # grows at each save of the draft: two tabs cannot overwrite one another

    currency = models.CharField(max_length=3)
    prices_include_vat = models.BooleanField(_("prix TTC"), default=False)
    supply_date = models.DateField(_("date de la prestation ou de la livraison"), null=True, blank=True)
    # When it is to be paid: `terms` reads these four together.
    terms_kind = models.CharField(_("échéance"), max_length=20, choices=TermsKind.choices, default=TermsKind.DAYS)
    due_days = models.PositiveSmallIntegerField(_("délai de paiement, en jours"), default=30)
    due_on = models.DateField(_("échéance au"), null=True, blank=True)
    instalments = models.JSONField(default=list, blank=True)
    discount_days = models.PositiveSmallIntegerField(_("escompte si payé sous, en jours"), null=True, blank=True)
    early_discount_rate = models.DecimalField(
        _("escompte, en %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    language = models.CharField(_("langue"), max_length=2, choices=Language.choices, default=Language.FRENCH)
    attention = models.CharField(_("à l’attention de"), max_length=235, blank=True)
    order_reference = models.CharField(_("votre référence"), max_length=60, blank=True)
    card_allowed = models.BooleanField(_("paiement par carte"), default=False)
    card_limit_minor = MinorField(_("proposer la carte jusqu’à"), null=True, blank=True)
    partial_allowed = models.BooleanField(_("paiement en plusieurs fois"), default=False)
    mention = models.TextField(_("autres mentions"), max_length=2000, blank=True)
    exemption_reason = models.CharField(_("motif d’exonération de TVA"), max_length=200, blank=True)

    # Where goods go, when not to the customer's own address.
    delivery_address = models.CharField(_("adresse de livraison"), max_length=200, blank=True)
    delivery_postal_code = models.CharField(_("code postal de livraison"), max_length=10, blank=True)
    delivery_city = models.CharField(_("ville de livraison"), max_length=100, blank=True)
    delivery_country = models.CharField(_("pays de livraison"), max_length=2, blank=True)  # empty: the customer's
    # The customer certified, on the quote or the contract, that the works are in a home of more than two years.
    works_certified = models.BooleanField(_("travaux certifiés par le client"), default=False)

    asked_as = models.CharField(max_length=100, null=True, blank=True)  # what asked for it: the same asks once
    # Of a credit note only.
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="credit_notes", db_index=False
    )
    reason = models.CharField(_("motif de l’avoir"), max_length=300, blank=True)

    net_minor = MinorField(default=0)
    vat_minor = MinorField(default=0)
    gross_minor = MinorField(default=0)
    # The part of the VAT that falls due when the money arrives; that it takes back, of a credit note.
    vat_on_receipts_minor = MinorField(default=0)
    subject = models.CharField(max_length=200, blank=True)  # the first line, for lists and search

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
            models.UniqueConstraint(fields=["company", "number"], name="invoice_numbers_are_unique"),
            models.UniqueConstraint(fields=["company", "chain_position"], name="chain_positions_are_unique"),
            models.UniqueConstraint(
                fields=["company", "asked_as"],
                condition=models.Q(asked_as__isnull=False),
                name="documents_are_asked_for_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["invoice", "opening"], corrects=None)
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
    def is_opening(self) -> bool:
        """Issued by a former tool, and taken over unpaid."""
        return self.kind == DocumentKind.OPENING

    @property
    def has_settlement(self) -> bool:
        """Whether others can owe it, pay it, dispute it."""
        return not self.is_draft and not self.is_credit_note

    @property
    def delivery_lines(self) -> list[str]:
        """As printed; empty where goods go to the customer."""
        town = f"{self.delivery_postal_code} {self.delivery_city}".strip()
        return [line for line in (self.delivery_address, town) if line]

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)

    @property
    def remaining(self) -> Money:
        """What is still owed; the whole total of a draft, nothing of a credit note."""
        if self.is_credit_note:
            return Money(0, self.currency)
        return Money(self.gross_minor if self.is_draft else self.settlement.remaining_minor, self.currency)

    @property
    def terms(self) -> PaymentTerms:
        """When it is to be paid, as typed."""
        return PaymentTerms(
            TermsKind(self.terms_kind), self.due_days, self.due_on, tuple(map(Part.restored, self.instalments))
        )

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


class InvoiceLine(models.Model):
    """A line as typed. `unit_price` in major units, with VAT when the invoice says so; `amount_minor` as printed."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    description = models.TextField(_("désignation"), max_length=4000, blank=True)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature.choices, default=Nature.SERVICES)
    quantity = models.DecimalField(_("quantité"), max_digits=13, decimal_places=4, default=1)
    unit = models.CharField(_("unité"), max_length=20, blank=True)
    unit_price = models.DecimalField(_("prix unitaire"), max_digits=17, decimal_places=4, default=0)
    discount_rate = models.DecimalField(_("remise en %"), max_digits=5, decimal_places=2, default=0)
    vat_rate = models.DecimalField(_("taux de TVA"), max_digits=5, decimal_places=2, default=0)
    # Of EN 16931, empty until one is chosen; the key of a `catalog.vat_treatments.Treatment`, empty when plainly taxed.
    vat_category = models.CharField(max_length=2, blank=True)
    exemption = models.CharField(max_length=30, blank=True)
    amount_minor = MinorField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "rank"], name="invoice_line_ranks_are_unique")]

    def __str__(self) -> str:
        return self.description
