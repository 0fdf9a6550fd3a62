"""Numbers without a hole: taken inside the issuing transaction, one counter per company and series."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.invoicing.models import NumberSequence
from reglo.invoicing.states import DocumentKind


class IssueDateBeforeSeries(RegloError):
    code = "issue_date_before_series"
    status = 409
    message = _(
        "Un document de cette série porte déjà une date postérieure au %(issue_date)s. "
        "L’horloge du serveur semble avoir reculé : vérifiez-la, puis finalisez à nouveau."
    )


_LETTERS = {DocumentKind.INVOICE: "F", DocumentKind.DEPOSIT: "F", DocumentKind.CREDIT_NOTE: "A"}


def series_for(kind: DocumentKind, *, issue_date: date, practice: bool) -> str:
    """The series of a kind of document: "F2026-" or "A2026-", and "ESSAI-F2026-" in a practice company."""
    return f"{'ESSAI-' if practice else ''}{_LETTERS[kind]}{issue_date.year}-"


def quote_series(*, issue_date: date, practice: bool) -> str:
    """The series of quotes, "D2026-": never that of an invoice, which must have no hole that a refusal would leave."""
    return f"{'ESSAI-' if practice else ''}D{issue_date.year}-"


def take_number(*, company_id: int, series: str, issue_date: date) -> str:
    """The next number of the series, under its row's lock until the transaction ends.

    One statement creates the counter or moves it, and refuses a date before the last one (IssueDateBeforeSeries).
    """
    table = connection.ops.quote_name(NumberSequence._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (company_id, series, last_number, last_date) VALUES (%s, %s, 1, %s) "  # noqa: S608 (our own table's name)
            f"ON CONFLICT (company_id, series) DO UPDATE "
            f"SET last_number = {table}.last_number + 1, last_date = excluded.last_date "
            f"WHERE {table}.last_date <= excluded.last_date RETURNING last_number",
            [company_id, series, issue_date.isoformat()],
        )
        row = cursor.fetchone()
    if row is None:
        raise IssueDateBeforeSeries(issue_date=issue_date.strftime("%d/%m/%Y"))
    return f"{series}{row[0]:04d}"
