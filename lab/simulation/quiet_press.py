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


def _draw(**data: Any) -> str:
    return hashlib.sha256(repr(sorted(data.items())).encode()).hexdigest()


@contextmanager
def in_charge() -> Iterator[None]:
    with (
        mock.patch("reglo.rendering.typesetting._compile_pdf", _print),
        mock.patch("segno.helpers.make_epc_qr", _draw),
        mock.patch("reglo.rendering.payment_codes._svg", "<svg>{}</svg>".format),
    ):
        yield
