"""Stand-ins of the typesetter and of the QR drawer: the same data gives the same bytes, at once.

Both are pure functions of libraries, tested by the suite; drawing them would take a third of a schedule's time.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest import mock


def _print(template: str, data: dict[str, Any], made_at: datetime, *, pretty: bool) -> bytes:
    sheet = json.dumps([template, data, made_at.isoformat()], sort_keys=True, default=str)
    return b"%PDF-lab " + hashlib.sha256(sheet.encode()).hexdigest().encode()


def _code(*data: Any) -> str:
    return f"<!-- {len(data)} -->"


@contextmanager
def in_charge() -> Iterator[None]:
    with (
        mock.patch("reglo.rendering.typesetting._compile_pdf", _print),
        mock.patch("reglo.portal.invoice_page.transfer_code", _code),
    ):
        yield
