"""A logo is never stored as it came: it is decoded under limits and written anew as PNG, without metadata."""

import io
import struct
import warnings

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from reglo.errors import RegloError

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_BYTES = 5_000_000
MOST_PIXELS = 25_000_000
LARGEST = (1200, 1200)
_OF_ALTERED_FILES = (struct.error, TypeError, LookupError, ArithmeticError)


class LogoUnreadable(RegloError):
    code = "logo_unreadable"
    message = _("Ce fichier n’est pas une image que nous lisons. Choisissez un PNG, un JPEG ou un WebP (pas de SVG).")


class LogoTooLarge(RegloError):
    code = "logo_too_large"
    message = _(
        "Cette image est trop grande. Choisissez un fichier de moins de 5 Mo et de moins de 5000 pixels de côté."
    )


def clean_logo(data: bytes) -> bytes:
    """The picture as a PNG of at most 1200 pixels a side, transparency kept. Raises LogoUnreadable, LogoTooLarge."""
    if len(data) > MOST_BYTES:
        raise LogoTooLarge(field="logo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise LogoTooLarge(field="logo")
                return _as_png(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise LogoTooLarge(field="logo") from None
    # What Pillow's decoders raise on altered files is not one family.
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, *_OF_ALTERED_FILES):
        raise LogoUnreadable(field="logo") from None


def _as_png(image: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(image)
    clear = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    picture = upright.convert("RGBA" if clear else "RGB")
    picture.thumbnail(LARGEST)
    written = io.BytesIO()
    Image.frombytes(picture.mode, picture.size, picture.tobytes()).save(written, "PNG", optimize=True)
    return written.getvalue()
