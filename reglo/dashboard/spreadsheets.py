"""Files for French spreadsheets: `;` between cells, a decimal comma, UTF-8 with its mark, and no cell that computes."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from reglo.money import Money

# A cell beginning so would be a formula: OWASP, « CSV injection ».
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A file to download. Amounts written by `figure` are left alone, every other cell is neutralised."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_neutral(cell) for cell in row] for row in rows)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class Figure(str):
    """An amount: its minus is a number's."""

    __slots__ = ()


def figure(money: Money) -> Figure:
    """« -1240,50 »: no space, no currency, so that a spreadsheet adds it up."""
    return Figure(str(money.to_decimal()).replace(".", ","))


def _neutral(cell: str) -> str:
    return cell if isinstance(cell, Figure) or not cell.startswith(_FORMULA) else f"'{cell}"
