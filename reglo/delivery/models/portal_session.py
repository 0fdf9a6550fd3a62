"""What a customer's browser may see: a session on our side, named by one cookie, holding grants."""

from datetime import datetime

from django.db import models

from reglo.companies.models import Company
from reglo.delivery.models.portal_link import PortalLink
from reglo.delivery.states import LinkRight
from reglo.invoicing.models import Invoice, Quote


class PortalSession(models.Model):
    """One browser. The cookie's key is kept as its SHA-256; `csrf_secret` signs the forms of this browser alone."""

    key_hash = models.CharField(max_length=64, unique=True)
    csrf_secret = models.CharField(max_length=43)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"session of {self.created_at:%Y-%m-%d %H:%M}"


class PortalGrant(models.Model):
    """A right on one document, given to a session by a link, or by typing number and amount (no link: pay only).

    `public_id` stands in the address and means nothing outside its session. A grant falls with its link.
    """

    session = models.ForeignKey(PortalSession, on_delete=models.CASCADE, related_name="grants")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    # One of the two, as of its link.
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="+")
    quote = models.ForeignKey(Quote, null=True, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(PortalLink, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")
    right = models.CharField(max_length=12, choices=LinkRight.choices)
    public_id = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "public_id"], name="one_grant_per_address"),
            models.CheckConstraint(
                condition=models.Q(link__isnull=False) | models.Q(right=LinkRight.PAY_ONLY),
                name="seeing_a_document_needs_a_link",
            ),
            models.CheckConstraint(
                condition=models.Q(invoice__isnull=False, quote=None) | models.Q(invoice=None, quote__isnull=False),
                name="a_grant_is_on_one_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right} {self.public_id}"

    def is_usable(self, now: datetime) -> bool:
        return now < self.session.expires_at and (self.link is None or self.link.is_usable(now))

    @property
    def bill(self) -> Invoice:
        """The invoice or credit note; asked of a grant on a quote, a bug."""
        assert self.invoice is not None, "the door of invoices lets in grants on invoices"
        return self.invoice

    @property
    def offer(self) -> Quote:
        """The quote; asked of a grant on an invoice, a bug."""
        assert self.quote is not None, "the door of quotes lets in grants on quotes"
        return self.quote

    @property
    def may_view(self) -> bool:
        return LinkRight(self.right).may_view

    @property
    def may_pay(self) -> bool:
        return LinkRight(self.right).may_pay

    @property
    def may_sign(self) -> bool:
        return LinkRight(self.right).may_sign
