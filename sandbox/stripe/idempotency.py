"""Idempotency keys: the first answer is kept and given again, if the same thing is asked."""

import json
import threading
from dataclasses import dataclass
from typing import Any

from sandbox.stripe.calls import Call
from sandbox.stripe.errors import StripeError, invalid

KEPT_FOR = 24 * 3600
LONGEST = 255


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    request_id: str


class Desk:
    """Who is being served right now: a second request with the same key meanwhile is turned away."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: set[tuple[str, str]] = set()

    def enter(self, account: str, key: str) -> None:
        if len(key) > LONGEST:
            raise invalid(f"Idempotency keys may have up to {LONGEST} characters.")
        with self._lock:
            if (account, key) in self._busy:
                message = (
                    "There is currently another in-progress request using this Idempotent Key (that probably means you "
                    f"submitted twice, and the other request is still going through): {key}. Please try again later."
                )
                raise StripeError(409, "invalid_request_error", message, code="idempotency_key_in_use")
            self._busy.add((account, key))

    def leave(self, account: str, key: str) -> None:
        with self._lock:
            self._busy.discard((account, key))


def first_answer(call: Call, path: str, given: dict[str, Any]) -> Answer | None:
    """The kept answer, or None for a new key. Raises where the key was used for something else."""
    row = call.db.execute(
        "SELECT * FROM first_answers WHERE account = ? AND livemode = ? AND key = ? AND created > ?",
        (call.account, call.livemode, call.idempotency_key, call.now - KEPT_FOR),
    ).fetchone()
    if row is None:
        return None
    key = call.idempotency_key
    if row["path"] != path:
        message = (
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{path}' vs '{row['path']}'). Try using a key other than '{key}' if you meant to execute a different "
            "request."
        )
        raise StripeError(400, "idempotency_error", message)
    if row["parameters"] != canonical(given):
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
        raise StripeError(400, "idempotency_error", message)
    return Answer(row["status"], row["body"], row["request_id"])


def keep(call: Call, path: str, given: dict[str, Any], answer: Answer) -> None:
    call.db.execute(
        "INSERT OR REPLACE INTO first_answers "
        "(account, livemode, key, request_id, path, parameters, status, body, created) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            call.account,
            call.livemode,
            call.idempotency_key,
            answer.request_id,
            path,
            canonical(given),
            answer.status,
            answer.body,
            call.now,
        ),
    )


def canonical(given: dict[str, Any]) -> str:
    return json.dumps(given, sort_keys=True)
