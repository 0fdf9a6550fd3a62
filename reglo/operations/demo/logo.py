"""The logo of Atelier Lumen, drawn: a lamp over a table."""

import io

from PIL import Image, ImageDraw

INK, LIGHT = "#17324d", "#f2b84b"


def lumen_logo() -> bytes:
    """PNG, 480 × 480, transparent; drawn four times larger, then reduced, so that curves are smooth."""
    image = Image.new("RGBA", (1920, 1920), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.line((960, 120, 960, 620), fill=INK, width=56)
    draw.pieslice((420, 480, 1500, 1560), 180, 360, fill=INK)
    draw.ellipse((780, 900, 1140, 1260), fill=LIGHT)
    for x, y in ((560, 1420), (960, 1540), (1360, 1420)):
        draw.line((960 + (x - 960) // 2, 1180 + (y - 1180) // 2, x, y), fill=LIGHT, width=48)
    draw.rounded_rectangle((360, 1700, 1560, 1760), radius=30, fill=INK)
    buffer = io.BytesIO()
    image.resize((480, 480), Image.Resampling.LANCZOS).save(buffer, "PNG")
    return buffer.getvalue()
