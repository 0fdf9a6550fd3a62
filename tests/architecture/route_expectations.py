"""What every address answers to everyone: the one table, written by hand, that the URL table is held against.

A new route must be added here on purpose. `read` and `write` are who is let in by GET and by POST; everybody else of
the company is refused, whoever is not signed in is sent to sign in, and where the address names an object a member
of another company gets the 404 of what does not exist.
"""

from dataclasses import dataclass
from enum import Enum, auto


class Actor(Enum):
    NOBODY = auto()
    STRANGER = auto()  # owns another company
    ACCOUNTANT = auto()
    MEMBER = auto()
    FINALISER = auto()  # a member whom an owner lets finalise
    OWNER = auto()


INSIDE = (Actor.ACCOUNTANT, Actor.MEMBER, Actor.FINALISER, Actor.OWNER)
ALL = frozenset(INSIDE)
WORKERS = frozenset({Actor.MEMBER, Actor.FINALISER, Actor.OWNER})
FINALISERS = frozenset({Actor.FINALISER, Actor.OWNER})
BOOKS = frozenset({Actor.ACCOUNTANT, Actor.OWNER})
OWNERS = frozenset({Actor.OWNER})


@dataclass(frozen=True)
class Staff:
    """A page of the company. `things` overrides what stands in the address; `on_wire`: its POST calls a provider."""

    read: frozenset[Actor]
    write: frozenset[Actor] | None = None  # None: as read
    things: str = ""  # "issued", "accounts"
    on_wire: bool = False

    def let_in(self, method: str) -> frozenset[Actor]:
        return self.read if method == "get" or self.write is None else self.write


@dataclass(frozen=True)
class Person:
    """For whoever is signed in, about themselves."""


@dataclass(frozen=True)
class Public:
    """For everybody, for a reason that the view states, or that django-allauth's page is."""


@dataclass(frozen=True)
class Customer:
    """Of the portal, for the browser that holds a right on the document."""


DASHBOARD: dict[str, Staff | Person | Public] = {
    "home": Staff(ALL),
    "retry": Staff(OWNERS),
    "retry_all": Staff(OWNERS),
    # Documents
    "invoices": Staff(ALL),
    "invoice_new": Staff(WORKERS),
    "invoice": Staff(ALL),
    "invoice_edit": Staff(WORKERS),
    "invoice_customer": Staff(WORKERS),
    "invoice_discard": Staff(WORKERS),
    "invoice_restore": Staff(WORKERS),
    "invoice_check": Staff(WORKERS),
    "invoice_issue": Staff(FINALISERS),
    "invoice_preview": Staff(ALL),
    "invoice_preview_pages": Staff(ALL),
    "invoice_page": Staff(ALL),
    "invoice_pdf": Staff(ALL, things="issued"),
    "invoice_duplicate": Staff(ALL, things="issued"),
    "invoice_send": Staff(WORKERS, things="issued"),
    "invoice_mail_preview": Staff(WORKERS, things="issued"),
    "invoice_link": Staff(WORKERS, things="issued"),
    "invoice_link_revoke": Staff(WORKERS, things="issued"),
    "invoice_pay_now": Staff(WORKERS, things="issued"),
    "credit_note_new": Staff(WORKERS, things="issued"),
    "credit_note_sums": Staff(WORKERS, things="issued"),
    "credit_note": Staff(ALL),
    "credit_note_edit": Staff(WORKERS),
    "credit_note_issue": Staff(FINALISERS),
    # Quotes: a member's own work, from the first word to the answer
    "quotes": Staff(ALL),
    "quote_new": Staff(WORKERS),
    "quote": Staff(ALL),
    "quote_edit": Staff(WORKERS),
    "quote_customer": Staff(WORKERS),
    "quote_discard": Staff(WORKERS),
    "quote_restore": Staff(WORKERS),
    "quote_revise": Staff(WORKERS),
    "quote_drop_revision": Staff(WORKERS),
    "quote_check": Staff(WORKERS),
    "quote_issue": Staff(WORKERS),
    "quote_preview": Staff(ALL),
    "quote_preview_pages": Staff(ALL),
    "quote_page": Staff(ALL),
    "quote_pdf": Staff(ALL),
    "quote_send": Staff(WORKERS),
    "quote_mail_preview": Staff(WORKERS),
    "quote_link": Staff(WORKERS),
    "quote_link_revoke": Staff(WORKERS),
    "quote_answer": Staff(WORKERS),
    "quote_cancel": Staff(WORKERS),
    "quote_duplicate": Staff(WORKERS),
    "quote_invoice": Staff(WORKERS),
    "quote_deposit": Staff(WORKERS),
    "quote_situation": Staff(WORKERS),
    "invoice_deductions": Staff(WORKERS),
    "customer_deposit": Staff(WORKERS),
    "opening_paper": Staff(WORKERS),
    # Customers and articles
    "customers": Staff(ALL),
    "customer_new": Staff(WORKERS),
    "customer_in_dialog": Staff(WORKERS),
    "customer_choices": Staff(WORKERS),
    "customer": Staff(ALL),
    "customer_edit": Staff(WORKERS),
    "customer_archive": Staff(WORKERS),
    "customer_restore": Staff(WORKERS),
    "products": Staff(ALL),
    "product_new": Staff(WORKERS),
    "product_suggestions": Staff(WORKERS),
    "product_edit": Staff(WORKERS),
    "product_archive": Staff(WORKERS),
    "product_restore": Staff(WORKERS),
    # Money
    "collection_new": Staff(OWNERS, things="issued"),
    "collections": Staff(ALL),
    "collections_month": Staff(BOOKS),
    "collections_month_file": Staff(BOOKS),
    "collection_undo": Staff(OWNERS),
    "payment_health": Staff(OWNERS),
    "unmatched": Staff(BOOKS),
    "unmatched_attach": Staff(OWNERS, on_wire=True),
    "unmatched_ignore": Staff(OWNERS),
    "unmatched_unignore": Staff(OWNERS),
    "dispute_reclaim": Staff(OWNERS),
    "dispute_write_off": Staff(OWNERS),
    "payouts": Staff(BOOKS),
    "payouts_file": Staff(BOOKS),
    "payout": Staff(BOOKS),
    "payout_file": Staff(BOOKS),
    "payout_confirm": Staff(OWNERS),
    "payout_undo_confirm": Staff(OWNERS),
    "reconciliation": Staff(BOOKS),
    "difference_retake": Staff(OWNERS, on_wire=True),
    "refund": Staff(OWNERS),
    "surplus": Staff(OWNERS),
    "ledger": Staff(BOOKS),
    "ledger_balance": Staff(BOOKS),
    "closings": Staff(BOOKS),
    "archives": Staff(BOOKS),
    "archive_progress": Staff(BOOKS),
    "archive_file": Staff(BOOKS),
    # Coming in
    "invitation": Public(),
    "sign_in_link": Public(),
    "companies": Person(),
    "found_company": Person(),
    "account": Person(),
    "second_factor": Person(),
    "first_step": Staff(OWNERS),
    "logo": Staff(ALL),
    # Configuration
    "settings": Staff(OWNERS),
    "settings_company": Staff(OWNERS),
    "settings_look": Staff(OWNERS),
    "settings_documents": Staff(OWNERS),
    "settings_billing": Staff(OWNERS),
    "settings_trades": Staff(OWNERS),
    "settings_vat": Staff(OWNERS),
    "settings_vat_habits": Staff(OWNERS),
    "undo_vat_regime": Staff(OWNERS),
    "settings_bank": Staff(OWNERS),
    "settings_receiving": Staff(OWNERS),
    "settings_accounts": Staff(OWNERS),
    "settings_numbering": Staff(OWNERS),
    "numbering_format": Staff(OWNERS),
    "numbering_example": Staff(OWNERS),
    "numbering_start": Staff(OWNERS),
    "openings": Staff(OWNERS),
    "opening_new": Staff(OWNERS),
    "opening_one": Staff(OWNERS),
    "opening_model": Staff(OWNERS),
    "opening_undo": Staff(OWNERS),
    "settings_mail": Staff(OWNERS),
    "settings_mail_try": Staff(OWNERS),
    "undo_change": Staff(OWNERS),
    "undo_accounts": Staff(OWNERS, things="accounts"),
    "stripe_begin": Staff(OWNERS, on_wire=True),
    "stripe_return": Staff(OWNERS),
    "stripe_guide": Staff(OWNERS),
    "stripe_key_page": Staff(OWNERS),
    "stripe_paste": Staff(OWNERS),
    "stripe_confirm": Staff(OWNERS, on_wire=True),
    "stripe_check": Staff(OWNERS, on_wire=True),
    "stripe_recreate": Staff(OWNERS, on_wire=True),
    "stripe_renew": Staff(OWNERS, on_wire=True),
    "stripe_take_over": Staff(OWNERS, on_wire=True),
    "stripe_methods": Staff(OWNERS),
    "stripe_disconnect": Staff(OWNERS, on_wire=True),
    # People
    "people": Staff(OWNERS),
    "invite": Staff(OWNERS),
    "revoke_invitation": Staff(OWNERS),
    "member": Staff(OWNERS),
    "remove_member": Staff(OWNERS),
    # Guides
    "help": Public(),
    "guide": Public(),
    "guide_picture": Public(),
}

ACCOUNT: dict[str, Person | Public] = {
    "account_login": Public(),
    "mfa_authenticate": Public(),
    "mfa_login_webauthn": Public(),
    "account_logout": Public(),
    "account_inactive": Public(),
    "account_reset_password": Public(),
    "account_reset_password_done": Public(),
    "account_reset_password_from_key": Public(),
    "account_reset_password_from_key_done": Public(),
    "account_reauthenticate": Person(),
    "mfa_reauthenticate": Person(),
    "mfa_reauthenticate_webauthn": Person(),
    "account_change_password": Person(),
    "account_set_password": Person(),
    "mfa_index": Person(),
    "mfa_activate_totp": Person(),
    "mfa_deactivate_totp": Person(),
    "mfa_view_recovery_codes": Person(),
    "mfa_generate_recovery_codes": Person(),
    "mfa_download_recovery_codes": Person(),
    "mfa_list_webauthn": Person(),
    "mfa_add_webauthn": Person(),
    "mfa_edit_webauthn": Person(),
    "mfa_remove_webauthn": Person(),
}

PORTAL: dict[str, Customer | Public] = {
    "open_link": Public(),
    "invoice": Customer(),
    "seen": Customer(),
    "pay": Customer(),
    "forward": Customer(),
    "invoice_paper": Customer(),
    "credit_note_paper": Customer(),
    "receipt_paper": Customer(),
    "duplicate_paper": Customer(),
    "quote": Customer(),
    "quote_seen": Customer(),
    "quote_sums": Customer(),
    "quote_accept": Customer(),
    "quote_refuse": Customer(),
    "quote_paper": Customer(),
    "come_back": Public(),
    "gave_up": Public(),
    "verification": Public(),
}

OTHERS: dict[str, Public] = {name: Public() for name in ("health_live", "health_ready", "hook", "public_payment")}

ROUTES: dict[str, Staff | Person | Public | Customer] = {
    **{f"dashboard:{name}": expected for name, expected in DASHBOARD.items()},
    **{f"portal:{name}": expected for name, expected in PORTAL.items()},
    **ACCOUNT,
    **OTHERS,
}
