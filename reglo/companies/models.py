"""The company (the issuer, our tenant), its people and their invitations."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from reglo.companies.states import LegalForm, RefundPolicy, Role, TermsKind, Territory, Trade, VatRegime
from reglo.database.fields import MinorField
from reglo.database.prepared import Parameter, PreparedRead
from reglo.files.models import StoredFile
from reglo.ports import clock


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. What they may do is in their memberships."""

    email = models.EmailField(_("adresse e-mail"), unique=True)
    name = models.CharField(_("nom"), max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=clock.now)
    alerted = models.BooleanField(_("recevoir les alertes par e-mail"), default=True)  # of the companies they run

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("personne")

    def __str__(self) -> str:
        return self.name or self.email


@dataclass(frozen=True, slots=True)
class VatStatus:
    """How the company stands towards VAT on a day."""

    regime: VatRegime
    on_debits: bool

    @property
    def charges_vat(self) -> bool:
        return self.regime != VatRegime.FRANCHISE


class Company(models.Model):
    """The seller. `practice` is fixed at creation: such a company issues only SPÉCIMEN documents, numbered ESSAI-."""

    practice = models.BooleanField(_("entreprise d’essai"))
    created_at = models.DateTimeField()

    name = models.CharField(_("nom ou raison sociale"), max_length=200)
    legal_form = models.CharField(_("forme juridique"), max_length=20, choices=LegalForm.choices, default=LegalForm.EI)
    share_capital = models.CharField(_("capital social"), max_length=40, blank=True)
    rcs_city = models.CharField(_("ville du RCS"), max_length=80, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    vat_number = models.CharField(_("numéro de TVA"), max_length=20, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    address_more = models.CharField(_("complément d’adresse"), max_length=200, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("ville"), max_length=100, blank=True)
    country = models.CharField(_("pays"), max_length=2, default="FR")
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    website = models.CharField(_("site internet"), max_length=200, blank=True)
    mediator = models.CharField(_("médiateur de la consommation"), max_length=300, blank=True)
    insurance = models.CharField(_("assurance professionnelle"), max_length=300, blank=True)
    insurance_cover = models.CharField(_("couverture géographique de l’assurance"), max_length=200, blank=True)
    trades = models.CharField(_("métiers"), max_length=100, blank=True)  # values of `Trade`, between commas
    rge = models.CharField(_("qualification RGE"), max_length=200, blank=True)
    waste_handling = models.CharField(_("tri et enlèvement des déchets de chantier"), max_length=300, blank=True)
    waste_points = models.CharField(_("points de collecte des déchets de chantier"), max_length=300, blank=True)

    logo = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    accent_colour = models.CharField(_("couleur"), max_length=7, default="#0b7a4b")
    time_zone = models.CharField(_("fuseau horaire"), max_length=40, default="Europe/Paris")
    currency = models.CharField(max_length=3, default="EUR")

    iban = models.CharField("IBAN", max_length=34, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    account_holder = models.CharField(_("titulaire du compte"), max_length=100, blank=True)

    # The regime of its beginnings; `VatRegimePeriod` has the changes since, `vat_on` the answer for a day.
    vat_regime = models.CharField(
        _("régime de TVA"), max_length=20, choices=VatRegime.choices, default=VatRegime.MONTHLY
    )
    vat_on_debits = models.BooleanField(_("option pour le paiement de la taxe d’après les débits"), default=False)

    vat_territory = models.CharField(
        _("territoire de TVA"), max_length=12, choices=Territory.choices, blank=True
    )  # empty: that of its postal code
    oss = models.BooleanField(_("guichet unique TVA (OSS)"), default=False)

    # Devis & Factures
    card_payments = models.BooleanField(_("accepter le paiement par carte"), default=False)
    card_limit_minor = MinorField(_("proposer la carte jusqu’à"), null=True, blank=True)
    partial_payments = models.BooleanField(_("autoriser le paiement en plusieurs fois"), default=False)
    prices_include_vat = models.BooleanField(_("prix saisis TTC"), default=False)
    terms_kind = models.CharField(_("échéance"), max_length=20, choices=TermsKind.choices, default=TermsKind.DAYS)
    due_days = models.PositiveSmallIntegerField(_("délai de paiement, en jours"), default=30)
    late_penalty_rate = models.DecimalField(
        _("taux des pénalités de retard, en % par an"), max_digits=5, decimal_places=2, null=True, blank=True
    )  # null: the legal default, ECB rate + 10 points
    early_discount = models.CharField(
        _("escompte pour paiement anticipé"), max_length=200, blank=True
    )  # empty: there is none, and documents say so
    mention = models.TextField(_("autres mentions proposées"), max_length=2000, blank=True)
    refund_policy = models.CharField(
        _("après un remboursement"), max_length=10, choices=RefundPolicy.choices, default=RefundPolicy.DRAFT
    )

    # Which approved platform receives its supplier invoices; asked until answered.
    receiving_platform = models.CharField(_("plateforme agréée de réception"), max_length=200, blank=True)
    receiving_platform_answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("entreprise")

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def charges_vat(self) -> bool:
        """Today, for what a screen shows. What has a date asks `vat_on`."""
        return self.vat_on(clock.now().astimezone(self.zone).date()).charges_vat

    def vat_on(self, day: date) -> VatStatus:
        """The regime in force on `day`. One statement the first time, none after."""
        begun = [(regime, debits) for since, regime, debits in self._vat_periods if since <= day]
        regime, on_debits = begun[-1] if begun else (self.vat_regime, self.vat_on_debits)
        return VatStatus(VatRegime(regime), on_debits)

    @cached_property  # Django's: that of functools holds one lock for all companies while the database is asked
    def _vat_periods(self) -> list[tuple[date, str, bool]]:
        return _VAT_PERIODS(company_id=self.pk) if self.pk else []

    def practises(self, trade: Trade) -> bool:
        return trade.value in self.trades.split(",")

    @property
    def address_lines(self) -> list[str]:
        town = f"{self.postal_code} {self.city}".strip()
        return [line for line in (self.address, self.address_more, town) if line]


class VatRegimePeriod(models.Model):
    """From `since` on, the company is under this regime. Never edited; taken back while nothing was issued under it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="vat_periods")
    since = models.DateField(_("à partir du"))
    regime = models.CharField(_("régime de TVA"), max_length=20, choices=VatRegime.choices)
    on_debits = models.BooleanField(_("option pour le paiement de la taxe d’après les débits"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "since"], name="one_vat_regime_from_a_day")]

    def __str__(self) -> str:
        return f"{self.get_regime_display()} ({self.since})"


_VAT_PERIODS: PreparedRead[tuple[date, str, bool]] = PreparedRead(
    lambda: (
        VatRegimePeriod.objects.filter(company_id=Parameter("company_id"))
        .order_by("since")
        .values_list("since", "regime", "on_debits")
    )
)


class FormerLogo(models.Model):
    """A logo since replaced. Documents issued under it print it for ever, so this row keeps its file from the sweep."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="former_logos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "file"], name="former_logos_are_kept_once")]

    def __str__(self) -> str:
        return str(self.file_id)


class Membership(models.Model):
    """A person in a company, with a role. An owner may let a member finalise invoices."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    may_finalise = models.BooleanField(_("peut finaliser"), default=False)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user"], condition=models.Q(left_at=None), name="one_active_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER


class Invitation(models.Model):
    """A one-time link that makes its bearer a member. Only the hash of the token is kept.

    The first owner comes by the same door: `reglo setup` prints an invitation without a company.
    """

    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    may_finalise = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email or 'setup'} ({self.get_role_display()})"

    def is_for(self, person: User) -> bool:
        """Who was named, or anyone where nobody was."""
        return not self.email or self.email.lower() == person.email.lower()


class SignInLink(models.Model):
    """A one-time link that signs a known person in: printed by `reglo demo` and `reglo password-link`, never mailed."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    resets_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user}"
