"""The preview: the pages of the PDF, as pictures."""

import io

from PIL import Image

from reglo.rendering.document import Watermark
from reglo.rendering.render import render_pdf, render_pngs
from tests.rendering.printed import document, forty_rows, pages_of


def test_there_is_one_picture_per_page_of_the_pdf() -> None:
    printed = document(*forty_rows())
    assert len(render_pngs(printed)) == len(pages_of(render_pdf(printed))) == 2


def test_scale_is_in_pixels_per_point() -> None:
    sizes = [Image.open(io.BytesIO(render_pngs(document(), scale)[0])).size for scale in (1, 2)]
    assert sizes == [(595, 842), (1191, 1684)]


def test_a_draft_shows_its_watermark() -> None:
    plain, draft = (render_pngs(document(number=None, watermark=mark))[0] for mark in (Watermark.NONE, Watermark.DRAFT))
    assert plain != draft
