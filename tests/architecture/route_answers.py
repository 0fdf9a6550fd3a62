"""What each address answers to who is let in: the statuses of GET, and of a form posted without what it wants.

Who is let in is in `route_expectations.py`.
"""

ANSWERS: dict[str, tuple[int, int]] = {
    # Devis & Factures
    "dashboard:home": (200, 200),
    "dashboard:retry": (405, 302),
    "dashboard:invoices": (200, 200),
    "dashboard:invoice_new": (200, 422),
    "dashboard:invoice": (200, 200),
    "dashboard:invoice_edit": (200, 422),
    "dashboard:invoice_customer": (200, 200),
    "dashboard:invoice_discard": (200, 302),
    "dashboard:invoice_restore": (302, 302),
    "dashboard:invoice_check": (200, 200),
    "dashboard:invoice_issue": (405, 302),
    "dashboard:invoice_preview": (200, 405),
    "dashboard:invoice_preview_pages": (200, 405),
    "dashboard:invoice_page": (200, 405),
    "dashboard:invoice_pdf": (200, 405),
    "dashboard:invoice_duplicate": (200, 405),
    "dashboard:invoice_send": (200, 422),
    "dashboard:invoice_mail_preview": (405, 200),
    "dashboard:invoice_link": (200, 200),
    "dashboard:invoice_link_revoke": (200, 302),
    "dashboard:invoice_pay_now": (200, 200),
    # Clients, articles, encaissements
    "dashboard:customers": (200, 200),
    "dashboard:customer_new": (200, 422),
    "dashboard:customer_in_dialog": (200, 422),
    "dashboard:customer_choices": (200, 200),
    "dashboard:customer": (200, 200),
    "dashboard:customer_edit": (200, 422),
    "dashboard:customer_archive": (302, 302),
    "dashboard:customer_restore": (302, 302),
    "dashboard:products": (200, 200),
    "dashboard:product_new": (200, 422),
    "dashboard:product_suggestions": (200, 200),
    "dashboard:product_edit": (200, 422),
    "dashboard:product_archive": (302, 302),
    "dashboard:product_restore": (302, 302),
    "dashboard:collection_new": (200, 422),
    "dashboard:collections": (200, 200),
    "dashboard:collections_month": (200, 200),
    "dashboard:collections_month_file": (200, 200),
    "dashboard:collection_undo": (200, 422),
    "dashboard:ledger": (200, 200),
    "dashboard:ledger_balance": (200, 200),
    # Coming in
    "dashboard:invitation": (200, 200),
    "dashboard:sign_in_link": (200, 302),
    "dashboard:companies": (200, 404),
    "dashboard:found_company": (200, 422),
    "dashboard:account": (200, 302),
    "dashboard:second_factor": (200, 200),
    "dashboard:first_step": (200, 302),
    "dashboard:logo": (200, 405),
    # Configuration
    "dashboard:settings": (200, 200),
    "dashboard:settings_company": (200, 422),
    "dashboard:settings_look": (200, 422),
    "dashboard:settings_documents": (200, 302),
    "dashboard:settings_billing": (200, 422),
    "dashboard:settings_bank": (200, 302),
    "dashboard:settings_receiving": (200, 302),
    "dashboard:settings_accounts": (200, 422),
    "dashboard:settings_mail": (200, 422),
    "dashboard:settings_mail_try": (405, 409),
    "dashboard:undo_change": (405, 302),
    "dashboard:undo_accounts": (405, 302),
    "dashboard:stripe_begin": (302, 405),
    "dashboard:stripe_return": (302, 405),
    "dashboard:stripe_guide": (200, 405),
    "dashboard:stripe_key_page": (200, 405),
    "dashboard:stripe_paste": (200, 422),
    "dashboard:stripe_confirm": (200, 302),
    "dashboard:stripe_check": (405, 302),
    "dashboard:stripe_methods": (405, 302),
    "dashboard:stripe_disconnect": (405, 302),
    "dashboard:people": (200, 200),
    "dashboard:invite": (405, 422),
    "dashboard:revoke_invitation": (405, 302),
    "dashboard:member": (200, 422),
    "dashboard:remove_member": (405, 302),
    # The guides
    "dashboard:help": (200, 200),
    "dashboard:guide": (200, 200),
    "dashboard:guide_picture": (200, 200),
    # Signing in: django-allauth's
    "account_login": (302, 302),
    "mfa_authenticate": (302, 302),
    "mfa_login_webauthn": (302, 302),
    "account_logout": (200, 302),
    "account_inactive": (200, 405),
    "account_reset_password": (200, 200),
    "account_reset_password_done": (200, 405),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_from_key_done": (200, 405),
    "account_reauthenticate": (200, 200),
    "mfa_reauthenticate": (302, 302),
    "mfa_reauthenticate_webauthn": (302, 302),
    "account_change_password": (200, 200),
    "account_set_password": (302, 302),
    "mfa_index": (200, 405),
    "mfa_activate_totp": (302, 302),
    "mfa_deactivate_totp": (404, 404),
    "mfa_view_recovery_codes": (404, 405),
    "mfa_generate_recovery_codes": (302, 302),
    "mfa_download_recovery_codes": (404, 404),
    "mfa_list_webauthn": (200, 405),
    "mfa_add_webauthn": (302, 302),
    "mfa_edit_webauthn": (302, 302),
    "mfa_remove_webauthn": (302, 302),
    # The portal
    "portal:open_link": (404, 202),
    "portal:invoice": (200, 405),
    "portal:seen": (405, 204),
    "portal:pay": (405, 303),
    "portal:forward": (200, 405),
    "portal:invoice_paper": (200, 405),
    "portal:receipt_paper": (404, 405),
    "portal:duplicate_paper": (409, 405),
    "portal:come_back": (200, 405),
    "portal:gave_up": (200, 405),
    "portal:verification": (200, 422),
    "public_payment": (200, 422),
    # Machines
    "health_live": (200, 200),
    "health_ready": (503, 503),  # no worker runs in a test
    "hook": (405, 400),
}

# Where the house itself makes a difference: (route, who) to the two statuses.
NOBODYS_SIGN_IN = {("account_login", who): (200, 200) for who in ("nobody", "customer", "other_customer")} | {
    ("account_logout", who): (302, 302) for who in ("nobody", "customer", "other_customer")
}
WELCOME = {("dashboard:found_company", who): (403, 403) for who in ("accountant", "member", "finaliser", "removed")}
INVITED = {
    **{
        ("dashboard:invitation", who): (403, 403)  # it names somebody else
        for who in ("outsider", "removed", "accountant", "member", "finaliser", "owner")
    },
    **{("dashboard:invitation", who): (200, 422) for who in ("nobody", "customer", "other_customer")},
}
BACK_FROM_PAYING = {("portal:gave_up", "customer"): (303, 405)}  # to the document that their browser holds
OTHERWISE = {
    **NOBODYS_SIGN_IN,
    **WELCOME,
    **INVITED,
    **BACK_FROM_PAYING,
    ("dashboard:logo", "outsider"): (404, 405),  # their company has none
    ("dashboard:retry", "outsider"): (405, 409),  # nothing of theirs is parked
}
