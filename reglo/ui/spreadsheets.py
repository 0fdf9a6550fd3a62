"""Text for French spreadsheets: `;` between cells, a decimal comma, UTF-8 with its mark, and no cell that computes."""

import csv
import io
from collections.abc import Iterable, Sequence

from reglo.money import Money

# A cell beginning so would be a formula: OWASP, « CSV injection ».
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The whole file. Amounts written by `figure` are left alone, every other cell is neutralised."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_neutral(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


class Figure(str):
    """An amount: its minus is a number's."""

    __slots__ = ()


def figure(money: Money) -> Figure:
    """« -1240,50 »: no space, no currency, so that a spreadsheet adds it up."""
    return Figure(str(money.to_decimal()).replace(".", ","))


def _neutral(cell: str) -> str:
    return cell if isinstance(cell, Figure) or not cell.startswith(_FORMULA) else f"'{cell}"
