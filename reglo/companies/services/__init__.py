"""What may be done to a company and its people."""

from reglo.companies.services.accept_invitation import (
    InvitationForAnother,
    InvitationUnusable,
    PersonAlreadyKnown,
    accept_invitation,
    join_by_invitation,
)
from reglo.companies.services.change_company import ChangedSince, change_company, undo_company_change
from reglo.companies.services.change_member import LastOwnerStays, change_member
from reglo.companies.services.create_company import RealCompanyInSimulation, create_company
from reglo.companies.services.invite_first_owner import invite_first_owner
from reglo.companies.services.invite_member import AlreadyMember, invite_member
from reglo.companies.services.issue_sign_in_link import issue_sign_in_link
from reglo.companies.services.remove_member import remove_member
from reglo.companies.services.revoke_invitation import revoke_invitation
from reglo.companies.services.use_sign_in_link import SignInLinkUnusable, open_sign_in_link, use_sign_in_link

__all__ = [
    "AlreadyMember",
    "ChangedSince",
    "InvitationForAnother",
    "InvitationUnusable",
    "LastOwnerStays",
    "PersonAlreadyKnown",
    "RealCompanyInSimulation",
    "SignInLinkUnusable",
    "accept_invitation",
    "change_company",
    "change_member",
    "create_company",
    "invite_first_owner",
    "invite_member",
    "issue_sign_in_link",
    "join_by_invitation",
    "open_sign_in_link",
    "remove_member",
    "revoke_invitation",
    "undo_company_change",
    "use_sign_in_link",
]
