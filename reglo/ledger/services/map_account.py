"""Send a role to another account from a date on; what is posted stays where it is."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.ledger.models import AccountMapping
from reglo.ledger.states import AccountRole


class BadAccountNumber(RegloError):
    code = "bad_account_number"
    message = _("Un numéro de compte a de 3 à 12 caractères et commence par trois chiffres, par exemple 706000.")


def map_account(
    *, company_id: int, role: AccountRole, number: str, label: str, effective_date: date, now: datetime
) -> AccountMapping:
    """Map `role` from `effective_date` included, confirmed. Raises BadAccountNumber."""
    if not (3 <= len(number) <= 12 and number[:3].isdecimal() and number.isalnum() and number.isascii()):
        raise BadAccountNumber(field="number")
    with transaction.atomic():
        mapping, _created = AccountMapping.objects.update_or_create(
            company_id=company_id,
            role=role,
            effective_date=effective_date,
            defaults={"number": number, "label": label, "confirmed_at": now},
        )
    return mapping
