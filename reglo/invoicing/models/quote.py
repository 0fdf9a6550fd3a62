"""A quote: what is offered, version after version, and what was decided. Never in the series nor chain of invoices."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company, User
from reglo.customers.models import Customer
from reglo.database.fields import MinorField
from reglo.invoicing.models.head import DocumentHead
from reglo.invoicing.models.invoice import Invoice
from reglo.invoicing.models.line import DocumentLine
from reglo.invoicing.states import QUOTE_MOVES, DecisionChannel, InvalidMove, QuoteOutcome, QuoteState, QuoteStatus
from reglo.money import Money


class Quote(models.Model):
    """What stays from one version to the next. `latest` is the version being written or the last one finalised;
    `offered` the last one finalised, which the customer sees and decides upon."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="quotes")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="quotes")
    status = models.CharField(max_length=10, choices=QuoteStatus.choices, default=QuoteStatus.DRAFT)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()  # the last save, version or decision: lists are in this order
    discarded_at = models.DateTimeField(null=True, blank=True)  # never numbered, thrown away: *Annuler* brings it back
    series = models.CharField(max_length=30, blank=True)
    number = models.CharField(_("numéro"), max_length=35, null=True, blank=True)
    valid_until = models.DateField(_("valable jusqu’au"), null=True, blank=True)  # of `offered`
    latest = models.ForeignKey(
        "invoicing.QuoteVersion", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    offered = models.ForeignKey(
        "invoicing.QuoteVersion", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("devis")
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="quote_numbers_are_unique"),
            models.CheckConstraint(
                condition=models.Q(status="draft", number=None, offered=None, valid_until=None)
                | (
                    ~models.Q(status="draft")
                    & models.Q(number__isnull=False, offered__isnull=False, valid_until__isnull=False)
                ),
                name="quote_number_comes_with_its_first_version",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-edited_at", "-id"], name="quotes_latest_first"),
            models.Index(fields=["company", "status", "-edited_at", "-id"], name="quotes_of_status"),
            models.Index(fields=["company", "customer", "-edited_at", "-id"], name="quotes_of_customer"),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Brouillon"))

    @property
    def is_draft(self) -> bool:
        """Whether no version was ever finalised."""
        return self.status == QuoteStatus.DRAFT

    @property
    def is_being_revised(self) -> bool:
        """Whether a version follows that the customer does not see yet."""
        return not self.is_draft and self.latest_id != self.offered_id

    def move_to(self, status: QuoteStatus) -> None:
        """The only way to change `status`. Moving to the present status is a no-op. Raises InvalidMove."""
        if self.status == status:
            return
        if status not in QUOTE_MOVES[QuoteStatus(self.status)]:
            raise InvalidMove(from_status=QuoteStatus(self.status).label)
        self.status = status

    def state_on(self, today: date) -> QuoteState:
        """The one word shown on `today`, the company's date."""
        if self.status == QuoteStatus.SENT:
            assert self.valid_until is not None, "what was sent is valid until a day"
            if self.valid_until < today:
                return QuoteState.EXPIRED
        return QuoteState(self.status)


class QuoteVersion(DocumentHead):
    """A version: a draft while `hash` is empty, then never changed. Its totals are those without any option.

    `frozen` is the whole document as canonical JSON, `hash` the SHA-256 of that text, hexadecimal.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    valid_days = models.PositiveSmallIntegerField(_("validité, en jours"), default=30)
    work_place = models.CharField(_("lieu d’exécution"), max_length=300, blank=True)
    fee_minor = MinorField(_("prix du devis"), default=0)  # nothing: a free quote
    deposit_rate = models.DecimalField(
        _("acompte demandé, en %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    deposit_minor = MinorField(_("acompte demandé"), null=True, blank=True)

    issue_date = models.DateField(_("date du devis"), null=True, blank=True)
    valid_until = models.DateField(_("valable jusqu’au"), null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    frozen = models.TextField(blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("version d’un devis")
        constraints = [
            *DocumentHead.Meta.constraints,
            models.UniqueConstraint(fields=["quote", "number"], name="quote_version_numbers_are_unique"),
            models.CheckConstraint(
                condition=models.Q(deposit_rate=None) | models.Q(deposit_minor=None),
                name="a_deposit_is_a_rate_or_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return not self.hash


class QuoteLine(DocumentLine):
    """`optional`: the customer takes it or leaves it, and it is in no total until they take it."""

    version = models.ForeignKey(QuoteVersion, on_delete=models.CASCADE, related_name="lines")
    optional = models.BooleanField(_("en option"), default=False)

    class Meta:
        constraints = [
            *DocumentLine.Meta.constraints,
            models.UniqueConstraint(fields=["version", "rank"], name="quote_line_ranks_are_unique"),
            models.CheckConstraint(
                condition=models.Q(kind="article") | models.Q(optional=False), name="only_an_article_is_optional"
            ),
        ]


class QuoteDecision(models.Model):
    """The proof of what was decided, of which version, by whom and how. Append-only.

    `options`: the ranks of the options taken, JSON. The amounts are what was accepted, options included.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="decisions")
    version = models.ForeignKey(QuoteVersion, on_delete=models.PROTECT, related_name="decisions", db_index=False)
    version_hash = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10, choices=QuoteOutcome.choices)
    channel = models.CharField(max_length=10, choices=DecisionChannel.choices)
    decided_at = models.DateTimeField()
    decided_on = models.DateField()  # the company's date, or the one that staff wrote down

    name = models.CharField(_("nom de la personne"), max_length=150, blank=True)  # as typed
    email = models.EmailField(blank=True)  # to which the link was sent
    link_id = models.UUIDField(null=True)  # the secure link, which lives above this package
    statement = models.CharField(max_length=300, blank=True)  # the sentence that was ticked
    reason = models.CharField(_("motif du refus"), max_length=500, blank=True)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # staff
    note = models.CharField(max_length=500, blank=True)  # theirs

    options = models.CharField(max_length=3000, default="[]")
    currency = models.CharField(max_length=3)
    net_minor = MinorField(default=0)
    vat_minor = MinorField(default=0)
    gross_minor = MinorField(default=0)

    class Meta:
        verbose_name = _("réponse à un devis")
        constraints = [
            models.UniqueConstraint(fields=["version", "outcome"], name="a_version_is_answered_once_each_way"),
            models.UniqueConstraint(
                fields=["quote"], condition=models.Q(outcome="accepted"), name="a_quote_is_accepted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id}: {self.outcome}"

    @property
    def is_acceptance(self) -> bool:
        return self.outcome == QuoteOutcome.ACCEPTED

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)


class QuoteShare(models.Model):
    """How much of a line of an accepted quote an invoice was made for: `amount_minor` as that line is printed."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="quote_shares")
    line = models.ForeignKey(QuoteLine, on_delete=models.PROTECT, related_name="shares")
    amount_minor = MinorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "line"], name="one_share_of_a_line_per_invoice")]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.amount_minor}"
