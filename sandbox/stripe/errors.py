"""Errors in the exact shape the API answers them."""

from typing import Any


class StripeError(Exception):
    """An answer that is not a success: HTTP `status` and the fields of its `error` object."""

    def __init__(self, status: int, kind: str, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.status = status
        self.fields: dict[str, Any] = {"type": kind, "message": message}
        self.fields.update({name: value for name, value in fields.items() if value is not None})
        if code := fields.get("code"):
            self.fields["doc_url"] = f"https://stripe.com/docs/error-codes/{str(code).replace('_', '-')}"

    def body(self, request_id: str) -> dict[str, Any]:
        log = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": {**self.fields, "request_log_url": log}}


def invalid(message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> StripeError:
    return StripeError(status, "invalid_request_error", message, param=param, code=code)


#: Kinds whose messages do not use the kind's own name.
NOUNS = {
    "balance_transaction": "balance transaction",
    "payment_method": "PaymentMethod",
    "webhook_endpoint": "webhook endpoint",
}


def missing(kind: str, name: str, *, param: str, status: int = 404) -> StripeError:
    """No such object: 404 for the object of the URL, 400 for one that a parameter names."""
    return invalid(f"No such {NOUNS.get(kind, kind)}: '{name}'", param=param, code="resource_missing", status=status)


def card_error(message: str, code: str, *, decline_code: str | None = None, **fields: Any) -> StripeError:
    return StripeError(402, "card_error", message, code=code, decline_code=decline_code, **fields)
