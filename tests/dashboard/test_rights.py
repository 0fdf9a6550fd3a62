"""Who may do what in the daily work, route by route: read, then write."""

import pytest
from django.test import Client
from django.urls import URLPattern

from reglo.companies.permissions import Right
from reglo.dashboard import work_urls
from reglo.dashboard.access import access_of

EXPECTED = {
    Right.READ: {
        "invoices",
        "invoice",
        "invoice_page",
        "invoice_preview",
        "invoice_preview_pages",
        "invoice_pdf",
        "invoice_duplicate",
        "customers",
        "customer",
        "products",
        "collections",
    },
    Right.READ_MONEY: {"collections_month", "collections_month_file", "ledger", "ledger_balance"},
    Right.WRITE: {
        "invoice_new",
        "invoice_edit",
        "invoice_customer",
        "invoice_discard",
        "invoice_restore",
        "invoice_check",
        "customer_new",
        "customer_in_dialog",
        "customer_choices",
        "customer_edit",
        "customer_archive",
        "customer_restore",
        "product_new",
        "product_suggestions",
        "product_edit",
        "product_archive",
        "product_restore",
    },
    Right.SEND: {"invoice_send", "invoice_mail_preview", "invoice_link", "invoice_pay_now"},
    Right.FINALISE: {"invoice_issue"},
    Right.COLLECT: {"collection_new", "collection_undo"},
    Right.SETTINGS: {"settings_mail", "settings_mail_try", "retry"},
}


def routes() -> list[URLPattern]:
    return [route for route in work_urls.urlpatterns if isinstance(route, URLPattern)]


def test_each_route_wants_its_right() -> None:
    found: dict[Right, set[str]] = {}
    for route in routes():
        access = access_of(route.callback)
        assert access is not None, route.name
        assert access.read is not None, route.name
        assert access.read == access.write, route.name
        found.setdefault(access.read, set()).add(str(route.name))
    assert found == EXPECTED


@pytest.mark.django_db
@pytest.mark.parametrize("route", routes(), ids=lambda route: str(route.name))
def test_nobody_is_sent_to_sign_in(route: URLPattern) -> None:
    path = str(route.pattern)
    for converter, value in (("<int:number>", "1"), ("<uuid:payment_id>", "0" * 8 + "-0000-4000-8000-" + "0" * 12)):
        path = path.replace(converter, value)
    for name in ("invoice_id", "customer_id", "product_id", "reaction_id"):
        path = path.replace(f"<int:{name}>", "1")
    for answer in (Client().get(f"/{path}"), Client().post(f"/{path}")):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/compte/")
