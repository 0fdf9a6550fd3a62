"""What the world holds before anybody clicked: a seller with well-known test keys, a foreign one, a platform."""

import sqlite3

from sandbox.stripe import accounts, keys

SELLER = "acct_1SandboxLumen"
SELLER_SECRET_KEY = "sk_test_sandbox_lumen_51AtelierLumenNotARealKey"  # noqa: S105 - opens nothing real
SELLER_RESTRICTED_KEY = "rk_test_sandbox_lumen_51AtelierLumenNotARealKey"
SELLER_LIVE_RESTRICTED_KEY = "rk_live_sandbox_lumen_51AtelierLumenNotARealKey"
STRANGER = "acct_1SandboxStranger"
STRANGER_RESTRICTED_KEY = "rk_test_sandbox_stranger_51NotARealKey"
PLATFORM = "acct_1SandboxPlatform"
PLATFORM_SECRET_KEY = "sk_test_sandbox_platform_51NotARealKey"  # noqa: S105 - opens nothing real
PLATFORM_CLIENT_ID = "ca_sandbox_platform"

ALL_PERMISSIONS = frozenset(f"rak_{resource}_write" for resource in keys.RESOURCES)


def seed(db: sqlite3.Connection, now: int) -> None:
    """Done once; a second call changes nothing."""
    if accounts.find(db, SELLER):
        return
    sellers = [
        (SELLER, "Atelier Lumen", "bonjour@atelier-lumen.example"),
        (STRANGER, "Boulangerie Martin", "contact@boulangerie-martin.example"),
        (PLATFORM, "Plateforme de démonstration", "plateforme@demo.example"),
    ]
    for account, name, email in sellers:
        accounts.create(db, name=name, email=email, now=now, account=account)
        accounts.confirm_code(db, account, accounts.send_code(db, account, "+33 6 12 34 56 78"))
    known = [
        (SELLER, SELLER_SECRET_KEY, False, None),
        (SELLER, SELLER_RESTRICTED_KEY, False, ALL_PERMISSIONS),
        (SELLER, SELLER_LIVE_RESTRICTED_KEY, True, ALL_PERMISSIONS),
        (STRANGER, STRANGER_RESTRICTED_KEY, False, ALL_PERMISSIONS),
        (PLATFORM, PLATFORM_SECRET_KEY, False, None),
    ]
    for account, secret, livemode, permissions in known:
        keys.create(
            db,
            account=account,
            name="Clé de démonstration",
            livemode=livemode,
            permissions=permissions,
            now=now,
            secret=secret,
        )
    db.execute(
        "INSERT INTO applications (client_id, account, name) VALUES (?, ?, ?)",
        (PLATFORM_CLIENT_ID, PLATFORM, "Plateforme de démonstration"),
    )
