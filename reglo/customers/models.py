"""Who the company sells to: professionals and consumers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.companies.states import TermsKind


class CustomerKind(models.TextChoices):
    PROFESSIONAL = "professional", _("Professionnel")
    CONSUMER = "consumer", _("Particulier")


class Language(models.TextChoices):
    """What a document may be written in; each in its own words."""

    FRENCH = "fr", "Français"
    ENGLISH = "en", "English"


class Customer(models.Model):
    """A customer of one company. An issued invoice keeps its own copy of these fields."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="customers")
    kind = models.CharField(_("type"), max_length=20, choices=CustomerKind.choices, default=CustomerKind.PROFESSIONAL)
    name = models.CharField(_("nom ou raison sociale"), max_length=200)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    vat_number = models.CharField(_("numéro de TVA"), max_length=20, blank=True)
    contact_name = models.CharField(_("contact"), max_length=150, blank=True)
    service = models.CharField(_("service"), max_length=80, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    address_more = models.CharField(_("complément d’adresse"), max_length=200, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("ville"), max_length=100, blank=True)
    country = models.CharField(_("pays"), max_length=2, default="FR")
    language = models.CharField(
        _("langue des documents"), max_length=2, choices=Language.choices, default=Language.FRENCH
    )
    order_reference = models.CharField(_("référence à rappeler"), max_length=60, blank=True)
    # Blank: as the company. `due_days` goes with the kind.
    terms_kind = models.CharField(_("échéance"), max_length=20, choices=TermsKind.choices, blank=True)
    due_days = models.PositiveSmallIntegerField(_("délai de paiement, en jours"), null=True, blank=True)
    notes = models.TextField(_("notes internes"), max_length=5000, blank=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("client")
        indexes = [models.Index(fields=["company", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_professional(self) -> bool:
        return self.kind == CustomerKind.PROFESSIONAL

    @property
    def attention(self) -> str:
        """« Claire Fontaine, service Comptabilité »: whom a document is for, within a company."""
        return ", ".join(part for part in (self.contact_name, self.service) if part) if self.is_professional else ""

    @property
    def address_lines(self) -> list[str]:
        town = f"{self.postal_code} {self.city}".strip()
        return [line for line in (self.address, self.address_more, town) if line]
