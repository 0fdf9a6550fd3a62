"""Accounts: the seller's identity, and the steps by which a person gets one."""

import secrets
import sqlite3
from typing import Any

from sandbox.stripe import keys
from sandbox.stripe.calls import Call
from sandbox.stripe.errors import StripeError
from sandbox.stripe.ids import new_id
from sandbox.stripe.objects import Json


def create(db: sqlite3.Connection, *, name: str, email: str, now: int, account: str | None = None) -> str:
    """A French account that is not yet verified; `account` fixes its id, for the seeded ones. Returns the id."""
    chosen = account or new_id("acct_1", 16)
    db.execute(
        "INSERT INTO accounts (id, name, email, country, ready, created) VALUES (?, ?, ?, 'FR', 0, ?)",
        (chosen, name, email, now),
    )
    for livemode in (False, True):
        keys.create(db, account=chosen, name="Clé secrète", livemode=livemode, permissions=None, now=now)
    return chosen


def send_code(db: sqlite3.Connection, account: str, phone: str) -> str:
    """Keep the phone number and the six digits 'sent' to it."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    db.execute("UPDATE accounts SET phone = ?, sms_code = ? WHERE id = ?", (phone, code, account))
    return code


def confirm_code(db: sqlite3.Connection, account: str, code: str) -> bool:
    """Whether the digits are right; the account is ready from then on."""
    changed = db.execute(
        "UPDATE accounts SET ready = 1, sms_code = NULL WHERE id = ? AND sms_code = ?", (account, code)
    ).rowcount
    return changed == 1


def find(db: sqlite3.Connection, account: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute("SELECT * FROM accounts WHERE id = ?", (account,)).fetchone()
    return row


def everyone(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM accounts ORDER BY created, rowid").fetchall()


def retrieve(call: Call, given: dict[str, Any], name: str | None = None) -> Json:
    """The caller's account, or a connected one by name."""
    name = name or call.account
    row = find(call.db, name)
    if row is None or (name not in {call.account, call.key_account} and not is_connected(call, name)):
        message = (
            f"The provided key does not have access to account '{name}' (or that account does not exist). "
            "Application access may have been revoked."
        )
        raise StripeError(403, "invalid_request_error", message, code="account_invalid")
    return as_object(row)


def is_connected(call: Call, account: str) -> bool:
    row = call.db.execute(
        "SELECT 1 FROM grants g JOIN applications a USING (client_id) "
        "WHERE a.account = ? AND g.account = ? AND g.livemode = ? AND g.active",
        (call.key_account, account, call.livemode),
    ).fetchone()
    return row is not None


def as_object(row: sqlite3.Row) -> Json:
    ready = bool(row["ready"])
    state = "active" if ready else "inactive"
    return {
        "id": row["id"],
        "object": "account",
        "business_profile": {
            "mcc": None,
            "name": row["name"],
            "product_description": None,
            "support_address": None,
            "support_email": row["email"],
            "support_phone": row["phone"],
            "support_url": None,
            "url": None,
        },
        "business_type": "company",
        "capabilities": {"card_payments": state, "sepa_debit_payments": state, "transfers": state},
        "charges_enabled": ready,
        "controller": {"type": "account"},
        "country": row["country"],
        "created": row["created"],
        "default_currency": "eur",
        "details_submitted": ready,
        "email": row["email"],
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/accounts/{row['id']}/external_accounts",
        },
        "metadata": {},
        "payouts_enabled": ready,
        "settings": settings_of(row),
        "type": "standard",
    }


def settings_of(row: sqlite3.Row) -> Json:
    return {
        "bacs_debit_payments": {"display_name": None, "service_user_number": None},
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": {
            "decline_on": {"avs_failure": False, "cvc_failure": True},
            "statement_descriptor_prefix": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": row["name"], "timezone": "Europe/Paris"},
        "payments": {
            "statement_descriptor": row["name"].upper()[:22],
            "statement_descriptor_kana": None,
            "statement_descriptor_kanji": None,
        },
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 3, "interval": "daily"},
            "statement_descriptor": None,
        },
        "sepa_debit_payments": {},
    }
