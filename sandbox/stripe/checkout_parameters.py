"""What a Checkout Session may be created with."""

from sandbox.stripe.parameters import (
    PAGING,
    SHIPPING,
    Boolean,
    Choice,
    Currency,
    Email,
    Field,
    Group,
    Integer,
    Many,
    Metadata,
    Text,
    Url,
)

METHOD_TYPES = Many(Choice(("card", "sepa_debit")))
PRODUCT = Group(
    {
        "name": Text(required=True),
        "description": Text(),
        "images": Many(Text(), most=8),
        "metadata": Metadata(),
        "tax_code": Text(),
        "unit_label": Text(),
    }
)
PRICE = Group(
    {
        "currency": Currency(required=True),
        "product": Text(),
        "product_data": PRODUCT,
        "tax_behavior": Choice(("exclusive", "inclusive", "unspecified")),
        "unit_amount": Integer(required=True, least=0),
    }
)
LINE = Group({"price": Text(), "price_data": PRICE, "quantity": Integer(least=1), "metadata": Metadata()})
INTENT_DATA = Group(
    {
        "capture_method": Choice(("automatic", "automatic_async")),
        "description": Text(longest=1000),
        "metadata": Metadata(),
        "receipt_email": Email(),
        "setup_future_usage": Choice(("off_session", "on_session")),
        "shipping": SHIPPING,
        "statement_descriptor": Text(longest=22),
        "statement_descriptor_suffix": Text(longest=22),
        "transfer_group": Text(),
    }
)
MESSAGE = Group({"message": Text(required=True, longest=1200)})
LOCALES = ("auto", "de", "en", "en-GB", "es", "fr", "fr-CA", "it", "nl", "pt")

CREATE: dict[str, Field] = {
    "adaptive_pricing": Group({"enabled": Boolean()}),
    "allow_promotion_codes": Boolean(),
    "allowed_payment_method_types": METHOD_TYPES,
    "billing_address_collection": Choice(("auto", "required")),
    "cancel_url": Url(),
    "client_reference_id": Text(longest=200),
    "currency": Currency(),
    "custom_text": Group({"submit": MESSAGE, "after_submit": MESSAGE}),
    "customer": Text(),
    "customer_creation": Choice(("always", "if_required")),
    "customer_email": Email(),
    "excluded_payment_method_types": METHOD_TYPES,
    "expires_at": Integer(),
    "integration_identifier": Text(longest=200),
    "line_items": Many(LINE),
    "locale": Choice(LOCALES),
    "metadata": Metadata(),
    "mode": Choice(("payment", "setup", "subscription"), required=True),
    "payment_intent_data": INTENT_DATA,
    "payment_method_types": METHOD_TYPES,
    "phone_number_collection": Group({"enabled": Boolean(required=True)}),
    "submit_type": Choice(("auto", "book", "donate", "pay")),
    "success_url": Url(),
    "ui_mode": Choice(("elements", "embedded_page", "form", "hosted_page")),
}
UPDATE: dict[str, Field] = {"metadata": Metadata()}
LIST: dict[str, Field] = {
    **PAGING,
    "customer": Text(),
    "payment_intent": Text(),
    "status": Choice(("open", "complete", "expired")),
}
CONFIRM: dict[str, Field] = {
    "payment_method": Text(required=True),
    "expected_amount": Integer(),
    "eid": Text(),
    "key": Text(),
}
