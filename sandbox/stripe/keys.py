"""API keys: secret ones that may do all, restricted ones that may do what was ticked."""

import json
import sqlite3
from dataclasses import dataclass

from sandbox.stripe.errors import StripeError, invalid
from sandbox.stripe.ids import new_id, token

#: What a restricted key can be given, in the words of the key page, and the API's own name for it.
RESOURCES = {
    "accounts_kyc_basic": "Compte (identité et coordonnées)",
    "balance": "Solde",
    "balance_transaction_source": "Sources des opérations sur solde",
    "charge": "Paiements et remboursements",
    "checkout_session": "Sessions Checkout",
    "customer": "Clients",
    "dispute": "Litiges",
    "event": "Événements",
    "invoice": "Factures Stripe",
    "payment_intent": "PaymentIntents",
    "payment_method": "Moyens de paiement",
    "payout": "Virements",
    "plan": "Tarifs",
    "product": "Produits",
    "setup_intent": "SetupIntents",
    "webhook": "Points de terminaison webhook",
}


@dataclass(frozen=True)
class ApiKey:
    id: str
    account: str
    secret: str
    name: str
    livemode: bool
    #: None: a secret key, which may do all. Else names such as "rak_charge_read".
    permissions: frozenset[str] | None
    revoked: bool
    created: int

    @property
    def masked(self) -> str:
        return mask(self.secret)

    def allows(self, permission: str) -> bool:
        """`permission` is e.g. "charge_read"; write includes read."""
        if self.permissions is None:
            return True
        resource, _, verb = permission.rpartition("_")
        granted = {f"rak_{resource}_write"} if verb == "write" else {f"rak_{resource}_write", f"rak_{resource}_read"}
        return bool(granted & self.permissions)


def mask(secret: str) -> str:
    """The first 8 and last 4 characters, as the API's messages show a key."""
    return f"{secret[:8]}{'*' * max(len(secret) - 12, 4)}{secret[-4:]}"


def from_row(row: sqlite3.Row) -> ApiKey:
    permissions = None if row["permissions"] is None else frozenset(json.loads(row["permissions"]))
    return ApiKey(
        id=row["id"], account=row["account"], secret=row["secret"], name=row["name"], livemode=bool(row["livemode"]),
        permissions=permissions, revoked=bool(row["revoked"]), created=row["created"],
    )  # fmt: skip


def create(
    db: sqlite3.Connection,
    *,
    account: str,
    name: str,
    livemode: bool,
    permissions: frozenset[str] | None,
    now: int,
    secret: str | None = None,
) -> ApiKey:
    """A new key; `permissions` None makes a secret key. `secret` fixes its text, for the seeded ones."""
    kind = "sk" if permissions is None else "rk"
    text = secret or f"{kind}_{'live' if livemode else 'test'}_51{token(96)}"
    key = ApiKey(new_id("mk"), account, text, name, livemode, permissions, False, now)
    listed = None if permissions is None else json.dumps(sorted(permissions))
    db.execute(
        "INSERT INTO api_keys (id, account, secret, name, livemode, permissions, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key.id, account, text, name, livemode, listed, now),
    )
    return key


def of_account(db: sqlite3.Connection, account: str) -> list[ApiKey]:
    rows = db.execute("SELECT * FROM api_keys WHERE account = ? ORDER BY created, rowid", (account,)).fetchall()
    return [from_row(row) for row in rows]


def find(db: sqlite3.Connection, name: str) -> ApiKey | None:
    """A key by its id or its secret."""
    row = db.execute("SELECT * FROM api_keys WHERE id = ? OR secret = ?", (name, name)).fetchone()
    return from_row(row) if row else None


def revoke(db: sqlite3.Connection, key: ApiKey) -> None:
    db.execute("UPDATE api_keys SET revoked = 1 WHERE id = ?", (key.id,))


def set_permissions(db: sqlite3.Connection, key: ApiKey, permissions: frozenset[str]) -> None:
    db.execute("UPDATE api_keys SET permissions = ? WHERE id = ?", (json.dumps(sorted(permissions)), key.id))


def authenticate(db: sqlite3.Connection, secret: str | None) -> ApiKey:
    """Raises 401 in the API's shape for a missing, unknown or revoked key."""
    if not secret:
        message = (
            "You did not provide an API key. You need to provide your API key in the Authorization header, using "
            "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
            "https://stripe.com/docs/api#authentication for details."
        )
        raise invalid(message, status=401)
    row = db.execute("SELECT * FROM api_keys WHERE secret = ?", (secret,)).fetchone()
    if row is None:
        raise invalid(f"Invalid API Key provided: {mask(secret)}", status=401)
    key = from_row(row)
    if key.revoked:
        raise invalid(f"Expired API Key provided: {key.masked}", code="api_key_expired", status=401)
    return key


def require(key: ApiKey, permission: str | None) -> None:
    """Raises 403 in the API's shape. `permission` None: any key will do; "secret": restricted keys never."""
    if permission is None or key.allows(permission):
        return
    message = (
        f"The provided key '{key.masked}' does not have the required permissions for this endpoint on account "
        f"'{key.account}'. Having the 'rak_{permission}' permission would allow this request to continue."
    )
    raise StripeError(403, "invalid_request_error", message)
