"""Every address of the API: method, path, what it does, which permission it needs, what it may carry."""

from collections.abc import Callable
from dataclasses import dataclass, field

from werkzeug.routing import Map, Rule

from sandbox.stripe import (
    accounts,
    balance_transactions,
    charges,
    checkout_parameters,
    checkout_sessions,
    customers,
    disputes,
    events,
    invoice_payments,
    payment_intents,
    payment_methods,
    payment_pages,
    payouts,
    prices,
    products,
    refunds,
    setup_intents,
    webhook_endpoints,
)
from sandbox.stripe.objects import Json
from sandbox.stripe.parameters import Field


@dataclass(frozen=True, eq=False)
class Route:
    method: str
    path: str
    verb: Callable[..., Json]
    permission: str
    fields: dict[str, Field] = field(default_factory=dict)


R = Route
BALANCE = "balance_transaction_source_read"
ROUTES = [
    R("GET", "/v1/account", accounts.retrieve, "accounts_kyc_basic_read"),
    R("GET", "/v1/accounts/<name>", accounts.retrieve, "accounts_kyc_basic_read"),
    R("GET", "/v1/balance", balance_transactions.balance, "balance_read"),
    R("GET", "/v1/balance_transactions", balance_transactions.all_movements, BALANCE, balance_transactions.LIST),
    R("GET", "/v1/balance_transactions/<name>", balance_transactions.retrieve, BALANCE),
    R("GET", "/v1/charges", charges.all_charges, "charge_read", charges.LIST),
    R("GET", "/v1/charges/<name>", charges.retrieve, "charge_read"),
    R("POST", "/v1/charges/<name>", charges.update, "charge_write", charges.UPDATE),
    R(
        "GET",
        "/v1/checkout/sessions",
        checkout_sessions.all_sessions,
        "checkout_session_read",
        checkout_parameters.LIST,
    ),
    R("POST", "/v1/checkout/sessions", checkout_sessions.create, "checkout_session_write", checkout_parameters.CREATE),
    R("GET", "/v1/checkout/sessions/<name>", checkout_sessions.retrieve, "checkout_session_read"),
    R(
        "POST",
        "/v1/checkout/sessions/<name>",
        checkout_sessions.update,
        "checkout_session_write",
        checkout_parameters.UPDATE,
    ),
    R("POST", "/v1/checkout/sessions/<name>/expire", checkout_sessions.expire, "checkout_session_write"),
    R(
        "GET",
        "/v1/checkout/sessions/<name>/line_items",
        checkout_sessions.lines_of,
        "checkout_session_read",
        checkout_parameters.LIST,
    ),
    R("GET", "/v1/customers", customers.all_customers, "customer_read", customers.LIST),
    R("POST", "/v1/customers", customers.create, "customer_write", customers.CREATE),
    R("GET", "/v1/customers/<name>", customers.retrieve, "customer_read"),
    R("POST", "/v1/customers/<name>", customers.update, "customer_write", customers.UPDATE),
    R("DELETE", "/v1/customers/<name>", customers.delete, "customer_write"),
    R("GET", "/v1/disputes", disputes.all_disputes, "dispute_read", disputes.LIST),
    R("GET", "/v1/disputes/<name>", disputes.retrieve, "dispute_read"),
    R("POST", "/v1/disputes/<name>", disputes.update, "dispute_write", disputes.UPDATE),
    R("POST", "/v1/disputes/<name>/close", disputes.close, "dispute_write"),
    R("GET", "/v1/events", events.all_events, "event_read", events.LIST),
    R("GET", "/v1/events/<name>", events.retrieve, "event_read"),
    R("GET", "/v1/invoice_payments", invoice_payments.all_payments, "invoice_read", invoice_payments.LIST),
    R("GET", "/v1/payment_intents", payment_intents.all_intents, "payment_intent_read", payment_intents.LIST),
    R("POST", "/v1/payment_intents", payment_intents.create, "payment_intent_write", payment_intents.CREATE),
    R("GET", "/v1/payment_intents/<name>", payment_intents.retrieve, "payment_intent_read"),
    R("POST", "/v1/payment_intents/<name>", payment_intents.update, "payment_intent_write", payment_intents.UPDATE),
    R(
        "POST",
        "/v1/payment_intents/<name>/cancel",
        payment_intents.cancel,
        "payment_intent_write",
        payment_intents.CANCEL,
    ),
    R(
        "POST",
        "/v1/payment_intents/<name>/confirm",
        payment_intents.confirm,
        "payment_intent_write",
        payment_intents.CONFIRM,
    ),
    R("POST", "/v1/payment_methods", payment_methods.create, "payment_method_write", payment_methods.CREATE),
    R("GET", "/v1/payment_methods/<name>", payment_methods.retrieve, "payment_method_read"),
    R(
        "POST",
        "/v1/payment_methods/<name>/attach",
        payment_methods.attach,
        "payment_method_write",
        payment_methods.ATTACH,
    ),
    R("POST", "/v1/payment_methods/<name>/detach", payment_methods.detach, "payment_method_write"),
    R("GET", "/v1/payment_pages/<name>", payment_pages.retrieve, "checkout_session_write"),
    R(
        "POST",
        "/v1/payment_pages/<name>/confirm",
        payment_pages.confirm,
        "checkout_session_write",
        checkout_parameters.CONFIRM,
    ),
    R("GET", "/v1/payouts", payouts.all_payouts, "payout_read", payouts.LIST),
    R("POST", "/v1/payouts", payouts.create, "payout_write", payouts.CREATE),
    R("GET", "/v1/payouts/<name>", payouts.retrieve, "payout_read"),
    R("POST", "/v1/payouts/<name>", payouts.update, "payout_write", payouts.UPDATE),
    R("POST", "/v1/payouts/<name>/cancel", payouts.cancel, "payout_write"),
    R("GET", "/v1/prices", prices.all_prices, "plan_read", prices.LIST),
    R("POST", "/v1/prices", prices.create, "plan_write", prices.CREATE),
    R("GET", "/v1/prices/<name>", prices.retrieve, "plan_read"),
    R("GET", "/v1/products", products.all_products, "product_read", products.LIST),
    R("POST", "/v1/products", products.create, "product_write", products.CREATE),
    R("GET", "/v1/products/<name>", products.retrieve, "product_read"),
    R("GET", "/v1/refunds", refunds.all_refunds, "charge_read", refunds.LIST),
    R("POST", "/v1/refunds", refunds.create, "charge_write", refunds.CREATE),
    R("GET", "/v1/refunds/<name>", refunds.retrieve, "charge_read"),
    R("POST", "/v1/refunds/<name>", refunds.update, "charge_write", refunds.UPDATE),
    R("GET", "/v1/setup_intents", setup_intents.all_intents, "setup_intent_read", setup_intents.LIST),
    R("POST", "/v1/setup_intents", setup_intents.create, "setup_intent_write", setup_intents.CREATE),
    R("GET", "/v1/setup_intents/<name>", setup_intents.retrieve, "setup_intent_read"),
    R("POST", "/v1/setup_intents/<name>/cancel", setup_intents.cancel, "setup_intent_write", setup_intents.CANCEL),
    R("POST", "/v1/setup_intents/<name>/confirm", setup_intents.confirm, "setup_intent_write", setup_intents.CONFIRM),
    R("GET", "/v1/webhook_endpoints", webhook_endpoints.all_endpoints, "webhook_read", webhook_endpoints.LIST),
    R("POST", "/v1/webhook_endpoints", webhook_endpoints.create, "webhook_write", webhook_endpoints.CREATE),
    R("GET", "/v1/webhook_endpoints/<name>", webhook_endpoints.retrieve, "webhook_read"),
    R("POST", "/v1/webhook_endpoints/<name>", webhook_endpoints.update, "webhook_write", webhook_endpoints.UPDATE),
    R("DELETE", "/v1/webhook_endpoints/<name>", webhook_endpoints.delete, "webhook_write"),
]

URL_MAP = Map([Rule(route.path, methods=[route.method], endpoint=route) for route in ROUTES])
