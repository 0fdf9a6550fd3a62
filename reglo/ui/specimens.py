"""What the style guide shows: invented figures and forms, so that a component is judged with believable content."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.templatetags.static import static

from reglo.money import Money
from reglo.ports import clock
from reglo.ui.frame import Entry, Frame, Link

PAGES = ("components", "home", "list", "empty", "document", "editor", "settings", "portal", "portal-paid", "account")

PILLS = (
    ("draft", "Brouillon"),
    ("due", "À payer"),
    ("pending", "Paiement en cours"),
    ("partial", "Payée en partie"),
    ("paid", "Payée"),
    ("late", "En retard"),
    ("disputed", "Contestée"),
    ("cancelled", "Annulée par avoir"),
    ("failed", "Non distribué"),
    ("sent", "Remis au serveur"),
    ("seen", "Lien consulté"),
    ("attention", "À vérifier"),
)


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    customer: str
    subject: str
    day: date
    kind: str
    word: str
    total: Money


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    detail: str
    quantity: Decimal
    unit: str
    price: Money
    rate: Decimal
    total: Money


ROWS = tuple(
    Row(number, customer, subject, date(2026, month, day), kind, word, Money(minor, "EUR"))
    for number, customer, subject, (month, day), kind, word, minor in (
        ("", "Boulangerie Petit", "Remplacement du tableau électrique", (12, 4), "draft", "Brouillon", 348000),
        ("F2026-0143", "Claire Martin", "Pose de 6 luminaires", (12, 3), "due", "À payer", 124000),
        (
            "F2026-0142",
            "Hôtel des Deux Rives",
            "Éclairage de la façade",
            (12, 1),
            "pending",
            "Paiement en cours",
            486050,
        ),
        ("F2026-0141", "SCI Les Tilleuls", "Mise aux normes, cage B", (11, 28), "partial", "Payée en partie", 912000),
        ("F2026-0140", "Garage Moreau & Fils", "Bornes de recharge", (11, 26), "paid", "Payée", 100000000),
        (
            "F2026-0139",
            "Société coopérative des artisans électriciens et chauffagistes de Loire-Atlantique",
            "Contrat d’entretien annuel des installations communes, bâtiments A, B, C et D",
            (10, 15),
            "late",
            "En retard",
            248000,
        ),
        ("F2026-0138", "Atelier Dubois", "Dépannage du dimanche", (10, 9), "disputed", "Contestée", 19900),
        ("F2026-0137", "Nadia Benali", "Visiophone", (10, 2), "cancelled", "Annulée par avoir", 65000),
    )
)

LINES = tuple(
    Line(name, detail, Decimal(quantity), unit, Money(price, "EUR"), Decimal(20), Money(total, "EUR"))
    for name, detail, quantity, unit, price, total in (
        ("Pose de 6 luminaires", "6 × 150,00 €, séjour et couloir", "6", "pièce", 15000, 90000),
        ("Déplacement", "Nantes – Rezé", "1", "forfait", 13333, 13333),
    )
)


class CustomerForm(forms.Form):
    name = forms.CharField(label="Nom ou raison sociale", initial="Claire Martin")
    email = forms.EmailField(label="E-mail", help_text="Les factures et les liens de paiement y sont envoyés.")
    siren = forms.CharField(label="SIREN", required=False)
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="Ce client est",
        widget=forms.RadioSelect,
        choices=[("professional", "Un professionnel"), ("consumer", "Un particulier")],
        initial="consumer",
    )
    terms = forms.ChoiceField(label="Échéance", choices=[("30", "30 jours"), ("0", "À réception")])
    copy = forms.BooleanField(label="Recevoir une copie de chaque e-mail", required=False)
    card = forms.BooleanField(
        label="Accepter le paiement par carte",
        help_text="Vos clients paient en ligne ; vous êtes prévenu et la facture est mise à jour.",
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )


def context(page: str) -> dict[str, Any]:
    """The variables of one page of the style guide."""
    now = clock.now()
    wrong = CustomerForm({"name": "", "email": "claire@", "siren": "123", "kind": "consumer", "terms": "30"})
    wrong.add_error("siren", "Un SIREN compte 9 chiffres : il en manque 6.")
    return {
        "page": page,
        "pages": PAGES,
        "frame": _frame(page),
        "pills": PILLS,
        "rows": ROWS,
        "lines": LINES,
        "form": CustomerForm(),
        "wrong_form": wrong,
        "total": Money(124000, "EUR"),
        "net": Money(103333, "EUR"),
        "vat": Money(20667, "EUR"),
        "fee": Money(1885, "EUR"),
        "arrived": Money(60000, "EUR"),
        "remaining": Money(64000, "EUR"),
        "million": Money(100000000, "EUR"),
        "zero": Money(0, "EUR"),
        "refund": Money(-4590, "EUR"),
        "twenty": Decimal(20),
        "now": now,
        "yesterday": now - timedelta(days=1),
        "last_week": now - timedelta(days=5),
        "due_on": date(2026, 12, 15),
        "paid_at": datetime(2026, 12, 3, 8, 12, tzinfo=UTC),
        "seller": {"name": "Atelier Lumen", "logo_url": static("ui/specimen-logo.svg")},
    }


def _frame(page: str) -> Frame:
    """Addresses are relative: the pages of the guide stand beside one another."""
    current = {"home": "Accueil", "settings": "", "components": ""}.get(page, "Factures")
    words = (
        ("Accueil", "home", "home", True),
        ("Devis", "empty", "pencil-square", False),
        ("Factures", "list", "document-text", True),
        ("Clients", "empty", "user-group", True),
        ("Encaissements", "list", "banknotes", True),
        ("Comptabilité", "list", "book-open", False),
    )
    return Frame(
        company="Atelier Lumen",
        home_url="home",
        entries=tuple(
            Entry(label, target, icon, current=label == current, on_phone=on_phone)
            for label, target, icon, on_phone in words
        ),
        practice=True,
        logo_url=static("ui/specimen-logo.svg"),
        search_url="list",
        new_invoice_url="editor",
        help_url="components",
        settings_url="settings",
        person="Claire Martin",
        account=(Link("Mon compte", "account"),),
        sign_out_url="account",
    )
