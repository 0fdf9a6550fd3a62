"""Reads of the ledger shared by several doors."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from reglo.database.prepared import Parameter, PreparedRead
from reglo.errors import RegloError
from reglo.ledger.chart import FROM_THE_START
from reglo.ledger.models import AccountMapping, EntryLine
from reglo.ledger.states import AccountRole

_MAPPINGS = PreparedRead(
    lambda: (
        AccountMapping.objects.filter(company_id=Parameter("company_id"))
        .order_by("effective_date")
        .values_list("role", "number", "label", "effective_date", "confirmed_at")
    )
)
_UNCONFIRMED = PreparedRead(
    lambda: AccountMapping.objects.filter(company_id=Parameter("company_id"), confirmed_at=None)[:1]
)


class DateBeforeBooks(RegloError):
    code = "date_before_books"
    message = _("Vérifiez l’année de cette date : aucune écriture ne peut dater d’avant l’an 2000.")


@dataclass(frozen=True, slots=True)
class AccountMap:
    """Every mapping of a company, by its date: read once by a verb that both checks that it is confirmed and posts."""

    rows: tuple[tuple[str, str, str, date, datetime | None], ...]

    @property
    def confirmed(self) -> bool:
        return all(confirmed_at is not None for *_mapping, confirmed_at in self.rows)

    def on(self, day: date) -> dict[AccountRole, tuple[str, str]]:
        """The (number, label) of every role on `day`: the latest mapping not after it. Raises DateBeforeBooks."""
        if day < FROM_THE_START:
            raise DateBeforeBooks
        return {
            AccountRole(role): (number, label)
            for role, number, label, effective_date, _confirmed_at in self.rows
            if effective_date <= day
        }


def account_map(*, company_id: int) -> AccountMap:
    """One statement."""
    return AccountMap(tuple(_MAPPINGS(company_id=company_id)))


def accounts_on(*, company_id: int, day: date) -> dict[AccountRole, tuple[str, str]]:
    """Those of `account_map`. One statement. Raises DateBeforeBooks."""
    return account_map(company_id=company_id).on(day)


def balance_of(*, company_id: int, account: str) -> int:
    """Debits minus credits of an account, in minor units."""
    sums = EntryLine.objects.filter(company_id=company_id, account=account).aggregate(
        debit=Sum("debit_minor", default=0), credit=Sum("credit_minor", default=0)
    )
    return int(sums["debit"]) - int(sums["credit"])


def accounts_confirmed(*, company_id: int) -> bool:
    """Whether somebody has confirmed the account map: wanted before the first issue."""
    return not _UNCONFIRMED(company_id=company_id)
