"""Spreadsheets to download."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from reglo.ui.spreadsheets import csv_text, figure

__all__ = ["csv_response", "figure"]


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A file to download. Amounts written by `figure` are left alone, every other cell is neutralised."""
    response = HttpResponse(csv_text(headings, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
