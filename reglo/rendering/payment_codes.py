"""The two QR codes of a document, as SVG: the public payment page, and a bank transfer ready to confirm (EPC069-12)."""

from decimal import Decimal
from functools import lru_cache

import segno
import segno.helpers

from reglo.money import Money
from reglo.rendering.document import TransferAccount

_EPC_LEAST = Decimal("0.01")
_EPC_MOST = Decimal("999999999.99")
_EPC_NAME = 70  # characters of the beneficiary's name that the standard keeps


@lru_cache(maxsize=64)  # One address per installation, printed on every document.
def address_code(url: str) -> str:
    """The QR of a web address."""
    return _svg(segno.make(url, error="m", micro=False))


def transfer_code(account: TransferAccount, amount: Money, reference: str) -> str | None:
    """The QR that a banking application reads; None where the standard has no room for this transfer (euros only,
    from one cent to a billion)."""
    value = amount.to_decimal()
    if amount.currency != "EUR" or not _EPC_LEAST <= value <= _EPC_MOST:
        return None
    return _svg(
        segno.helpers.make_epc_qr(
            name=account.holder[:_EPC_NAME],
            iban=account.iban,
            bic=account.bic or None,
            amount=value,
            text=reference,
            encoding="utf-8",
        )
    )


def _svg(code: segno.QRCode) -> str:
    # The quiet zone is the white paper that the page leaves around the code.
    return str(code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))
