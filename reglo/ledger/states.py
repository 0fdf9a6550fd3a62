"""Words of the ledger that are stored."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Journal(TextChoices):
    """The journals; the value is the FEC's JournalCode."""

    SALES = "VE", _("Ventes")
    BANK = "BQ", _("Banque")
    CASH = "CA", _("Caisse")
    PROVIDER = "PS", _("Prestataires de paiement")
    OPENING = "AN", _("À-nouveaux")
    GENERAL = "OD", _("Opérations diverses")


class AccountRole(TextChoices):
    """What an account is for; `chart.py` gives each its usual number."""

    RECEIVABLE = "receivable", _("Clients")
    SURPLUS = "surplus", _("Clients, trop-perçus")
    DEPOSITS = "deposits", _("Clients, acomptes facturés")
    SALES_SERVICES = "sales_services", _("Prestations de services")
    SALES_GOODS = "sales_goods", _("Ventes de marchandises")
    VAT_COLLECTED = "vat_collected", _("TVA collectée")
    VAT_AWAITING = "vat_awaiting", _("TVA collectée en attente d’encaissement")
    VAT_OSS = "vat_oss", _("TVA d’autres pays (guichet OSS)")
    STRIPE_CLEARING = "stripe_clearing", _("Compte d’attente Stripe")
    BANK = "bank", _("Banque")
    CASH = "cash", _("Caisse")
    CHEQUES = "cheques", _("Chèques à encaisser")
    CARD_TERMINAL = "card_terminal", _("Cartes à encaisser")
    PAYMENT_FEES = "payment_fees", _("Frais sur moyens de paiement")
    DISPUTED = "disputed", _("Paiements contestés")
    BAD_DEBTS = "bad_debts", _("Pertes sur créances irrécouvrables")
    OPENING = "opening", _("Bilan d’ouverture, pour les factures reprises")
    UNEXPLAINED = "unexplained", _("Compte d’attente, à expliquer")
