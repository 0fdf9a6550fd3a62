"""Who may do what, in one table. A *Gérant* does everything; a *Comptable* reads and exports."""

from enum import StrEnum

from reglo.companies.models import Membership
from reglo.companies.states import Role


class Right(StrEnum):
    READ = "read"  # documents, customers, collections
    READ_MONEY = "read_money"  # ledger, exports, bank details, payments detail
    WRITE = "write"  # quotes, draft invoices, customers, catalogue
    SEND = "send"  # send what is issued
    FINALISE = "finalise"
    COLLECT = "collect"  # record or undo a collection, refund
    SETTINGS = "settings"  # configuration, people, providers


_RIGHTS = {
    Role.OWNER: frozenset(Right),
    Role.MEMBER: frozenset({Right.READ, Right.WRITE, Right.SEND}),
    Role.ACCOUNTANT: frozenset({Right.READ, Right.READ_MONEY}),
}


def rights_of(membership: Membership) -> frozenset[Right]:
    """The rights of an active member."""
    rights = _RIGHTS[Role(membership.role)]
    if membership.role == Role.MEMBER and membership.may_finalise:
        return rights | {Right.FINALISE}
    return rights


def may(membership: Membership, right: Right) -> bool:
    return right in rights_of(membership)
