"""A year of Atelier Lumen, as data: whom it works for, what it sells, what it invoiced and how it was paid."""

from dataclasses import dataclass
from decimal import Decimal

COMPANY = {
    "name": "Atelier Lumen",
    "legal_form": "sarl",
    "share_capital": "8 000 €",
    "rcs_city": "Lyon",
    "siren": "732829320",
    "siret": "73282932000074",
    "vat_number": "FR44732829320",
    "address": "12 rue des Carmes",
    "postal_code": "69001",
    "city": "Lyon",
    "email": "bonjour@atelier-lumen.example",
    "phone": "04 78 00 12 34",
    "website": "atelier-lumen.example",
    "iban": "FR7630006000011234567890189",
    "bic": "AGRIFRPPXXX",
    "mediator": "CNPM Médiation Consommation, 27 avenue de la Libération, 42400 Saint-Chamond",
    "trades": "building",
    "insurance": "Assurance décennale Mutuelle du Bâtiment, 5 place Bellecour, 69002 Lyon",
    "insurance_cover": "France métropolitaine",
    "rge": "Qualibat n° 8611-2041",
    "waste_handling": "Triés sur place et emportés en fin de chantier",
    "waste_points": "Déchetterie professionnelle Sud, 12 rue de Gerland, 69007 Lyon",
    "accent_colour": "#17324d",
}

# Whom documents are written to in English.
ENGLISH = {"Emily Carter"}

# name, kind, SIREN, contact, e-mail, phone, address, postal code, city
CUSTOMERS = (
    (
        "Menuiserie Claire Fontaine",
        "professional",
        "552100554",
        "Claire Fontaine",
        "claire@fontaine.example",
        "06 12 34 56 78",
        "3 place du Marché",
        "38000",
        "Grenoble",
    ),
    (
        "Chloé Bernard",
        "consumer",
        "",
        "",
        "chloe.bernard@example.org",
        "06 98 76 54 32",
        "8 montée des Lilas",
        "69005",
        "Lyon",
    ),
    (
        "Hôtel des Deux Rives",
        "professional",
        "542051180",
        "Marc Vidal",
        "compta@deux-rives.example",
        "04 72 10 20 30",
        "21 quai Saint-Vincent",
        "69001",
        "Lyon",
    ),
    (
        "Boulangerie Ravel",
        "professional",
        "444608442",
        "Inès Ravel",
        "ines@ravel.example",
        "04 78 22 11 00",
        "5 cours Lafayette",
        "69003",
        "Lyon",
    ),
    (
        "Cabinet d’architecture Noria",
        "professional",
        "428724751",
        "Paul Noria",
        "p.noria@noria.example",
        "04 37 55 44 33",
        "44 rue de la République",
        "69002",
        "Lyon",
    ),
    (
        "Julien Morel",
        "consumer",
        "",
        "",
        "julien.morel@example.org",
        "06 55 44 33 22",
        "17 chemin du Moulin",
        "69130",
        "Écully",
    ),
    (
        "Librairie L’Encre Bleue",
        "professional",
        "383474814",
        "Sophie Petit",
        "sophie@encrebleue.example",
        "04 78 30 40 50",
        "9 rue Mercière",
        "69002",
        "Lyon",
    ),
    (
        "Fatou Diallo",
        "consumer",
        "",
        "",
        "fatou.diallo@example.org",
        "06 44 33 22 11",
        "2 allée des Érables",
        "69500",
        "Bron",
    ),
    (
        "Clinique vétérinaire des Monts d’Or",
        "professional",
        "380129866",
        "Dr Anne Perrin",
        "accueil@vetmontsdor.example",
        "04 78 91 92 93",
        "130 route de Lyon",
        "69450",
        "Saint-Cyr-au-Mont-d’Or",
    ),
    (
        "Garage Besson et Fils",
        "professional",
        "562082909",
        "Luc Besson",
        "atelier@garagebesson.example",
        "04 74 01 02 03",
        "60 avenue Jean-Jaurès",
        "38200",
        "Vienne",
    ),
    (
        "Théâtre de la Passerelle",
        "professional",
        "775670417",
        "Régie",
        "regie@passerelle.example",
        "04 78 45 67 89",
        "1 place des Célestins",
        "69002",
        "Lyon",
    ),
    (
        "Émile et Rose Lambert",
        "consumer",
        "",
        "",
        "lambert@example.org",
        "06 01 02 03 04",
        "33 rue du Château",
        "69270",
        "Fontaines-sur-Saône",
    ),
    (
        "Lichthaus Berg GmbH",
        "professional",
        "",
        "Jana Berg",
        "jana@lichthaus-berg.example",
        "",
        "Torstraße 14",
        "10119",
        "Berlin",
    ),
    (
        "Emily Carter",
        "consumer",
        "",
        "",
        "emily.carter@example.org",
        "06 33 22 11 00",
        "14 rue Juiverie",
        "69005",
        "Lyon",
    ),
)
# Who is elsewhere in the Union: country, VAT number. What they buy is theirs to declare.
ABROAD = {"Lichthaus Berg GmbH": ("DE", "DE136695976")}

# description, nature, unit, price before VAT, VAT rate
PRODUCTS = (
    ("Pose de luminaire", "services", "u", "75.00", "20"),
    ("Étude d’éclairage", "services", "h", "68.00", "20"),
    ("Déplacement", "services", "forfait", "45.00", "20"),
    ("Suspension laiton « Aube »", "goods", "u", "189.00", "20"),
    ("Applique murale « Brume »", "goods", "u", "96.50", "20"),
    ("Ruban LED 2700 K", "goods", "m", "14.90", "20"),
    ("Rénovation d’éclairage (logement de plus de deux ans)", "services", "h", "58.00", "10"),
    ("Mise en conformité du tableau", "services", "forfait", "320.00", "10"),
)


@dataclass(frozen=True)
class Sale:
    """An invoice of the year. `paid` is how, `after` how many days later; a part in percent when `share` < 100."""

    days_ago: int
    customer: int
    lines: tuple[tuple[int, str], ...]  # (product, quantity)
    paid: str = ""  # "", card, debit (under way), transfer, cheque, cash, draft, credited
    after: int = 12
    share: int = 100
    discount: Decimal = Decimal(0)  # of each line, in percent
    due_days: int = 30
    titles: tuple[tuple[int, str], ...] = ()  # (line that it stands over, words); a subtotal closes each section
    comment: str = ""
    rebate: Decimal | None = None  # on the whole, in percent
    instalments: tuple[int, ...] = ()  # in percent, one a month


@dataclass(frozen=True)
class Offer:
    """A quote of the year: `options` are the lines that its customer may take; `answer` is what became of it."""

    days_ago: int
    customer: int
    lines: tuple[tuple[int, str], ...]  # (product, quantity)
    options: tuple[tuple[int, str], ...] = ()
    answer: str = ""  # "", accepted (with every option)
    work_place: str = ""
    deposit_rate: Decimal | None = None


OFFERS = (
    Offer(
        18,
        5,
        ((6, "12"), (4, "4"), (2, "1")),
        ((3, "1"),),
        "accepted",
        "17 chemin du Moulin, 69130 Écully",
        Decimal(30),
    ),
    Offer(4, 8, ((1, "14"), (0, "18"), (4, "18")), ((5, "25"),), "", "130 route de Lyon, 69450 Saint-Cyr-au-Mont-d’Or"),
)

SALES = (
    Sale(352, 2, ((1, "6"), (0, "14"), (3, "14"))),
    Sale(345, 0, ((0, "4"), (4, "4"), (2, "1")), "transfer", 28),
    Sale(338, 1, ((6, "5"), (2, "1")), "card", 2),
    Sale(327, 3, ((5, "12.5"), (0, "3")), "card", 9),
    Sale(319, 4, ((1, "18"),), "transfer", 31),
    Sale(310, 5, ((6, "3"), (4, "2")), "cheque", 6),
    Sale(301, 6, ((0, "8"), (4, "8"), (2, "2")), "transfer", 25, discount=Decimal(5)),
    Sale(290, 7, ((7, "1"), (2, "1")), "card", 1),
    Sale(282, 8, ((1, "10"), (0, "22"), (4, "22")), "transfer", 34),
    Sale(271, 9, ((5, "40"), (0, "6")), "card", 14),
    Sale(262, 10, ((1, "24"),), "transfer", 45),
    Sale(251, 11, ((6, "8"), (3, "1")), "card", 3),
    Sale(243, 0, ((0, "2"), (2, "1")), "transfer", 20),
    Sale(236, 2, ((0, "6"), (3, "6")), "transfer", 29),
    Sale(228, 3, ((4, "2"),), "cash", 0),
    Sale(219, 1, ((6, "2"), (2, "1")), "card", 1),
    Sale(210, 4, ((1, "12"), (2, "3")), "transfer", 30),
    Sale(201, 6, ((5, "22"), (0, "4")), "card", 11),
    Sale(190, 8, ((7, "1"),), "transfer", 27),
    Sale(181, 5, ((3, "2"), (0, "2")), "card", 5),
    Sale(172, 9, ((0, "5"), (4, "5")), "cheque", 18),
    Sale(161, 7, ((6, "4"),), "card", 2),
    Sale(152, 10, ((1, "30"), (2, "4")), "transfer", 41),
    Sale(143, 11, ((6, "6"), (4, "3")), "card", 8),
    Sale(134, 0, ((0, "10"), (3, "4")), "transfer", 30),
    Sale(121, 2, ((5, "65"), (0, "12")), "transfer", 22, discount=Decimal(10)),
    Sale(112, 3, ((2, "1"), (0, "1")), "card", 1),
    Sale(103, 1, ((7, "1"), (6, "2")), "card", 4),
    Sale(92, 4, ((1, "16"),), "transfer", 33),
    Sale(81, 8, ((0, "4"), (4, "4")), "card", 10),
    Sale(69, 6, ((3, "3"), (0, "3"), (2, "1")), "transfer", 30),
    Sale(58, 9, ((0, "6"), (5, "18")), "transfer", 20, share=50),
    Sale(49, 10, ((1, "20"),)),
    Sale(41, 5, ((6, "3"),), due_days=15),
    Sale(38, 6, ((4, "6"), (2, "1")), "credited", 4),
    Sale(33, 7, ((6, "5"), (2, "1")), "card", 6),
    Sale(24, 2, ((0, "8"), (3, "8")), "transfer", 10, share=30),
    Sale(20, 12, ((1, "14"),), "transfer", 9),
    Sale(16, 11, ((7, "1"),), "card", 3),
    Sale(9, 4, ((1, "9"), (2, "1")), "debit", 8),
<<<<<<< ours
    Sale(
        3,
        0,
        ((0, "6"), (3, "6"), (0, "3"), (4, "3"), (2, "1")),
        titles=((0, "Salle"), (2, "Bar")),
        comment="Suspensions garanties cinq ans, pose comprise.",
        rebate=Decimal(5),
    ),
||||||| base
    Sale(3, 0, ((0, "6"), (4, "3"), (2, "1"))),
=======
    Sale(35, 8, ((0, "12"), (4, "6")), "transfer", 20, share=30, instalments=(30, 40, 30)),
    Sale(12, 12, ((6, "2"), (2, "1"))),
    Sale(3, 0, ((0, "6"), (4, "3"), (2, "1"))),
>>>>>>> theirs
    Sale(1, 3, ((5, "10"),), "draft"),
)
