"""A line of a document, whatever its kind."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.database.fields import MinorField
from reglo.invoicing.states import LineKind


class DocumentLine(models.Model):
    """A line as typed. `unit_price` in major units, with VAT when the document says so; `amount_minor` as printed.

    What is no article has a text alone: the amount of a subtotal is computed wherever it is shown.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    kind = models.CharField(_("sorte"), max_length=8, choices=LineKind.choices, default=LineKind.ARTICLE)
    description = models.TextField(_("désignation"), max_length=4000, blank=True)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature.choices, default=Nature.SERVICES, blank=True)
    quantity = models.DecimalField(_("quantité"), max_digits=13, decimal_places=4, default=1)
    unit = models.CharField(_("unité"), max_length=20, blank=True)
    unit_price = models.DecimalField(_("prix unitaire"), max_digits=17, decimal_places=4, default=0)
    discount_rate = models.DecimalField(_("remise en %"), max_digits=5, decimal_places=2, default=0)
    discount_minor = MinorField(_("remise en montant"), default=0)  # off the whole line, after the percentage
    vat_rate = models.DecimalField(_("taux de TVA"), max_digits=5, decimal_places=2, default=0)
    # Of EN 16931, empty until one is chosen; the key of a `catalog.vat_treatments.Treatment`, empty when plainly taxed.
    vat_category = models.CharField(max_length=2, blank=True)
    exemption = models.CharField(max_length=30, blank=True)
    amount_minor = MinorField(default=0)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="article")
                | models.Q(
                    nature="",
                    quantity=0,
                    unit="",
                    unit_price=0,
                    discount_rate=0,
                    discount_minor=0,
                    vat_rate=0,
                    vat_category="",
                    exemption="",
                    amount_minor=0,
                ),
                name="only_an_article_has_an_amount_%(class)s",
            )
        ]

    @property
    def is_article(self) -> bool:
        """Whether it sells something."""
        return self.kind == LineKind.ARTICLE

    def __str__(self) -> str:
        return self.description
