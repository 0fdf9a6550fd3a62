"""A table copied from a spreadsheet → lines: cells between tabulations, numbers as they are written in French.

Nothing is guessed in silence: a column that is not understood, or a cell that is not what its column wants, refuses the
whole table with sentences, and the text stays where it was.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reglo.dashboard.forms.figures import FigureField
from reglo.invoicing.services import LineInput
from reglo.invoicing.services.save_draft import MOST_LINES, line_refusals
from reglo.invoicing.states import LineKind

LONGEST_TEXT = 300_000
LONGEST_UNIT = 20
MOST_SENTENCES = 6
# A cell between quotes may hold tabulations, line ends and doubled quotes; one whose quote is not closed is plain text.
_CELL = re.compile(r'"((?:[^"]++|"")*+)"(?=[\t\r\n]|\Z)|([^\t\r\n]*)')
_PRICE_MODE = re.compile(r"\b(ht|hors taxes?|ttc|toutes taxes comprises)\b")

COLUMNS = ("description", "quantity", "unit", "unit_price", "vat_rate")
_WITHOUT_UNIT = ("description", "quantity", "unit_price", "vat_rate")
_TITLES = {
    "description": {"designation", "description", "libelle", "intitule", "article", "produit", "prestation", "detail"},
    "quantity": {"quantite", "quantites", "qte", "qt", "qty", "quantity", "nombre", "nb"},
    "unit": {"unite", "unites", "unit", "u"},
    "unit_price": {"prix unitaire", "prix", "pu", "tarif", "unit price", "price"},
    "vat_rate": {"tva", "taux", "taux de tva", "taux tva", "vat", "vat rate", "tva %", "% tva", "tva en %"},
}
_FIGURES = {
    "quantity": FigureField(max_digits=13, decimal_places=4, required=False),
    "unit_price": FigureField(max_digits=17, decimal_places=4, required=False),
    "vat_rate": FigureField(max_digits=5, decimal_places=2, required=False),
}


class TableRefused(Exception):
    """What was pasted is no table of lines; `sentences` say where and why."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(self.sentences)


@dataclass(frozen=True, slots=True)
class PriceColumn:
    """How the lines of the document are priced: the rates that may be chosen, the first by default, and the mode."""

    rates: Sequence[Decimal]
    charges_vat: bool
    prices_include_vat: bool


def lines_of_table(text: str, prices: PriceColumn) -> list[LineInput]:
    """A line for each row that is not blank. A row with a designation alone, in a table of several columns, is a title.

    Raises TableRefused.
    """
    if len(text) > LONGEST_TEXT:
        raise TableRefused([_("Ce tableau est trop long : collez-le en plusieurs fois.")])
    rows = [(number, row) for number, row in enumerate(cells_of(text), start=1) if any(row)]
    if not rows:
        raise TableRefused([_("Il n’y a rien à coller : copiez d’abord les cellules de votre tableur.")])
    titled = _is_heading(rows[0][1])
    columns = _columns_named(rows[0][1], prices) if titled else _columns_by_place([row for _number, row in rows])
    body = rows[1:] if titled else rows
    if not body:
        raise TableRefused([_("Il n’y a que des titres de colonnes : copiez aussi les lignes.")])
    if len(body) > MOST_LINES:
        raise TableRefused([_("Une facture compte au plus %d lignes.") % MOST_LINES])
    single = all(sum(map(bool, row)) == 1 for _number, row in body)
    lines, sentences = [], []
    for number, row in body:
        try:
            lines.append(_line(_by_column(columns, row), prices, may_be_title=not single))
        except TableRefused as refused:
            words = _("Ligne %(number)s : %(sentence)s")
            sentences += [words % {"number": number, "sentence": sentence} for sentence in refused.sentences]
    if sentences:
        raise TableRefused(_a_few(sentences))
    return lines


def cells_of(text: str) -> list[list[str]]:
    """The rows of a table as spreadsheets copy them, each cell without the spaces around it."""
    rows: list[list[str]] = [[]]
    place = 0
    while True:
        found = _CELL.match(text, place)
        assert found is not None, "an empty cell is a cell"
        quoted, plain = found.groups()
        rows[-1].append((plain if quoted is None else quoted.replace('""', '"')).replace("\r\n", "\n").strip())
        place = found.end()
        if place >= len(text):
            return rows
        if text[place] == "\t":
            place += 1
            continue
        place += 2 if text.startswith("\r\n", place) else 1
        rows.append([])


def _is_heading(row: Sequence[str]) -> bool:
    """Whether the first row names the columns: no figure in it, and two names that we know (or the only one)."""
    told = [cell for cell in row if cell]
    known = [cell for cell in told if _column_named(cell)]
    return len(known) >= min(2, len(told)) and not any(_is_figure(cell) for cell in told)


def _columns_named(row: Sequence[str], prices: PriceColumn) -> list[str]:
    sentences = []
    columns = []
    for cell in row:
        column = _column_named(cell)
        if cell and not column:
            sentences.append(
                _(
                    "La colonne « %s » n’est pas comprise. Gardez la désignation, la quantité, l’unité, le prix "
                    "unitaire et la TVA."
                )
                % cell
            )
        elif column and column in columns:
            sentences.append(_("La colonne « %s » est là deux fois.") % cell)
        elif column == "unit_price" and prices.charges_vat and _other_mode(cell, prices):
            sentences.append(
                _("La colonne « %s » n’est pas dans le mode des prix du document : changez l’un ou l’autre.") % cell
            )
        columns.append(column)
    if "description" not in columns:
        sentences.append(_("Il manque la colonne de la désignation."))
    if sentences:
        raise TableRefused(_a_few(sentences))
    return columns


def _columns_by_place(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Designation, quantity, unit, price, VAT; without the unit where the third column holds figures alone."""
    widest = max(max((place for place, cell in enumerate(row, start=1) if cell), default=0) for row in rows)
    third = [row[2] for row in rows if len(row) > 2 and row[2]]
    columns = _WITHOUT_UNIT if third and all(_is_figure(cell) for cell in third) else COLUMNS
    if widest > len(columns):
        words = _(
            "Ce tableau a %(count)s colonnes : gardez la désignation, la quantité, l’unité, le prix unitaire et la "
            "TVA, ou mettez le nom des colonnes sur la première ligne."
        )
        raise TableRefused([words % {"count": widest}])
    return columns


def _by_column(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """Raises TableRefused where a cell stands under no column."""
    cells = {column: cell for column, cell in zip_longest(columns, row, fillvalue="") if column}
    astray = [cell for column, cell in zip_longest(columns, row, fillvalue="") if cell and not column]
    if astray:
        raise TableRefused([_("« %s » n’est sous aucune colonne.") % cell for cell in astray])
    return cells


def _line(cells: Mapping[str, str], prices: PriceColumn, *, may_be_title: bool) -> LineInput:
    """One row. Raises TableRefused."""
    description = cells.get("description", "")
    figures = {name: cells.get(name, "") for name in _FIGURES}
    if description and may_be_title and not any(figures.values()) and not cells.get("unit"):
        line = LineInput(description, kind=LineKind.SECTION)
        return _checked(line, prices)
    numbers = {}
    sentences: list[str] = [] if description else [_("il manque la désignation.")]
    for name, cell in figures.items():
        try:
            numbers[name] = _FIGURES[name].clean(cell)
        except ValidationError as error:
            sentences += [f"« {cell} » : {message}" for message in error.messages]
    if len(cells.get("unit", "")) > LONGEST_UNIT:
        sentences.append(
            _("l’unité « %(unit)s » a plus de %(most)d caractères.") % {"unit": cells["unit"], "most": LONGEST_UNIT}
        )
    if sentences:
        raise TableRefused(sentences)
    default = prices.rates[0] if prices.charges_vat and prices.rates else Decimal(0)
    line = LineInput(
        description,
        quantity=Decimal(1) if numbers["quantity"] is None else numbers["quantity"],
        unit=cells.get("unit", ""),
        unit_price=numbers["unit_price"] or Decimal(0),
        vat_rate=default if numbers["vat_rate"] is None else numbers["vat_rate"],
    )
    return _checked(line, prices)


def _checked(line: LineInput, prices: PriceColumn) -> LineInput:
    """The line, as the verb would take it. Raises TableRefused."""
    if line.vat_rate and not prices.charges_vat:
        raise TableRefused([_("vous êtes en franchise de TVA : retirez la colonne TVA.")])
    refused = [refusal.message for refusal in line_refusals("line", line, prices.rates)]
    if refused:
        raise TableRefused(refused)
    return line


def _column_named(cell: str) -> str:
    """The column that this title means; empty where it means none."""
    said = " ".join(re.sub(r"[^\w%]+", " ", _PRICE_MODE.sub("", _bare(cell).replace(".", ""))).split())
    return next((column for column, titles in _TITLES.items() if said in titles), "")


def _other_mode(cell: str, prices: PriceColumn) -> bool:
    found = _PRICE_MODE.search(_bare(cell))
    return found is not None and found[0].startswith("t") != prices.prices_include_vat


def _bare(text: str) -> str:
    """Small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _is_figure(cell: str) -> bool:
    try:
        return FigureField(max_digits=30, decimal_places=15).clean(cell) is not None
    except ValidationError:
        return False


def _a_few(sentences: Sequence[str]) -> Iterator[str]:
    yield from sentences[:MOST_SENTENCES]
    if len(sentences) > MOST_SENTENCES:
        yield _("Et %d autres du même genre.") % (len(sentences) - MOST_SENTENCES)
