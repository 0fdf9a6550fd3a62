"""The accent colour of a company: one colour, readable on white paper."""

import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError

LEAST_CONTRAST = Decimal("4.5")  # WCAG 2.2, success criterion 1.4.3
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_WEIGHTS = (Decimal("0.2126"), Decimal("0.7152"), Decimal("0.0722"))  # relative luminance of red, green, blue
_WHITE = Decimal(1)
_GLARE = Decimal("0.05")


class AccentUnknown(RegloError):
    code = "accent_unknown"
    message = _("Cette couleur n’est pas reconnue. Écrivez un dièse et six chiffres ou lettres, par exemple #0b7a4b.")


class AccentTooLight(RegloError):
    code = "accent_too_light"
    message = _(
        "Cette couleur est trop claire pour être lue sur du papier blanc (contraste %(contrast)s, il faut "
        "au moins 4,5). Choisissez un ton plus foncé."
    )


def accent_contrast(accent: str) -> Decimal:
    """Contrast ratio of `#rrggbb` against white, from 1 (white) to 21 (black). Raises AccentUnknown."""
    if not _HEX.fullmatch(accent):
        raise AccentUnknown
    channels = (_linear(int(accent[i : i + 2], 16)) for i in (1, 3, 5))
    luminance = sum((weight * channel for weight, channel in zip(_WEIGHTS, channels, strict=True)), Decimal(0))
    return (_WHITE + _GLARE) / (luminance + _GLARE)


def check_accent(accent: str) -> None:
    """Raises AccentUnknown, or AccentTooLight below 4.5:1."""
    contrast = accent_contrast(accent)
    if contrast < LEAST_CONTRAST:
        # Rounded down, so that a refusal never reads « 4,5 ».
        raise AccentTooLight(contrast=str(contrast // Decimal("0.1") / 10).replace(".", ","))


def _linear(channel: int) -> Decimal:
    """An sRGB channel (0 to 255) as linear light (0 to 1)."""
    value = Decimal(channel) / 255
    if value <= Decimal("0.04045"):
        return value / Decimal("12.92")
    return Decimal((value + Decimal("0.055")) / Decimal("1.055")) ** Decimal("2.4")
