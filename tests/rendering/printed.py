"""Believable documents to print, and what a reader finds in the files."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import page
import pypdf
from PIL import Image

from reglo.money.taxes import TaxableLine, compute_totals
from reglo.rendering.document import (
    Acquittal,
    Customer,
    Document,
    Kind,
    Line,
    Nature,
    PaidDocument,
    PriceMode,
    Receipt,
    Seller,
    TransferAccount,
)

MADE_AT = datetime(2026, 11, 15, 9, 30, tzinfo=UTC)
PENALTIES = "Pénalités de retard : taux de refinancement de la BCE majoré de 10 points"
RECOVERY = "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 €"
PAID_BY_CARD = Acquittal(on=date(2026, 12, 3), means="par carte")

# Description, quantity, unit, unit price, discount, VAT rate.
Row = tuple[str, str, str, str, str, str]
LUMINAIRES: Row = ("Pose de 6 luminaires", "6", "u", "150", "0", "20")
FIVE: tuple[Row, ...] = (
    LUMINAIRES,
    ("Suspensions « Aube »\nverre soufflé", "6", "u", "84.035", "10", "20"),
    ("Déplacement", "1", "forfait", "133.33", "0", "20"),
    ("Main-d’œuvre", "7.5", "h", "48", "0", "10"),
    ("Étude d’éclairage", "1", "", "240", "0", "20"),
)


def logo_png() -> bytes:
    """A logo of 400 × 160 pixels."""
    buffer = io.BytesIO()
    Image.new("RGBA", (400, 160), (11, 122, 75, 255)).save(buffer, "PNG")
    return buffer.getvalue()


SELLER = Seller(
    name="Atelier Lumen",
    address=("14 rue des Tanneurs", "69001 Lyon"),
    siren="812345678",
    siret="81234567800012",
    vat_number="FR40812345678",
    identity=("SARL au capital de 5 000 €", "RCS Lyon 812345678"),
    contact=("04 72 00 00 00", "bonjour@atelier-lumen.fr"),
    logo_png=logo_png(),
)
CUSTOMER = Customer(
    name="Brasserie du Parc SAS",
    address=("27 avenue Foch", "69006 Lyon"),
    siren="793456782",
    vat_number="FR12793456782",
)


def document(*rows: Row, price_mode: PriceMode = PriceMode.NET, currency: str = "EUR", **changes: Any) -> Document:
    """An invoice of these rows (the luminaires alone by default), its totals computed as the books compute them."""
    rows = rows or (LUMINAIRES,)
    taxed = [TaxableLine(Decimal(r[1]), Decimal(r[3]), Decimal(r[4]), Decimal(r[5]), "S") for r in rows]
    totals = compute_totals(taxed, prices_include_vat=price_mode is PriceMode.GROSS, currency=currency)
    content: dict[str, Any] = {
        "kind": Kind.INVOICE,
        "number": "F2026-0143",
        "issue_date": date(2026, 11, 15),
        "due_date": date(2026, 12, 15),
        "supplied_on": date(2026, 11, 12),
        "nature": Nature.SERVICES,
        "seller": SELLER,
        "customer": CUSTOMER,
        "price_mode": price_mode,
        "currency": currency,
        "lines": tuple(
            Line(
                description=description,
                quantity=Decimal(quantity),
                unit=unit,
                unit_price=Decimal(price),
                discount_rate=Decimal(discount),
                vat_rate=Decimal(rate),
                amount_minor=amount,
            )
            for (description, quantity, unit, price, discount, rate), amount in zip(
                rows, totals.line_minors, strict=True
            )
        ),
        "rates": totals.rates,
        "net_minor": totals.net_minor,
        "vat_minor": totals.vat_minor,
        "gross_minor": totals.gross_minor,
        "made_at": MADE_AT,
        "notes": ("Facture payable en ligne par carte bancaire, via le lien sécurisé reçu par e-mail.",),
        "legal_mentions": (PENALTIES, RECOVERY),
        "transfer": TransferAccount(iban="FR7630006000011234567890189", bic="AGRIFRPP", holder="Atelier Lumen"),
        "pay_url": "https://factures.atelier-lumen.fr/payer",
    }
    return Document(**(content | changes))


def forty_rows() -> tuple[Row, ...]:
    """Three rates, three pages' worth of work."""
    return tuple((f"Intervention n° {i + 1}", "2.5", "h", "48.5", "0", ("20", "10", "5.5")[i % 3]) for i in range(40))


def receipt(**changes: Any) -> Receipt:
    content: dict[str, Any] = {
        "seller": SELLER,
        "payer": CUSTOMER,
        "amount_minor": 124000,
        "currency": "EUR",
        "paid_on": date(2026, 12, 3),
        "means": "par carte",
        "documents": (PaidDocument(number="F2026-0143", issue_date=date(2026, 11, 15), amount_minor=124000),),
        "made_at": MADE_AT,
        "reference": "ch_3QK2h2Lk",
    }
    return Receipt(**(content | changes))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, runs of any white space as one space."""
    return [" ".join(found.extract_text().split()) for found in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf))


def faults_of(pdf: bytes) -> list[str]:
    """What a validator that is not ours finds against PDF/A-3b and PDF/UA-1."""
    profiles = (page.ValidationProfile.PDF_A_3B, page.ValidationProfile.PDF_UA_1)
    reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in profiles]
    return [str(failure) for report in reports for failure in report.failures]
