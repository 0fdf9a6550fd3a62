"""Locks return rows. The company is the first lock of every verb (DESIGN: lock order)."""

from reglo.companies.models import Company


def lock_company(company_id: int) -> Company:
    return Company.objects.select_for_update().get(pk=company_id)
