"""The buttons among the lines. Each changes what was typed, before it is read: pressed without a script they make a
round trip, and any document that is typed on such a form has them.

`move=lines-3:up`, `pick=lines-3:42` (an article), `paste=1` with the table in `pasted`, `undo-paste=1`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from reglo.catalog.models import Product
from reglo.companies.models import Company
from reglo.dashboard.asked import whole_number
from reglo.dashboard.catalogue_lines import typed_line
from reglo.dashboard.forms.discounts import PERCENT
from reglo.dashboard.forms.figures import typed
from reglo.dashboard.pasted_table import LONGEST_TEXT, PriceColumn, TableRefused, lines_of_table
from reglo.invoicing.content import plain
from reglo.invoicing.services import LineInput
from reglo.invoicing.services.save_draft import MOST_LINES
from reglo.invoicing.states import LineKind

PREFIX = "lines"
MOST_ROWS = MOST_LINES * 2  # removed ones stay on the page


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the page goes after a button: what its address asks for, and the line that it shows."""

    query: str = ""
    anchor: str = PREFIX

    def address(self, page: str) -> str:
        return f"{page}{'?' if self.query else ''}{self.query}#{self.anchor}"


def pressed(data: QueryDict, *, company: Company, rates: Sequence[Decimal]) -> QueryDict:
    """`data` as the pressed button changes it; the same without such a button. Raises TableRefused."""
    if "move" in data:
        return _moved(data)
    if "pick" in data:
        return _picked(data, company)
    if "paste" in data:
        return _pasted(data, company, rates)
    if "undo-paste" in data:
        return _without_pasted(data)
    return data


def looked_at(data: QueryDict, *, revision: int) -> Shown | None:
    """What the page shows once the lines are saved; None where no button of the lines was pressed.

    Saved lines are named anew by their rank, those that are dropped being no more.
    """
    if kind := data.get("add-line"):
        return Shown(f"ligne={kind if kind in LineKind.values else LineKind.ARTICLE.value}")
    if "paste" in data:
        ranks = [rank for rank, index in enumerate(_kept(data), start=1) if _is(data, index, "pasted")]
        query = f"colle={ranks[0]}-{ranks[-1]}&r={revision}" if ranks else ""
        return Shown(query, _named(ranks[0]) if ranks else PREFIX)
    if "undo-paste" in data:
        return Shown()
    for button in ("move", "pick", "catalogue", "keep"):
        if button in data:
            rank = _rank_of(data, data.get(button, "").partition(":")[0])
            anchor = PREFIX if rank is None else _named(rank)
            return Shown(f"article={rank}" if button == "catalogue" and rank else "", anchor)
    return None


def _moved(data: QueryDict) -> QueryDict:
    prefix, _colon, way = data.get("move", "").partition(":")
    order, index = _kept(data), _index(prefix)
    if index not in order:
        return data
    place = order.index(index)
    other = place + (-1 if way == "up" else 1)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return _ranked(data, order)


def _picked(data: QueryDict, company: Company) -> QueryDict:
    prefix, _colon, key = data.get("pick", "").partition(":")
    product = Product.objects.filter(company=company, archived_at=None, id=whole_number(key) or 0).first()
    if product is None or _index(prefix) is None:
        return data
    changed = data.copy()
    with_vat = data.get("prices_include_vat") == "1"
    for name, value in typed_line(prefix, product, with_vat=with_vat).items():
        changed[name] = value
    return changed


def _pasted(data: QueryDict, company: Company, rates: Sequence[Decimal]) -> QueryDict:
    """The lines of the table come after the line that was pasted into, or in its place where it was empty."""
    prices = PriceColumn(
        rates=rates,
        charges_vat=company.charges_vat,
        prices_include_vat=company.charges_vat and data.get("prices_include_vat") == "1",
    )
    lines = lines_of_table(data.get("pasted", "")[: LONGEST_TEXT + 1], prices)
    order, rows = _order(data), _rows(data)
    if len(_kept(data)) + len(lines) > MOST_LINES:
        raise TableRefused([_("Une facture compte au plus %d lignes.") % MOST_LINES])
    at = _index(data.get("paste_at", ""))
    place = order.index(at) + 1 if at in order else len(order)
    changed = data.copy()
    for index in range(rows):
        changed.pop(f"{PREFIX}-{index}-pasted", None)
    for index, line in enumerate(lines, start=rows):
        for name, value in _typed(line).items():
            changed[f"{PREFIX}-{index}-{name}"] = value
    changed[f"{PREFIX}-TOTAL_FORMS"] = str(rows + len(lines))
    return _ranked(changed, [*order[:place], *range(rows, rows + len(lines)), *order[place:]])


def _without_pasted(data: QueryDict) -> QueryDict:
    changed = data.copy()
    for index in _order(data):
        if _is(data, index, "pasted"):
            changed[f"{PREFIX}-{index}-DELETE"] = "on"
    return changed


def _typed(line: LineInput) -> dict[str, str]:
    """A line as it would be typed by hand."""
    if line.kind != LineKind.ARTICLE:
        return {"kind": line.kind.value, "description": line.description, "pasted": "True"}
    return {
        "kind": line.kind.value,
        "pasted": "True",
        "description": line.description,
        "nature": line.nature.value,
        "quantity": typed(line.quantity),
        "unit": line.unit,
        "unit_price": typed(line.unit_price, 2),
        "discount": "",
        "discount_unit": PERCENT,
        "vat_rate": plain(line.vat_rate),
    }


def _rows(data: QueryDict) -> int:
    return min(whole_number(data.get(f"{PREFIX}-TOTAL_FORMS", "")) or 0, MOST_ROWS)


def _order(data: QueryDict) -> list[int]:
    """The lines of the page by rank; those without one last, as they come."""
    ranks = {index: whole_number(data.get(f"{PREFIX}-{index}-rank", "")) for index in range(_rows(data))}
    return sorted(ranks, key=lambda index: (ranks[index] is None, ranks[index] or 0, index))


def _kept(data: QueryDict) -> list[int]:
    """Those that will be saved: neither ticked away nor empty (LineForm.is_dropped)."""
    return [index for index in _order(data) if not _is_dropped(data, index)]


def _is_dropped(data: QueryDict, index: int) -> bool:
    if _is(data, index, "DELETE"):
        return True
    if data.get(f"{PREFIX}-{index}-kind") == LineKind.SUBTOTAL:
        return False
    price = data.get(f"{PREFIX}-{index}-unit_price", "").strip(" 0,.€\u00a0\u202f")
    return not (data.get(f"{PREFIX}-{index}-description", "").strip() or price)


def _is(data: QueryDict, index: int, mark: str) -> bool:
    return data.get(f"{PREFIX}-{index}-{mark}", "") not in {"", "False"}


def _ranked(data: QueryDict, order: Sequence[int]) -> QueryDict:
    changed = data.copy()
    for rank, index in enumerate(order, start=1):
        changed[f"{PREFIX}-{index}-rank"] = str(rank)
    return changed


def _index(prefix: str) -> int | None:
    """3 for « lines-3 »."""
    name, _dash, number = prefix.partition("-")
    return whole_number(number) if name == PREFIX else None


def _rank_of(data: QueryDict, prefix: str) -> int | None:
    """Its rank once saved."""
    kept, index = _kept(data), _index(prefix)
    return kept.index(index) + 1 if index in kept else None


def _named(rank: int) -> str:
    """The line of this rank on the next page."""
    return f"{PREFIX}-{rank - 1}"
