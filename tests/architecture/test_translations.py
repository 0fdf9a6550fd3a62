"""English is complete, and what is compiled is what is written."""

from io import BytesIO

from babel.messages.mofile import write_mo

from scripts.messages import PO, translations, untranslated


def test_every_sentence_has_its_english():
    assert untranslated() == []


def test_the_compiled_catalogue_is_the_written_one():
    compiled = BytesIO()
    write_mo(compiled, translations())

    assert PO.with_suffix(".mo").read_bytes() == compiled.getvalue()
