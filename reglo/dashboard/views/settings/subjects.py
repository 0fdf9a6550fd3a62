"""The subjects of the configuration, in the order of the menu. A page exists where a subject is listed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Subject:
    """`about` says in a sentence what the page changes; `guide` names the page of the guide (lazy translations)."""

    route: str
    title: Any
    about: Any
    icon: str
    guide: str = ""


COMPANY = Subject(
    "dashboard:settings_company",
    _("Entreprise"),
    _("Qui vous êtes, tel qu’imprimé sur vos documents. Ceux qui sont émis gardent ce qu’ils disaient."),
    "building-storefront",
    "entreprise",
)
LOOK = Subject(
    "dashboard:settings_look",
    _("Logo et couleur"),
    _("Ce que vos clients reconnaissent, sur vos documents et sur leur page de paiement."),
    "swatch",
    "entreprise",
)
DOCUMENTS = Subject(
    "dashboard:settings_documents",
    _("Devis & Factures"),
    _("Comment vos clients paient en ligne. Les factures déjà envoyées suivent ce réglage."),
    "credit-card",
    "paiement-par-carte",
)
BILLING = Subject(
    "dashboard:settings_billing",
    _("Facturation"),
    _("Ce que chaque nouveau document propose. Ceux qui sont émis ne changent pas."),
    "document-text",
    "tva",
)
VAT = Subject(
    "dashboard:settings_vat",
    _("TVA"),
    _("Votre régime, et depuis quand. Un document suit le régime du jour où il est émis."),
    "receipt-percent",
    "tva",
)
TRADES = Subject(
    "dashboard:settings_trades",
    _("Métiers et assurance"),
    _("Ce que la loi fait dire à certains métiers sur leurs devis et leurs factures."),
    "wrench-screwdriver",
    "tva",
)
BANK = Subject(
    "dashboard:settings_bank",
    _("Banque"),
    _("Le compte sur lequel vos clients paient par virement, imprimé sur vos factures."),
    "building-library",
    "entreprise",
)
ACCOUNTS = Subject(
    "dashboard:settings_accounts",
    _("Comptes comptables"),
    _("Le compte où va chaque écriture, à partir d’une date. Ce qui est déjà écrit ne bouge pas."),
    "calculator",
    "comptes",
)
NUMBERING = Subject(
    "dashboard:settings_numbering",
    _("Numérotation"),
    _("Comment vos documents sont numérotés. Un changement vaut pour la suite ; ce qui est émis garde son numéro."),
    "hashtag",
    "numerotation",
)
OPENINGS = Subject(
    "dashboard:openings",
    _("Reprise"),
    _("Les factures impayées de votre ancien logiciel, pour qu’elles soient payées ici."),
    "arrow-down-on-square",
    "reprise",
)
MAIL = Subject(
    "dashboard:settings_mail",
    _("E-mail"),
    _("Le serveur qui envoie vos factures et vos reçus, depuis votre adresse."),
    "envelope",
    "e-mail",
)
PEOPLE = Subject(
    "dashboard:people",
    _("Personnes"),
    _("Qui entre ici, et ce que chacun peut faire."),
    "users",
    "personnes",
)
RECEIVING = Subject(
    "dashboard:settings_receiving",
    _("Réception des factures"),
    _("La plateforme agréée qui reçoit les factures de vos fournisseurs."),
    "inbox-arrow-down",
    "reception",
)

SUBJECTS: tuple[Subject, ...] = (
    *(COMPANY, LOOK, TRADES, DOCUMENTS, BILLING, VAT, NUMBERING),
    *(BANK, MAIL, ACCOUNTS, PEOPLE, RECEIVING),
    OPENINGS,
)
