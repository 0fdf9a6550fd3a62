"""The API's objects as rows of one table: a JSON body per object, newest last.

Keys of a body that begin with an underscore are ours and never leave the sandbox.
"""

import json
import sqlite3
from typing import Any

Json = dict[str, Any]


def add(db: sqlite3.Connection, account: str, livemode: bool, body: Json) -> Json:
    db.execute(
        "INSERT INTO objects (id, account, livemode, kind, created, body) VALUES (?, ?, ?, ?, ?, ?)",
        (body["id"], account, livemode, body["object"], body["created"], json.dumps(body)),
    )
    return body


def save(db: sqlite3.Connection, body: Json) -> Json:
    db.execute("UPDATE objects SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
    return body


def remove(db: sqlite3.Connection, name: str) -> None:
    db.execute("DELETE FROM objects WHERE id = ?", (name,))


def find(db: sqlite3.Connection, name: str, *, account: str, livemode: bool, kind: str | None = None) -> Json | None:
    """One object as this account and mode sees it, else None."""
    row = db.execute(
        "SELECT kind, body FROM objects WHERE id = ? AND account = ? AND livemode = ?", (name, account, livemode)
    ).fetchone()
    if row is None or (kind is not None and row["kind"] != kind):
        return None
    body: Json = json.loads(row["body"])
    return body


def owner(db: sqlite3.Connection, name: str) -> tuple[str, bool] | None:
    """The account and mode an object belongs to, for pages that are reached by the object's name alone."""
    row = db.execute("SELECT account, livemode FROM objects WHERE id = ?", (name,)).fetchone()
    return (row["account"], bool(row["livemode"])) if row else None


def every(db: sqlite3.Connection, kind: str, *, account: str, livemode: bool, **where: Any) -> list[Json]:
    """All objects of a kind, newest first; `where` compares fields at the top of the body."""
    clause = "".join(f" AND json_extract(body, '$.{name}') = ?" for name in where)
    rows = db.execute(
        f"SELECT body FROM objects WHERE account = ? AND livemode = ? AND kind = ?{clause} ORDER BY seq DESC",  # noqa: S608 (names of our own)
        (account, livemode, kind, *where.values()),
    ).fetchall()
    return [json.loads(row["body"]) for row in rows]


def public(body: Any) -> Any:
    """The same without what is ours."""
    if isinstance(body, dict):
        return {key: public(value) for key, value in body.items() if not key.startswith("_")}
    if isinstance(body, list):
        return [public(value) for value in body]
    return body
