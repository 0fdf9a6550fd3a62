"""A line of a document, whatever its kind."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.database.fields import MinorField


class DocumentLine(models.Model):
    """A line as typed. `unit_price` in major units, with VAT when the document says so; `amount_minor` as printed."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    description = models.TextField(_("désignation"), max_length=4000, blank=True)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature.choices, default=Nature.SERVICES)
    quantity = models.DecimalField(_("quantité"), max_digits=13, decimal_places=4, default=1)
    unit = models.CharField(_("unité"), max_length=20, blank=True)
    unit_price = models.DecimalField(_("prix unitaire"), max_digits=17, decimal_places=4, default=0)
    discount_rate = models.DecimalField(_("remise en %"), max_digits=5, decimal_places=2, default=0)
    vat_rate = models.DecimalField(_("taux de TVA"), max_digits=5, decimal_places=2, default=0)
    amount_minor = MinorField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.description
