"""Whose page it is: the seller's name and logo, and nothing of ours."""

import base64
import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from reglo.companies.models import Company
from reglo.files import store

_LOGO_HEIGHT = 64  # pixels: shown at 32, sharp on a phone
_LOGO_WIDTH = 256


@dataclass(frozen=True, slots=True)
class Seller:
    """`logo_url` is a small `data:` image: one request less, and no address of a file to protect."""

    name: str
    logo_url: str = ""
    email: str = ""
    phone: str = ""


def seller_of(company: Company) -> Seller:
    logo = _small_logo(company.logo_id) if company.logo_id else ""
    return Seller(company.name, logo, company.email, company.phone)


@lru_cache(maxsize=128)
def _small_logo(sha256: str) -> str:
    """Raises FileMissing, FileAltered."""
    with Image.open(io.BytesIO(store.read(sha256))) as image:
        small = image.convert("RGBA")
        small.thumbnail((_LOGO_WIDTH, _LOGO_HEIGHT))
        png = io.BytesIO()
        small.quantize(64, method=Image.Quantize.FASTOCTREE).save(png, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode("ascii")
