"""Unpaid invoices of a former tool, from a spreadsheet's text to rows, each problem with its line. Pure."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from reglo.money import AmountTooLarge, Money, round_half_up

MOST_ROWS = 1000
# Field → heading, in the order of the model file; read in either language, accents and capitals aside.
COLUMNS: Mapping[str, Any] = {
    "number": gettext_lazy("Numéro"),
    "issue_date": gettext_lazy("Date"),
    "due_date": gettext_lazy("Échéance"),
    "customer_name": gettext_lazy("Client"),
    "siren": "SIREN",
    "email": gettext_lazy("E-mail"),
    "total": gettext_lazy("Total"),
    "remaining": gettext_lazy("Reste"),
    "vat": gettext_lazy("TVA à l’encaissement"),
    "vat_rate": gettext_lazy("Taux de TVA"),
    "address": gettext_lazy("Adresse"),
    "postal_code": gettext_lazy("Code postal"),
    "city": gettext_lazy("Ville"),
}
REQUIRED = ("number", "issue_date", "due_date", "customer_name", "total", "remaining")
_SYNONYMS = {
    "email": "email",
    "mail": "email",
    "montant": "total",
    "total ttc": "total",
    "reste a payer": "remaining",
    "no": "number",
    "facture": "number",
    "date d emission": "issue_date",
    "date d echeance": "due_date",
}


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """An invoice as it was, amounts in minor units. `vat_minor` is the VAT of what remains that waits for the money, of
    one rate; `line` is where it stands in the file, from 1, the headings being the first."""

    line: int
    number: str
    issue_date: date
    due_date: date
    customer_name: str
    total_minor: int
    remaining_minor: int
    siren: str = ""
    email: str = ""
    address: str = ""
    postal_code: str = ""
    city: str = ""
    vat_minor: int = 0
    vat_rate: Decimal = Decimal(0)

    @property
    def taxed_minor(self) -> int:
        """The part of what remains, VAT included, to which that VAT belongs; all of it where it makes no difference."""
        if not self.vat_minor:
            return self.remaining_minor
        if abs(vat_within(self.remaining_minor, self.vat_rate) - self.vat_minor) <= 1:
            return self.remaining_minor
        return round_half_up(Decimal(self.vat_minor) * (100 + self.vat_rate) / self.vat_rate)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """`line` of the file, 0 for the whole."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ReadRows:
    rows: tuple[OpeningRow, ...] = ()
    problems: tuple[RowProblem, ...] = field(default=())


def vat_within(gross_minor: int, rate: Decimal) -> int:
    """The VAT in an amount that includes it."""
    return round_half_up(Decimal(gross_minor) * rate / (100 + rate))


def read_rows(text: str, *, currency: str, rates: Sequence[Decimal]) -> ReadRows:
    """What the text says, `;`, `,` or tabs between cells, in any order of columns; `rates` are those a VAT may have."""
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=_delimiter(text)))
    if not lines or not any(cell.strip() for cell in lines[0]):
        return ReadRows(problems=(RowProblem(0, _("Le fichier est vide.")),))
    names = [_field_of(cell) for cell in lines[0]]
    missing = [str(COLUMNS[name]) for name in REQUIRED if name not in names]
    if missing:
        words = _("Il manque une colonne : %s. La première ligne du fichier donne le nom des colonnes.")
        return ReadRows(problems=(RowProblem(1, words % ", ".join(missing)),))
    filled = [(at, cells) for at, cells in enumerate(lines[1:], start=2) if any(cell.strip() for cell in cells)]
    if not filled:
        return ReadRows(problems=(RowProblem(0, _("Le fichier n’a aucune facture sous ses titres.")),))
    if len(filled) > MOST_ROWS:
        return ReadRows(problems=(RowProblem(0, _("Reprenez au plus %d factures à la fois.") % MOST_ROWS),))
    rows: list[OpeningRow] = []
    problems: list[RowProblem] = []
    for at, cells in filled:
        typed = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        found = _Reading(at, typed, currency, rates)
        row = found.row()
        problems += found.problems
        if row:
            rows.append(row)
    return ReadRows(tuple(rows), tuple(problems))


class _Reading:
    """One line, read cell by cell; what is wrong with it is kept."""

    def __init__(self, line: int, typed: Mapping[str, str], currency: str, rates: Sequence[Decimal]) -> None:
        self.line, self.typed, self.currency, self.rates = line, typed, currency, rates
        self.problems: list[RowProblem] = []

    def row(self) -> OpeningRow | None:
        number = self.typed.get("number", "")
        if not number or len(number) > 35:
            self._say(_("Indiquez le numéro de la facture, de 35 caractères au plus."))
        name = " ".join(self.typed.get("customer_name", "").split())
        if not name or len(name) > 200:
            self._say(_("Indiquez le nom du client."))
        issued, due = self._day("issue_date", _("la date")), self._day("due_date", _("l’échéance"))
        total, remaining = self._amount("total", _("total")), self._amount("remaining", _("reste"))
        vat = self._amount("vat", _("TVA à l’encaissement"), needed=False) or 0
        rate = self._rate(remaining or 0, vat)
        siren = re.sub(r"\s", "", self.typed.get("siren", ""))
        if self.problems or issued is None or due is None or total is None or remaining is None:
            return None
        return OpeningRow(
            line=self.line,
            number=number,
            issue_date=issued,
            due_date=due,
            customer_name=name,
            total_minor=total,
            remaining_minor=remaining,
            siren=siren,
            email=self.typed.get("email", ""),
            address=self.typed.get("address", "")[:200],
            postal_code=self.typed.get("postal_code", "")[:10],
            city=self.typed.get("city", "")[:100],
            vat_minor=vat,
            vat_rate=rate,
        )

    def _say(self, message: str) -> None:
        self.problems.append(RowProblem(self.line, message))

    def _day(self, name: str, word: str) -> date | None:
        day = day_typed(self.typed.get(name, ""))
        if day is None:
            self._say(_("Écrivez %(word)s comme 31/12/2026.") % {"word": word})
        return day

    def _amount(self, name: str, word: str, *, needed: bool = True) -> int | None:
        text = self.typed.get(name, "")
        if not text and not needed:
            return None
        minor = minor_typed(text, self.currency)
        if minor is None or minor < 0:
            self._say(_("Écrivez le montant « %(word)s » comme 1 240,50.") % {"word": word})
        return minor

    def _rate(self, remaining: int, vat: int) -> Decimal:
        """The rate of the VAT: as typed, or the one of which it is the VAT in the whole."""
        if not vat:
            return Decimal(0)
        typed = decimal_typed(self.typed.get("vat_rate", ""))
        if typed is not None:
            if typed in self.rates and typed:
                return typed
            self._say(_("Ce taux de TVA n’existe pas à cette date."))
            return Decimal(0)
        for rate in self.rates:
            if rate and abs(vat_within(remaining, rate) - vat) <= 1:
                return rate
        self._say(_("Cette TVA n’est celle d’aucun taux sur tout le reste à payer : indiquez son taux."))
        return Decimal(0)


def day_typed(text: str) -> date | None:
    """« 31/12/2026 », « 31-12-2026 » or « 2026-12-31 »."""
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None
    except ValueError:
        return None


def decimal_typed(text: str) -> Decimal | None:
    """« 1 240,50 € », « 1240.5 », « 20 % »; None for what is no number."""
    compact = re.sub("[\\s\u00a0\u202f\u2009€%]", "", text).replace("\u2212", "-")
    if "," in compact and "." in compact:  # of two marks the last one is the decimal
        compact = compact.replace("." if compact.rfind(",") > compact.rfind(".") else ",", "")
    compact = compact.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", compact, re.ASCII):
        return None
    try:
        return Decimal(compact)
    except InvalidOperation:
        return None


def minor_typed(text: str, currency: str) -> int | None:
    number = decimal_typed(text)
    if number is None:
        return None
    try:
        money = Money.from_decimal(number, currency)
    except AmountTooLarge:
        return None
    return money.minor if money.to_decimal() == number else None


def _delimiter(text: str) -> str:
    heading = text.lstrip("\ufeff").split("\n", 1)[0]
    return max(";,\t", key=heading.count)


def _field_of(heading: str) -> str:
    """The field that a heading names, "" for one that we do not read."""
    word = _plain(heading)
    return _SYNONYMS.get(word) or _known_headings().get(word, "")


@lru_cache(maxsize=1)
def _known_headings() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for language in ("fr", "en"):
        with override(language):
            known |= {_plain(str(heading)): name for name, heading in COLUMNS.items()}
    return known


def _plain(heading: str) -> str:
    """Without accents, capitals nor apostrophes."""
    spaced = heading.replace("’", " ").replace("'", " ").replace("_", " ")
    return " ".join(unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower().split())


def headings() -> list[str]:
    """The columns of the model file, in the language of the page."""
    return [str(heading) for heading in COLUMNS.values()]
