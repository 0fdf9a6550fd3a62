"""What a browser posts from the editor."""

from typing import Any

from reglo.customers.models import Customer
from reglo.invoicing.models import Invoice

LINE = {
    "description": "Pose de luminaires",
    "nature": "services",
    "quantity": "1",
    "unit": "",
    "unit_price": "100",
    "discount": "",
    "vat_rate": "20",
}


def typed_draft(
    *lines: dict[str, str], customer: Customer | None = None, invoice: Invoice | None = None, **head: Any
) -> dict[str, Any]:
    """The form with these lines (each completed by `LINE`), on top of a draft or of nothing."""
    posted: dict[str, Any] = {
        "invoice": invoice.pk if invoice else "",
        "revision": invoice.revision if invoice else 0,
        "customer": customer.pk if customer else "",
        "prices_include_vat": "",
        "supply_date": "",
        "order_reference": "",
        "due_days": "30",
        "card_limit": "",
        "mention": "",
        "exemption_reason": "",
        "delivery_address": "",
        "delivery_postal_code": "",
        "delivery_city": "",
        "delivery_country": "",
        "lines-TOTAL_FORMS": len(lines),
        "lines-INITIAL_FORMS": 0,
        **head,
    }
    for index, line in enumerate(lines):
        posted |= {f"lines-{index}-{name}": value for name, value in (LINE | line).items()}
    return posted
