"""Typst, the one typesetter: data in, PDF/A-3b or PNG out. The same data gives the same bytes on every machine."""

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.typefaces import font_folders, missing_characters, name_character

_TEMPLATES = Path(__file__).parent / "templates"
_FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders())
_LOOKS_SHORT = b"\r\nendstream"
# A compiler is not shared between threads; one that is reused frees what it remembers of earlier documents, where
# one made per call never does (70 kB each).
_own = threading.local()


class CharactersNotShown(RegloError):
    """The forms name such characters before anything is issued; this is the last door."""

    code = "characters_not_shown"
    message = _("Ces caractères ne peuvent pas être imprimés : %(characters)s. Remplacez-les ou retirez-les.")


def typeset_pdf(template: str, data: dict[str, Any], *, made_at: datetime) -> bytes:
    """PDF/A-3b and PDF/UA-1 in one file, stamped `made_at`. Raises CharactersNotShown."""
    pdf = _compile_pdf(template, data, made_at, pretty=False)
    if _LOOKS_SHORT in pdf:
        # Right by the standard, and wrong to a validator that seeks the end of a stream backwards: it takes a last
        # byte 0D for half of the line end. Streams written plainly end otherwise. About one document in a hundred.
        pdf = _compile_pdf(template, data, made_at, pretty=True)
    return pdf


def typeset_pngs(template: str, data: dict[str, Any], *, pixels_per_inch: int) -> list[bytes]:
    """One PNG per page. Raises CharactersNotShown."""
    pages = _compiler().compile(_TEMPLATES / template, sys_inputs=_inputs(data), format="png", ppi=pixels_per_inch)
    return pages if isinstance(pages, list) else [pages] if pages else []


def _compile_pdf(template: str, data: dict[str, Any], made_at: datetime, *, pretty: bool) -> bytes:
    pdf = _compiler().compile(
        _TEMPLATES / template,
        sys_inputs=_inputs(data),
        format="pdf",
        pdf_standards=["a-3b", "ua-1"],
        timestamp=int(made_at.timestamp()),
        pretty=pretty,
    )
    assert isinstance(pdf, bytes)
    return pdf


def _inputs(data: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(_laid_out(data), ensure_ascii=False)}


def _laid_out(value: Any) -> Any:
    """The same data, the line ends and tabs of a text area as line ends and spaces. Raises CharactersNotShown."""
    if isinstance(value, str):
        if missing := missing_characters(value):
            raise CharactersNotShown(characters=", ".join(map(name_character, missing)))
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if isinstance(value, dict):
        return {key: _laid_out(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_laid_out(part) for part in value]
    return value


def _compiler() -> typst.Compiler:
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(root=_TEMPLATES, font_paths=_FONTS, ignore_system_fonts=True)
    compiler: typst.Compiler = _own.compiler
    return compiler
