"""What the company sells, to fill a line in one choice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.companies.states import Nature


class Product(models.Model):
    """A good or a service with its usual price. `unit_price` is in major units, with VAT when `price_includes_vat`."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="products")
    description = models.CharField(_("désignation"), max_length=500)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature.choices, default=Nature.SERVICES)
    unit = models.CharField(_("unité"), max_length=20, blank=True)
    unit_price = models.DecimalField(_("prix unitaire"), max_digits=17, decimal_places=4)
    price_includes_vat = models.BooleanField(_("prix TTC"), default=False)
    vat_rate = models.DecimalField(_("taux de TVA"), max_digits=5, decimal_places=2)
    vat_category = models.CharField(max_length=2, blank=True)  # as on a line of an invoice, which it fills
    exemption = models.CharField(max_length=30, blank=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("article")
        indexes = [models.Index(fields=["company", "description"])]

    def __str__(self) -> str:
        return self.description
