"""Create a company and make its founder its first *Gérant*."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company, Membership, User
from reglo.companies.states import Role
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record


class RealCompanyInSimulation(RegloError):
    code = "real_company_in_simulation"
    status = 409
    message = _("Cette installation est une simulation : elle n’accepte que des entreprises d’essai.")


def create_company(*, owner: User, practice: bool, name: str, now: datetime, **fields: Any) -> Company:
    """The company and its owner's membership, in the caller's transaction, which opens its books too.

    `fields` are columns of `Company`, already validated. Raises RealCompanyInSimulation.
    """
    if not connection.in_atomic_block:
        raise AssertionError("a company without its books must not be committed")
    if settings.SIMULATION and not practice:
        raise RealCompanyInSimulation
    company = Company.objects.create(practice=practice, name=name, created_at=now, **fields)
    Membership.objects.create(company=company, user=owner, role=Role.OWNER, joined_at=now)
    record(
        kind=Kind.COMPANY_CREATED,
        company_id=company.pk,
        subject=company,
        actor_id=owner.pk,
        now=now,
        content={"name": name, "practice": practice},
    )
    return company
