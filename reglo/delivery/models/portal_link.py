"""A secure link: who holds its token may see, and pay or sign, one document."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.delivery.states import LinkRight
from reglo.invoicing.models import Invoice, Quote


class PortalLink(models.Model):
    """The token (256 random bits) is not kept, its SHA-256 is: a stolen database opens nothing.

    `id` stands in the clean address of the document. Opening consumes nothing: scanners of mails open links too,
    so `opened_count` counts machines as well, and only `seen_at` says that a person was there.
    """

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    # One of the two.
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="portal_links")
    quote = models.ForeignKey(Quote, null=True, on_delete=models.PROTECT, related_name="portal_links")
    email = models.EmailField(_("destinataire"), blank=True)  # empty: a link to hand over otherwise
    right = models.CharField(max_length=12, choices=LinkRight.choices, default=LinkRight.VIEW_AND_PAY)
    token_hash = models.CharField(max_length=64, unique=True)  # hexadecimal
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_count = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # the first gesture of a person

    class Meta:
        verbose_name = _("lien sécurisé")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(invoice__isnull=False, quote=None) | models.Q(invoice=None, quote__isnull=False),
                name="a_link_opens_one_document",
            )
        ]
        indexes = [models.Index(fields=["company", "invoice"], name="links_by_invoice")]

    def __str__(self) -> str:
        return f"{self.id} {self.email}".strip()

    @property
    def document(self) -> Invoice | Quote:
        return one_of(self.invoice, self.quote)

    def is_usable(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


def one_of(invoice: Invoice | None, quote: Quote | None) -> Invoice | Quote:
    """The document of a link, a grant or a mail: a constraint keeps it to one."""
    document = invoice or quote
    assert document is not None, "it is about a document"
    return document
