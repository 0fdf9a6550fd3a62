"""What is typed at the head of any document, and what its lines add up to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.database.fields import MinorField
from reglo.money import Money


class DocumentHead(models.Model):
    """Shared by an invoice and by a version of a quote, so that both are edited, added up and printed in one way."""

    revision = models.PositiveIntegerField(
        default=0
    )  # grows at each save of the draft: two tabs cannot overwrite one another

    currency = models.CharField(max_length=3)
    prices_include_vat = models.BooleanField(_("prix TTC"), default=False)
    supply_date = models.DateField(_("date de la prestation ou de la livraison"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(_("délai de paiement, en jours"), default=30)
    order_reference = models.CharField(_("votre référence"), max_length=60, blank=True)
    mention = models.TextField(_("autres mentions"), max_length=2000, blank=True)
    exemption_reason = models.CharField(_("motif d’exonération de TVA"), max_length=200, blank=True)

    net_minor = MinorField(default=0)
    vat_minor = MinorField(default=0)
    gross_minor = MinorField(default=0)
    subject = models.CharField(max_length=200, blank=True)  # the first line, for lists and search

    class Meta:
        abstract = True

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)
