"""What every sheet of a seller carries: name, logo, colour, identity at the foot, title, watermark."""

import base64
import io
from typing import Any

from PIL import Image

from reglo.rendering import formatting
from reglo.rendering.document import Customer, Seller, Watermark
from reglo.rendering.wording import WORDINGS, Wording
from reglo.typefaces import FAMILY


def letterhead(
    seller: Seller, customer: Customer, *, kind: str, number: str, watermark: Watermark, language: str
) -> dict[str, Any]:
    """The part of a sheet's data that `templates/page.typ` reads."""
    words = WORDINGS[language]
    title = f"{kind} {number}".strip()
    return {
        "family": FAMILY,
        "language": language,
        "accent": seller.accent,
        "title": f"{title} – {seller.name}",
        "heading": {"kind": kind, "number": f"{words.number} {number}" if number else ""},
        "continued": words.continued % {"title": title},
        "watermark": words.watermarks[watermark],
        "identity": _identity(seller, words),
        "seller": {
            "name": seller.name,
            "address": list(seller.address),
            "contact": list(seller.contact),
            "logo": _logo_svg(seller.logo_png) if seller.logo_png else None,
            "logo_alt": words.logo % {"name": seller.name},
        },
        # Name, person and address alone: what shows in the window of an envelope is for the postman.
        "customer": {
            "name": customer.name,
            "address": [
                *([words.attention % {"name": customer.attention}] if customer.attention else []),
                *customer.address,
            ],
        },
    }


def _identity(seller: Seller, words: Wording) -> str:
    name, number = ("SIRET", seller.siret) if seller.siret else ("SIREN", seller.siren)
    parts = [
        seller.name,
        *seller.identity,
        f"{name} {formatting.group_siren(number)}" if number else "",
        f"{words.vat_number} {seller.vat_number}" if seller.vat_number else "",
    ]
    return " · ".join(part for part in parts if part)


def _logo_svg(png: bytes) -> str:
    """The PNG wrapped in an SVG: the template's data is JSON text, and Typst reads no base64 of its own."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        width, height = image.size
    encoded = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{encoded}"/></svg>'
    )
