"""Choices of a company, as data: the values are stored, the words are shown."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a member may do; `permissions.py` says it route by route."""

    OWNER = "owner", _("Gérant")
    MEMBER = "member", _("Collaborateur")
    ACCOUNTANT = "accountant", _("Comptable")


class VatRegime(TextChoices):
    """How the company declares VAT. Under franchise it charges none and prints the dated mention."""

    MONTHLY = "monthly", _("Réel normal, déclaration mensuelle")
    QUARTERLY = "quarterly", _("Réel normal, déclaration trimestrielle")
    SIMPLIFIED = "simplified", _("Réel simplifié")
    FRANCHISE = "franchise", _("Franchise en base (sans TVA)")


class Territory(TextChoices):
    """Where a sale is taxed, for its VAT rates: each part of France has its own (CGI art. 294 to 297)."""

    MAINLAND = "mainland", _("France métropolitaine et Monaco")
    CORSICA = "corsica", _("Corse")
    OVERSEAS = "overseas", _("Guadeloupe, Martinique, La Réunion")
    WITHOUT_VAT = "without_vat", _("Guyane, Mayotte et autres territoires sans TVA")


class Trade(TextChoices):
    """What a company does that the law asks more of: its insurance, its quotes, its customers’ certifications."""

    BUILDING = "building", _("Travaux du bâtiment")
    HOME_REPAIR = "home_repair", _("Dépannage et réparation à domicile")
    INSURED_CRAFT = "insured_craft", _("Autre métier à assurance professionnelle obligatoire")


class RefundPolicy(TextChoices):
    """What follows a refund that a payment provider tells of, for the invoice that it reopens."""

    DRAFT = "draft", _("Préparer un brouillon d’avoir")
    ISSUE = "issue", _("Émettre l’avoir")
    NOTHING = "nothing", _("Ne rien faire")


class TermsKind(TextChoices):
    """How a due date is counted from the day of issue. « Fin de mois » is counted in two ways (L. 441-10, I)."""

    ON_RECEIPT = "on_receipt", _("À réception")
    DAYS = "days", _("Un nombre de jours")
    DAYS_END_OF_MONTH = "days_end_of_month", _("Des jours, puis fin de mois")
    END_OF_MONTH_DAYS = "end_of_month_days", _("Fin de mois, puis des jours")
    DATE = "date", _("À une date")
    INSTALMENTS = "instalments", _("En plusieurs échéances")


# What every document of a company or of a customer can begin with: a date and instalments belong to one document.
USUAL_TERMS = (TermsKind.ON_RECEIPT, TermsKind.DAYS, TermsKind.DAYS_END_OF_MONTH, TermsKind.END_OF_MONTH_DAYS)


class LegalForm(TextChoices):
    EI = "ei", _("Entrepreneur individuel (EI)")
    MICRO = "micro", _("Micro-entrepreneur (EI)")
    EURL = "eurl", "EURL"
    SARL = "sarl", "SARL"
    SASU = "sasu", "SASU"
    SAS = "sas", "SAS"
    SA = "sa", "SA"
    SCI = "sci", "SCI"
    ASSOCIATION = "association", _("Association")

    @property
    def is_sole_trader(self) -> bool:
        return self in {LegalForm.EI, LegalForm.MICRO}

    @property
    def has_capital(self) -> bool:
        """A company that prints its share capital and where it is registered (Code de commerce, R. 123-238)."""
        return not self.is_sole_trader and self is not LegalForm.ASSOCIATION


class Nature(TextChoices):
    """What is sold: it decides when VAT falls due and what the invoice must say (CGI ann. II, 242 nonies A)."""

    GOODS = "goods", _("Livraison de biens")
    SERVICES = "services", _("Prestation de services")
