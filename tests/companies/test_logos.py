import io

import pytest
from PIL import Image, PngImagePlugin

from reglo.companies.logos import LogoTooLarge, LogoUnreadable, clean_logo


def picture(kind: str = "PNG", *, mode: str = "RGB", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "green" if mode != "P" else 0).save(written, kind, **options)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_every_kind_becomes_png(kind: str):
    assert opened(clean_logo(picture(kind))).format == "PNG"


def test_a_large_picture_is_made_smaller_in_proportion():
    assert opened(clean_logo(picture(size=(3000, 1500)))).size == (1200, 600)


def test_transparency_is_kept():
    assert opened(clean_logo(picture(mode="RGBA"))).mode == "RGBA"


def test_metadata_does_not_pass():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")

    cleaned = clean_logo(picture(pnginfo=info))

    assert b"script" not in cleaned
    assert opened(cleaned).info == {}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture("GIF"),
        picture("BMP"),
        picture()[:60],
    ],
)
def test_what_is_not_one_of_three_kinds_is_refused(data: bytes):
    with pytest.raises(LogoUnreadable):
        clean_logo(data)


def test_too_many_bytes_are_refused_before_reading():
    with pytest.raises(LogoTooLarge):
        clean_logo(b"\0" * 5_000_001)


def test_a_decompression_bomb_is_not_decompressed():
    bomb = picture(mode="1", size=(20_000, 20_000))

    assert len(bomb) < 100_000
    with pytest.raises(LogoTooLarge):
        clean_logo(bomb)


def test_an_altered_tag_is_refused_in_our_words():
    """The EXIF is written again by Pillow, which stumbles on a text under a tag that wants a number."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a lamp"  # orientation, description
    altered = picture("JPEG", exif=exif.tobytes()).replace(b"\x01\x0e\x00\x02", b"\x01\x01\x00\x02")

    with pytest.raises(LogoUnreadable):
        clean_logo(altered)
