"""A form that also posts what it does not show: the company, the status, the number, the role… changes no more for it."""

from typing import Any

import pytest

from reglo.catalog.models import Product
from reglo.companies.models import Company, Invitation, Membership, User, VatRegimePeriod
from reglo.customers.models import Customer
from reglo.delivery.models import MailSettings, Message
from reglo.invoicing.models import Invoice, InvoiceLine, Settlement
from reglo.ledger.models import EntryLine
from reglo.payments.models import Allocation, Payment, ProviderAccount
from tests.dashboard.typing_a_draft import typed_draft
from tests.doors.conftest import Visitor
from tests.harness.full_house import FullHouse
from tests.harness.rows import taken_back

MODELS = (
    *(Company, Customer, Product, Invoice, InvoiceLine, Settlement, Membership, User, Invitation, MailSettings),
    *(Message, Payment, Allocation, EntryLine, ProviderAccount, VatRegimePeriod),
)
# Values that differ from one run to the next.
BY_CHANCE = {
    "id",
    "token_hash",
    "sealed_password",
    "sealed_token",
    "password",
    "invoice",
    "payment",
    "customer",
    "entry",
    "link",
}
# Every column of ours, with a value that would matter. The names that a form itself shows are left to it.
MATTERS = {
    "id": "1",
    "pk": "1",
    "company": "2",
    "company_id": "2",
    "owner": "2",
    "user": "1",
    "user_id": "1",
    "actor_id": "1",
    "status": "issued",
    "state": "paid",
    "number": "F2026-0999",
    "sequence": "999",
    "issue_date": "2020-01-01",
    "practice": "",
    "is_active": "1",
    "is_staff": "1",
    "is_superuser": "1",
    "left_at": "2026-01-01",
    "joined_at": "2020-01-01",
    "gross_minor": "1",
    "net_minor": "1",
    "vat_minor": "1",
    "amount_minor": "1",
    "settled_minor": "99999",
    "currency": "USD",
    "created_at": "2020-01-01",
    "archived_at": "2020-01-01",
    "discarded_at": "2020-01-01",
    "mode": "live",
    "external_id": "acct_evil",
    "sealed_secrets": "x",
    "token_hash": "x",
    "logo": "x",
    "logo_id": "x",
    "frozen": "{}",
    "hash": "x",
    "reverses": "1",
    "fee_minor": "0",
    "recorded_by": "1",
    "expires_at": "2099-01-01",
    "may_found": "1",
    "iban_verified": "1",
    "tested_at": "2026-01-01",
    "subject_id": "1",
    "mandate": "1",
}
CUSTOMER = {"kind": "consumer", "name": "Nouveau nom", "country": "FR"}
PRODUCT = {"description": "Autre pose", "nature": "services", "unit_price": "10", "vat_rate": "20"}
COMPANY = {
    "name": "Atelier Lumen",
    "legal_form": "sarl",
    "siren": "732829320",
    "time_zone": "Europe/Paris",
    "address": "12 rue des Carmes",
    "postal_code": "69001",
    "city": "Lyon",
    "email": "a@b.fr",
}
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "dashboard:customer_new": ("member", CUSTOMER),
    "dashboard:customer_edit": ("member", CUSTOMER),
    "dashboard:customer_in_dialog": ("member", CUSTOMER),
    "dashboard:product_new": ("member", PRODUCT),
    "dashboard:product_edit": ("member", PRODUCT),
    "dashboard:invoice_new": ("member", typed_draft({})),
    "dashboard:account": ("member", {"name": "Autre nom"}),
    "dashboard:collection_new": (
        "owner",
        {
            "payment_id": "5b0ff1f6-18c1-4a2e-8a1e-2f9b9a6f4a11",
            "amount": "10",
            "method": "transfer",
            "collected_on": "2026-11-22",
        },
    ),
    "dashboard:invite": ("owner", {"email": "autre@exemple.test", "role": "accountant"}),
    "dashboard:member": ("owner", {"role": "member"}),
    "dashboard:settings_company": ("owner", COMPANY),
    "dashboard:settings_bank": ("owner", {"account_holder": "Lumen"}),
    "dashboard:settings_billing": ("owner", {"due_days": "45"}),
    "dashboard:settings_trades": ("owner", {"trades": "building", "insurance": "Mutuelle"}),
    "dashboard:settings_vat": ("owner", {"regime": "quarterly", "since": "2027-01-01"}),
    "dashboard:settings_vat_habits": ("owner", {"vat_territory": "corsica"}),
    "dashboard:settings_documents": ("owner", {"card_limit": "500"}),
    "dashboard:settings_receiving": ("owner", {"receiving_platform": "Plateforme"}),
    "dashboard:settings_mail": (
        "owner",
        {"host": "localhost", "port": "25", "security": "none", "from_address": "a@b.fr"},
    ),
}


def stored() -> dict[str, list[dict[str, Any]]]:
    return {
        model._meta.label: list(
            model._default_manager.order_by("pk").values(
                *(f.attname for f in model._meta.concrete_fields if f.name not in BY_CHANCE and not f.primary_key)
            )
        )
        for model in MODELS
    }


@pytest.mark.parametrize("name", FORMS)
def test_what_a_form_does_not_show_it_does_not_take(house: FullHouse, name: str, settings: Any):
    settings.INTERNAL_MAIL_SERVERS = frozenset({"localhost"})
    who, fields = FORMS[name]
    visitor = Visitor(house.browser(who))
    parameters = {"dashboard:customer_edit": "customer_id", "dashboard:product_edit": "product_id"}
    parameters |= {"dashboard:collection_new": "invoice_id", "dashboard:member": "membership_id"}
    address = house.address_of(name, *([parameters[name]] if name in parameters else []))
    before, after = stored(), []
    for extra in ({}, {field: value for field, value in MATTERS.items() if field not in fields}):
        with taken_back():
            answer = visitor.post(address, {**extra, **fields})
            assert answer.status_code in {200, 302}
            after.append(stored())

    assert after[0] != before, "the form does something"
    assert after[1] == after[0]


def test_a_role_is_not_given_to_oneself(house: FullHouse):
    membership = Membership.objects.get(company=house.company, user=house.people["member"])
    client = house.browser("member")
    for address in (f"/configuration/personnes/{membership.pk}/", "/compte/", "/configuration/personnes/inviter/"):
        client.post(address, {"role": "owner", "name": "x", "email": "moi@exemple.test", "may_finalise": "on"})

    membership.refresh_from_db()
    assert (membership.role, membership.may_finalise) == ("member", False)
    assert not Invitation.objects.filter(email="moi@exemple.test").exists()


def test_an_issued_invoice_takes_nothing(house: FullHouse):
    invoice = Invoice.objects.get(pk=house.objects["invoice_id"])
    row = Invoice.objects.filter(pk=invoice.pk).values().get()
    client = house.browser("owner")
    for action in ("modifier", "supprimer", "retablir", "finaliser"):
        client.post(f"/factures/{invoice.pk}/{action}/", {**typed_draft({"unit_price": "1"}), **MATTERS})
    client.post("/factures/nouvelle/", {**typed_draft({"unit_price": "1"}), "invoice": str(invoice.pk)})

    assert Invoice.objects.filter(pk=invoice.pk).values().get() == row
