"""The SDK's HTTP client with a customs officer: every request and every answer is checked on its way."""

import json
from collections.abc import Mapping
from typing import Any, cast

from stripe import HTTPClient, RequestsClient

from tests.contracts.stripe.answers import problems
from tests.contracts.stripe.requests import check_request
from tests.contracts.stripe.strict_types import WireViolation


class CheckedWire(HTTPClient):
    """Give it to `StripeClient(http_client=…)`. Raises WireViolation, which is no error of Stripe's and so passes every handler."""

    name = "checked"

    def __init__(self, timeout: float = 10) -> None:
        super().__init__()
        self._inner = RequestsClient(timeout=timeout)
        #: (method, path with query, status) of everything that passed, in order.
        self.passed: list[tuple[str, str, int]] = []

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        check_request(method, url, post_data)
        content, status, answered = self._inner.request(method, url, headers, post_data)
        check_answer(content, status)
        self.passed.append((method, url.split("/", 3)[3], status))
        # The SDK declares text and reads either.
        return cast(str, content), status, answered

    def close(self) -> None:
        self._inner.close()


def check_answer(content: bytes | str, status: int) -> None:
    """Raises WireViolation for a success that is not as the SDK's classes say, or a failure without its error object."""
    body = json.loads(content)
    if status >= 400:
        if "error" not in body:
            raise WireViolation(f"an answer of status {status} without error object")
        return
    if found := problems(body):
        raise WireViolation("\n".join(found))
