"""What is typed at the head of any document, and what its lines add up to."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.states import TermsKind
from reglo.customers.models import Language
from reglo.database.fields import MinorField
from reglo.invoicing.terms import Part, PaymentTerms
from reglo.money import Money
from reglo.money.taxes import NO_DISCOUNT, Discount


class DocumentHead(models.Model):
    """Shared by an invoice and by a version of a quote, so that both are edited, added up and printed in one way."""

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
    mention = models.TextField(_("autres mentions"), max_length=2000, blank=True)
    exemption_reason = models.CharField(_("motif d’exonération de TVA"), max_length=200, blank=True)
    # Where goods go, when not to the customer's own address.
    delivery_address = models.CharField(_("adresse de livraison"), max_length=200, blank=True)
    delivery_postal_code = models.CharField(_("code postal de livraison"), max_length=10, blank=True)
    delivery_city = models.CharField(_("ville de livraison"), max_length=100, blank=True)
    delivery_country = models.CharField(_("pays de livraison"), max_length=2, blank=True)  # empty: the customer's
    # Of the whole document: a percentage, or an amount in the mode of its prices. None: there is none.
    discount_rate = models.DecimalField(_("remise en %"), max_digits=5, decimal_places=2, null=True, blank=True)
    discount_minor = MinorField(_("remise en montant"), null=True, blank=True)

    net_minor = MinorField(default=0)
    vat_minor = MinorField(default=0)
    gross_minor = MinorField(default=0)
    subject = models.CharField(max_length=200, blank=True)  # the first line, for lists and search

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(discount_rate=None)
                | models.Q(discount_minor=None, discount_rate__gte=0, discount_rate__lte=100),
                name="one_discount_of_a_document_%(class)s",
            )
        ]

    @property
    def discount(self) -> Discount:
        """Of the whole document."""
        if not self.has_discount:
            return NO_DISCOUNT
        return Discount(rate=self.discount_rate or Decimal(0), minor=self.discount_minor or 0)

    @property
    def has_discount(self) -> bool:
        return self.discount_rate is not None or self.discount_minor is not None

    @property
    def terms(self) -> PaymentTerms:
        """When it is to be paid, as typed."""
        return PaymentTerms(
            TermsKind(self.terms_kind), self.due_days, self.due_on, tuple(map(Part.restored, self.instalments))
        )

    @property
    def delivery_lines(self) -> list[str]:
        """As printed; empty where goods go to the customer."""
        town = f"{self.delivery_postal_code} {self.delivery_city}".strip()
        return [line for line in (self.delivery_address, town) if line]

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)
